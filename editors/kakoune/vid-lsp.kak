# The language server of .vid files for Kakoune, through kakoune-lsp 18 or newer (`kak-lsp`).
#
# In kakrc, behind `eval %sh{kak-lsp}`:
#
#   source /path/to/vid/editors/kakoune/vid-lsp.kak

hook -group lsp-filetype-vid global BufSetOption filetype=vid %{
    set-option buffer lsp_servers "
        [vid]
        root_globs = ["".git"", ""*.vid""]
        command = ""%opt{vid_program}""
        args = [""lsp""]
        # Settings of docs/lsp.md; the commands that its lenses name are other editors'.
        settings_section = ""vid""
        [vid.settings.vid]
        lenses = false
    "
}

hook -group lsp-filetype-vid global WinSetOption filetype=vid %{
    lsp-enable-window
    lsp-inlay-hints-enable window
    hook -group vid-lsp window BufWritePre .* lsp-formatting-sync
    hook -once -always window WinSetOption filetype=.* %{ remove-hooks window vid-lsp }
}
