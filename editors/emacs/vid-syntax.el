;;; vid-syntax.el --- Words and literals of .vid files -*- lexical-binding: t; -*-

;; Generated from grammar/src/vid.pest by grammar/tests/editors; do not edit.

;;; Code:

(defconst vid-syntax-font-lock-keywords
  '(("\\\\\\(?:u{[0-9A-Fa-f]*}\\|.\\)" (0 'font-lock-builtin-face prepend t))
    ("\\_<\\([[:alpha:]_][[:alnum:]_]*\\)\\_>[ 	]*:" (1 'font-lock-variable-name-face keep t))
    ("\\_<\\(and\\|at\\|by\\|else\\|for\\|if\\|in\\|let\\|not\\|or\\|through\\|under\\|until\\|with\\)\\_>" (1 'font-lock-keyword-face keep t))
    ("\\_<\\(extern\\)[ 	]+\\(element\\|enum\\|unit\\|fn\\)[ 	]+\\([[:alpha:]_][[:alnum:]_]*\\)" (1 'font-lock-keyword-face keep t) (2 'font-lock-keyword-face keep t) (3 'font-lock-function-name-face keep t))
    ("\\_<\\(composition\\|let\\|fn\\|style\\)\\_>[ 	]+\\([[:alpha:]_][[:alnum:]_]*\\)" (1 'font-lock-keyword-face keep t) (2 'font-lock-function-name-face keep t))
    ("\\_<mask[ 	]+\\(alpha\\|luma\\)[ 	]+\\([[:alpha:]_][[:alnum:]_]*\\(?:\\.[[:alpha:]_][[:alnum:]_]*\\)*\\)" (1 'font-lock-keyword-face keep t) (2 'font-lock-type-face keep t))
    ("\\(?:^\\|[{};]\\)[ 	]*\\_<\\(effect\\|enter\\|exit\\|loop\\|mask\\|motion\\|set\\|transition\\)\\_>[ 	]+\\([[:alpha:]_][[:alnum:]_]*\\(?:\\.[[:alpha:]_][[:alnum:]_]*\\)*\\)" (1 'font-lock-keyword-face keep t) (2 'font-lock-type-face keep t))
    ("\\(?:^\\|[{};]\\)[ 	]*\\_<\\(output\\)\\_>[ 	]+\\([[:alpha:]_][[:alnum:]_]*\\(?:\\.[[:alpha:]_][[:alnum:]_]*\\)*\\)" (1 'font-lock-keyword-face keep t) (2 'font-lock-type-face keep t))
    ("\\(?:^\\|[{};]\\)[ 	]*\\_<\\(marker\\|sequence\\|stack\\)\\_>[ 	]+\\([[:alpha:]_][[:alnum:]_]*\\)" (1 'font-lock-keyword-face keep t) (2 'font-lock-function-name-face keep t))
    ("\\_<for[ 	]+\\(up[ 	]+to\\|natural\\|fill\\)\\_>" (1 'font-lock-keyword-face keep t))
    ("[\"[:alnum:]_][ 	]+\\(as\\)[ 	]+[[:alpha:]_][[:alnum:]_]*" (1 'font-lock-keyword-face keep t))
    ("\\(?:^\\|[{};]\\)[ 	]*\\_<\\(composition\\|duck\\|effect\\|enter\\|exit\\|extern\\|fn\\|for\\|gap\\|if\\|import\\|let\\|loop\\|marker\\|mask\\|motion\\|output\\|private\\|sequence\\|set\\|stack\\|style\\|transition\\)\\_>" (1 'font-lock-keyword-face keep t))
    ("\\(?:^\\|[{};]\\)[ 	]*\\([[:alpha:]_][[:alnum:]_]*\\(?:\\.[[:alpha:]_][[:alnum:]_]*\\)*\\)\\(?:[ 	]+\\([[:alpha:]_][[:alnum:]_]*\\)\\)?" (1 'font-lock-type-face keep t) (2 'font-lock-function-name-face keep t))
    ("\\_<\\([[:alpha:]_][[:alnum:]_]*\\)(" (1 'font-lock-function-name-face keep t))
    ("#[[:alnum:]_]*\\_>" (0 'font-lock-constant-face keep t))
    ("\\_<\\(?:\\(?:true\\|false\\)\\_>\\)" (0 'font-lock-constant-face keep t))
    ("\\_<[0-9]+:[0-9]+:[0-9]+\\(?:\\(?::\\|\\.\\)[0-9]+\\)?" (0 'font-lock-constant-face keep t))
    ("\\_<[0-9][0-9_]*x[0-9][0-9_]*\\_>" (0 'font-lock-constant-face keep t))
    ("\\_<[0-9][0-9_]*\\(?:\\.[0-9][0-9_]*\\)?\\(?:/[0-9][0-9_]*\\)?fps\\_>" (0 'font-lock-constant-face keep t))
    ("\\_<[0-9][0-9_]*\\(?:\\.[0-9][0-9_]*\\)?\\(?:%\\|[[:alnum:]_]+\\(?:\\.[0-9][[:alnum:]_]*\\)*\\)" (0 'font-lock-constant-face keep t))
    ("\\_<[0-9][0-9_]*\\(?:\\.[0-9][0-9_]*\\)?" (0 'font-lock-constant-face keep t)))
  "What colours a text that is neither comment nor string; the first that matches counts.")

(provide 'vid-syntax)
;;; vid-syntax.el ends here
