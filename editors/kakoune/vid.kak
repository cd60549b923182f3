# Films written in text, for Kakoune.
#
# Put this file and vid-syntax.kak into ~/.config/kak/autoload, or source both of them.
#
# With kakoune-lsp, the language server `vid lsp` checks, completes, formats and renames; see docs/editors.md.

declare-option -docstring 'the program that checks, previews and renders' str vid_program vid

hook global BufCreate .*\.vid %{
    set-option buffer filetype vid
}

hook global WinSetOption filetype=vid %<
    require-module vid

    set-option buffer comment_line '//'
    set-option buffer comment_block_begin '/*'
    set-option buffer comment_block_end '*/'
    set-option buffer indentwidth 2
    set-option buffer tabstop 2
    set-option window static_words %opt{vid_static_words}
    set-option window formatcmd "%opt{vid_program} fmt -"

    hook window InsertChar \n -group vid-indent vid-indent-on-new-line
    hook window InsertChar [\]\)}] -group vid-indent vid-indent-on-closing
    hook -once -always window WinSetOption filetype=.* %{ remove-hooks window vid-.+ }
>

hook -group vid-highlight global WinSetOption filetype=vid %{
    add-highlighter window/vid ref vid
    hook -once -always window WinSetOption filetype=.* %{ remove-highlighter window/vid }
}

provide-module vid %§

require-module vid-syntax

define-command -hidden vid-indent-on-new-line %< evaluate-commands -draft -itersel %<
    # As deep as the line before.
    try %< execute-keys -draft <semicolon> K <a-&> >
    # Documentation goes on.
    try %< execute-keys -draft k x s ^\h*///\h* <ret> y j gi P >
    # Deeper behind what is open, and a closing bracket right behind it goes on a line of its own.
    try %< execute-keys -draft k x <a-k> [{[(]\h*$ <ret> j <a-gt> >
    try %< execute-keys -draft k x <a-k> [{[(]\h*$ <ret> j x <a-k> ^\h*[}\])] <ret> <lt> >
> >

define-command -hidden vid-indent-on-closing %< evaluate-commands -draft -itersel %<
    # A bracket alone on its line stands as deep as the line that opened it.
    try %< execute-keys -draft <a-h> <a-k> ^\h+[}\])]$ <ret> m <a-S> 1<a-&> >
> >

# ---- what the program does --------------------------------------------------------------------

define-command vid-render -docstring 'vid-render: render the composition around the cursor' %{
    vid-with-composition %{ vid-run render "%val{buffile}" %opt{vid_chosen} --progress plain }
}

define-command vid-timeline -docstring 'vid-timeline: draw the timeline of the composition around the cursor' %{
    vid-with-composition %{ vid-run timeline "%val{buffile}" %opt{vid_chosen} -o "%val{buffile}.svg" }
}

define-command vid-frame -params 1 -docstring 'vid-frame <time>: write the frame at a time beside the source' %{
    vid-with-composition %{ vid-run frame "%val{buffile}" %opt{vid_chosen} --at %arg{1} -o "%val{buffile}.png" }
}

declare-option -hidden str-list vid_chosen

define-command -hidden vid-with-composition -params 1 %{
    write
    set-option buffer vid_chosen
    try %{
        evaluate-commands -draft %{
            execute-keys gl <a-?> ^(?:private\h+)?composition\h+\w+ <ret> <a-semicolon> s composition\h+\K\w+ <ret>
            set-option buffer vid_chosen --composition %val{selection}
        }
    }
    evaluate-commands %arg{1}
}

define-command -hidden vid-run -params .. %{
    evaluate-commands -try-client %opt{toolsclient} %sh{
        output=$(mktemp -d "${TMPDIR:-/tmp}"/kak-vid.XXXXXXXX)/fifo
        mkfifo "$output"
        ( NO_COLOR=1 "$kak_opt_vid_program" "$@" > "$output" 2>&1 & ) > /dev/null 2>&1 < /dev/null
        printf %s\\n "
            edit! -fifo '$output' -scroll *vid*
            hook -always -once buffer BufCloseFifo .* %{ nop %sh{ rm -r $(dirname '$output') } }
        "
    }
}

§
