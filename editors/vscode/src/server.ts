// The language server: its start, its settings, and what is said about it.

import * as vscode from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";
import { program } from "./program";
import { forServer } from "./settings";

/** The server of this window. */
export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly status: vscode.LanguageStatusItem;

  constructor(private readonly output: vscode.LogOutputChannel) {
    this.status = vscode.languages.createLanguageStatusItem("vid.server", { language: "vid" });
    this.status.name = "vid";
    this.status.command = { command: "vid.output", title: "Output" };
    this.say("vid: not started", vscode.LanguageStatusSeverity.Information);
    this.disposables.push(
      this.status,
      vscode.workspace.onDidChangeConfiguration(async (event) => {
        if (event.affectsConfiguration("vid.path") || event.affectsConfiguration("vid.arguments")) await this.restart();
        else if (event.affectsConfiguration("vid")) await this.sendSettings();
      }),
    );
  }

  /** Starts the server if there is a program; otherwise the author has been told. */
  async start(): Promise<void> {
    const found = program();
    if (found === undefined) {
      this.say("vid: no program", vscode.LanguageStatusSeverity.Error);
      return;
    }
    const run = { command: found.command, args: [...found.arguments, "lsp"] };
    const client = new LanguageClient("vid", "vid", run, {
      documentSelector: [
        { scheme: "file", language: "vid" },
        { scheme: "vid-std", language: "vid" },
      ],
      initializationOptions: settings(),
      outputChannel: this.output,
      // Which files matter is the server's to say: it asks for them itself.
      synchronize: {},
    });
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) this.say("vid", vscode.LanguageStatusSeverity.Information);
      if (newState === State.Starting) this.say("vid: starting", vscode.LanguageStatusSeverity.Information);
      if (newState === State.Stopped) this.say("vid: stopped", vscode.LanguageStatusSeverity.Warning);
    });
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.say("vid: failed", vscode.LanguageStatusSeverity.Error);
      void vscode.window.showErrorMessage(`The language server did not start: ${(error as Error).message}`);
    }
  }

  /** Stops the server and starts it anew. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Stops the server. */
  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // One that never ran has nothing to stop.
    await client?.dispose().catch(() => undefined);
  }

  private async sendSettings(): Promise<void> {
    if (this.client?.state !== State.Running) return;
    await this.client.sendNotification("workspace/didChangeConfiguration", { settings: { vid: settings() } });
  }

  private say(text: string, severity: vscode.LanguageStatusSeverity): void {
    this.status.text = text;
    this.status.severity = severity;
  }

  dispose(): void {
    void this.stop();
    this.disposables.forEach((disposable) => disposable.dispose());
  }
}

function settings(): Record<string, unknown> {
  const own = vscode.workspace.getConfiguration("vid");
  return forServer((name) => own.get(name));
}
