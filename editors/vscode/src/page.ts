// The page around a picture. Nothing here knows of the editor.

/** A page that shows a picture, or says why there is none. Nothing in it may run or fetch. */
export function page(title: string, body: string | undefined, problem = ""): string {
  const inside = body ?? `<pre>${escape(problem)}</pre>`;
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escape(title)}</title>
<style>
  body { margin: 0; padding: 12px; }
  img { max-width: 100%; max-height: calc(100vh - 24px); display: block; margin: 0 auto; }
  svg { height: auto; }
  pre { white-space: pre-wrap; font-family: var(--vscode-editor-font-family, monospace); }
</style>
</head>
<body>
${inside}
</body>
</html>
`;
}

/** Text as it stands in a page. */
export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
