;;; vid-mode.el --- Films written in text -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; Keywords: languages, multimedia
;; URL: https://github.com/vid-lang/vid

;;; Commentary:

;; A major mode for .vid files.  With eglot, the language server `vid lsp' checks, completes, formats
;; and renames.  Put this folder on `load-path' and say
;;
;;   (require 'vid-mode)
;;   (add-hook 'vid-mode-hook #'eglot-ensure)

;;; Code:

(require 'vid-syntax)

(defgroup vid nil
  "Films written in text."
  :group 'languages
  :prefix "vid-")

(defcustom vid-program "vid"
  "The program that checks, previews and renders, and is the language server."
  :type 'string)

(defcustom vid-settings nil
  "Settings of the language server, as a property list.
For example (:hintTimes :json-false); docs/lsp.md lists them."
  :type 'plist)

(defcustom vid-indent 2
  "Columns by which the inside of a block is indented."
  :type 'integer
  :safe #'integerp)

(defvar vid-mode-syntax-table
  (let ((table (make-syntax-table)))
    ;; `//' to the end of the line, and `/* */', which nests.
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23n" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?# "_" table)
    (dolist (sign '(?+ ?- ?% ?& ?| ?< ?> ?= ?! ?. ?: ?\; ?,))
      (modify-syntax-entry sign "." table))
    table)
  "Comments, strings and names of .vid files.")

(defun vid--mark-raw-string ()
  "Make the three quotes just found the fence of a raw string."
  (let* ((start (match-beginning 0))
         (state (save-excursion (syntax-ppss start)))
         (is-inside (eq (nth 3 state) t)))
    (cond
     ;; The end of one: its last quote closes it.
     (is-inside
      (put-text-property (1- (match-end 0)) (match-end 0) 'syntax-table (string-to-syntax "|")))
     ;; The start of one, unless it stands in a comment or an ordinary string.
     ((not (or (nth 3 state) (nth 4 state)))
      (put-text-property start (1+ start) 'syntax-table (string-to-syntax "|"))))))

(defconst vid--syntax-propertize
  (syntax-propertize-rules ("\"\"\"" (0 (ignore (vid--mark-raw-string))))))

(defun vid--comment-or-string-face (state)
  "The face of the comment or string that STATE is about."
  (cond
   ((nth 3 state) 'font-lock-string-face)
   ((save-excursion (goto-char (nth 8 state)) (looking-at "///\\(?:[^/]\\|$\\)")) 'font-lock-doc-face)
   (t 'font-lock-comment-face)))

(defun vid-indent-line ()
  "Indent the line by the blocks and brackets that it is in."
  (interactive)
  (let* ((state (save-excursion (syntax-ppss (line-beginning-position))))
         (depth (car state))
         (closes (save-excursion (back-to-indentation) (looking-at "[]})]")))
         (column (* vid-indent (max 0 (if closes (1- depth) depth)))))
    ;; What stands in a string or a comment is the author's.
    (unless (nth 8 state)
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

(defun vid--composition ()
  "The name of the composition around point, or nil."
  (save-excursion
    (end-of-line)
    (when (re-search-backward "^[ \t]*\\(?:private[ \t]+\\)?composition[ \t]+\\([[:alpha:]_][[:alnum:]_]*\\)" nil t)
      (match-string-no-properties 1))))

(defun vid--chosen ()
  "Arguments that choose the file of this buffer and the composition around point."
  (unless buffer-file-name (user-error "This buffer has no file"))
  (save-buffer)
  (let ((composition (vid--composition)))
    (append (list buffer-file-name) (and composition (list "--composition" composition)))))

(defun vid-render ()
  "Render the composition around point; messages lead to their places."
  (interactive)
  (let ((arguments (append (list vid-program "render") (vid--chosen) (list "--progress" "plain"))))
    (compile (mapconcat #'shell-quote-argument arguments " "))))

(defun vid-preview (time)
  "Show the frame at TIME of the composition around point."
  (interactive "sTime (2.5s, 12f, 00:00:01:12): ")
  (let* ((arguments (vid--chosen))
         (picture (make-temp-file "vid-frame-" nil ".png"))
         (messages (get-buffer-create "*vid*"))
         (code (apply #'call-process vid-program nil messages nil "frame"
                      (append arguments (list "--at" time "-o" picture)))))
    (if (zerop code)
        (find-file-other-window picture)
      (display-buffer messages))))

(defun vid-timeline ()
  "Draw the timeline of the composition around point."
  (interactive)
  (let* ((arguments (vid--chosen))
         (picture (make-temp-file "vid-timeline-" nil ".svg"))
         (messages (get-buffer-create "*vid*"))
         (code (apply #'call-process vid-program nil messages nil "timeline"
                      (append arguments (list "-o" picture)))))
    (if (zerop code)
        (find-file-other-window picture)
      (display-buffer messages))))

(defvar vid-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'vid-render)
    (define-key map (kbd "C-c C-p") #'vid-preview)
    (define-key map (kbd "C-c C-t") #'vid-timeline)
    map)
  "Keys of `vid-mode'.")

;;;###autoload
(define-derived-mode vid-mode prog-mode "vid"
  "Major mode for films written in text."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "\\(?://+\\|/\\*+\\)[ \t]*")
  (setq-local comment-end "")
  (setq-local indent-line-function #'vid-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width 2)
  (setq-local electric-indent-chars (append "{}[]()" electric-indent-chars))
  (setq-local syntax-propertize-function vid--syntax-propertize)
  (setq-local imenu-generic-expression
              '((nil "^[ \t]*\\(?:private[ \t]+\\)?\\(?:composition\\|fn\\|let\\|style\\)[ \t]+\\([[:alpha:]_][[:alnum:]_]*\\)" 1)))
  (setq-local font-lock-defaults
              '(vid-syntax-font-lock-keywords
                nil nil nil
                (font-lock-syntactic-face-function . vid--comment-or-string-face))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.vid\\'" . vid-mode))

;; Where a message of the program says it is about, so that `compile' leads there.
(with-eval-after-load 'compile
  (add-to-list 'compilation-error-regexp-alist-alist '(vid "^ *┌─ \\(.+\\):\\([0-9]+\\):\\([0-9]+\\)$" 1 2 3))
  (add-to-list 'compilation-error-regexp-alist 'vid))

(defvar eglot-server-programs)
(declare-function eglot-current-server "eglot")
(declare-function jsonrpc-request "jsonrpc")

(defun vid--contact (&rest _)
  "How eglot reaches the language server."
  (append (list vid-program "lsp") (and vid-settings (list :initializationOptions vid-settings))))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(vid-mode . vid--contact)))

(provide 'vid-mode)
;;; vid-mode.el ends here
