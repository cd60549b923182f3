# Generated from grammar/src/vid.pest by grammar/tests/editors; do not edit.

provide-module vid-syntax %§

declare-option str-list vid_static_words and at by composition duck effect else enter exit extern fn for gap if import in let loop marker mask motion not or output private sequence set stack style through transition under until with

add-highlighter shared/vid regions
add-highlighter shared/vid/code default-region group
add-highlighter shared/vid/documentation region ///(?!/) $ fill documentation
add-highlighter shared/vid/line_comment region // $ fill comment
add-highlighter shared/vid/block_comment region -recurse /\* /\* \*/ fill comment
add-highlighter shared/vid/raw_string region '"""' '"""' fill string
add-highlighter shared/vid/string region '"' '(?<!\\)(?:\\\\)*"|$' group
add-highlighter shared/vid/string/ fill string
add-highlighter shared/vid/string/ regex '\\(?:u\{[0-9A-Fa-f]*\}?|.)' 0:value
add-highlighter shared/vid/code/ regex '\b([a-zA-Z_]\w*)\(' 1:function
add-highlighter shared/vid/code/ regex '(?:^|[{};])\h*([a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*)(?:\h+([a-zA-Z_]\w*))?' 1:type 2:variable
add-highlighter shared/vid/code/ regex '\b(?:[0-9][0-9_]*(?:\.[0-9][0-9_]*)?)' 0:value
add-highlighter shared/vid/code/ regex '\b(?:[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:%|\w+(?:\.[0-9]\w*)*))' 0:value
add-highlighter shared/vid/code/ regex '\b(?:[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:/[0-9][0-9_]*)?fps(?!\w))' 0:value
add-highlighter shared/vid/code/ regex '\b(?:[0-9][0-9_]*x[0-9][0-9_]*(?!\w))' 0:value
add-highlighter shared/vid/code/ regex '\b(?:[0-9]+:[0-9]+:[0-9]+(?:(?::|\.)[0-9]+)?)' 0:value
add-highlighter shared/vid/code/ regex '#\w*' 0:value
add-highlighter shared/vid/code/ regex '\b(?:(?:true|false)(?!\w))' 0:value
add-highlighter shared/vid/code/ regex '(?:^|[{};])\h*\b(composition|duck|effect|enter|exit|extern|fn|for|gap|if|import|let|loop|marker|mask|motion|output|private|sequence|set|stack|style|transition)\b' 1:keyword
add-highlighter shared/vid/code/ regex '(?:^|[{};])\h*\b(effect|enter|exit|loop|mask|motion|set|transition)\b\h+([a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*)' 1:keyword 2:type
add-highlighter shared/vid/code/ regex '(?:^|[{};])\h*\b(output)\b\h+([a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*)' 1:keyword 2:type
add-highlighter shared/vid/code/ regex '(?:^|[{};])\h*\b(marker|sequence|stack)\b\h+([a-zA-Z_]\w*)' 1:keyword 2:variable
add-highlighter shared/vid/code/ regex '\bmask\h+(alpha|luma)\h+([a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*)' 1:keyword 2:type
add-highlighter shared/vid/code/ regex '\b(composition|let|fn|style)\b\h+([a-zA-Z_]\w*)' 1:keyword 2:variable
add-highlighter shared/vid/code/ regex '\b(extern)\h+(element|enum|unit|fn)\h+([a-zA-Z_]\w*)' 1:keyword 2:keyword 3:variable
add-highlighter shared/vid/code/ regex '\bfor\h+(up\h+to|natural|fill)\b' 1:keyword
add-highlighter shared/vid/code/ regex '\w\h+(as)\h+[a-zA-Z_]\w*' 1:keyword
add-highlighter shared/vid/code/ regex '^import.*\h(as)\b' 1:keyword
add-highlighter shared/vid/code/ regex '\b(and|at|by|else|for|if|in|let|not|or|through|under|until|with)\b' 1:keyword
add-highlighter shared/vid/code/ regex '\b([a-zA-Z_]\w*)\h*:' 1:attribute

§
