;;; test.el --- Drives the language server from a real Emacs -*- lexical-binding: t; -*-

;;   VID=target/debug/vid emacs --batch -q -l package -f package-initialize -l editors/emacs/test.el
;;
;; Prints what it has tried and ends with 0, or prints what went wrong and ends with 1.

;;; Code:

(add-to-list 'load-path (file-name-directory (or load-file-name buffer-file-name)))
(require 'vid-mode)
(require 'eglot)
(require 'flymake)

(defun try-say (what) (princ (concat "ok: " what "\n")))

(defun try-wait (what condition)
  "Wait for CONDITION, at most twenty seconds; WHAT it is."
  (let ((end (+ (float-time) 20)) (done nil))
    (while (not (or (setq done (funcall condition)) (> (float-time) end)))
      (accept-process-output nil 0.05))
    (unless done (error "Waited in vain for %s" what))
    (try-say what)))

(defun try-face (text)
  "The face of the first letter of TEXT."
  (goto-char (point-min))
  (search-forward text)
  (get-text-property (match-beginning 0) 'face))

(defun try-faces ()
  "Check the colours that need no server."
  (with-temp-buffer
    (insert "/// Doc.\n// Remark.\ncomposition film 640x360 30fps {\n  image logo \"a\\n.png\" for 2s ease {\n"
            "    opacity: 50%\n    enter fade for 1s\n  }\n  text \"\"\"\n a \"b\" c\n \"\"\" for 1s\n}\n/* a /* b */ c */ let x = 1\n")
    (vid-mode)
    (font-lock-ensure)
    (dolist (expected '(("/// Doc" font-lock-doc-face) ("Remark" font-lock-comment-face)
                        ("composition" font-lock-keyword-face) ("film" font-lock-function-name-face)
                        ("640x360" font-lock-constant-face) ("image" font-lock-type-face)
                        ("logo" font-lock-function-name-face) ("a\\n" font-lock-string-face)
                        ("for 2s" font-lock-keyword-face) ("opacity" font-lock-variable-name-face)
                        ("50%" font-lock-constant-face) ("enter" font-lock-keyword-face)
                        ("fade" font-lock-type-face) ("b\" c" font-lock-string-face)
                        ("for 1s\n}" font-lock-keyword-face) ("c */ let" font-lock-comment-face)
                        ("let" font-lock-keyword-face)))
      (unless (equal (try-face (car expected)) (cadr expected))
        (error "%s is coloured %s, not %s" (car expected) (try-face (car expected)) (cadr expected))))
    (try-say "colours")
    (let ((before (buffer-string)))
      (let ((inhibit-message t)) (indent-region (point-min) (point-max)))
      (unless (equal (substring-no-properties before) (buffer-substring-no-properties (point-min) (point-max)))
        (error "Indented otherwise:\n%s" (buffer-string))))
    (try-say "indentation")))

(defun try-server ()
  "Check what the server does."
  (let* ((folder (file-name-as-directory (make-temp-file "vid-emacs" t)))
         (default-directory folder)
         (vid-program (expand-file-name (or (getenv "VID") "vid") command-line-default-directory))
         (eglot-sync-connect 20))
    (with-temp-file (concat folder "brand.vid") (insert "let accent = #ff5a36\n"))
    (with-temp-file (concat folder "film.vid")
      (insert "import \"brand.vid\" { accent }\ncomposition film 1280x720 30fps {\n"
              "  text title   \"Hello\" for 2s { text_color: accent  width: 50% colour: #fff }\n}\n"))
    (find-file (concat folder "film.vid"))
    ;; As `eglot-ensure' does, which waits for the next command.
    (apply #'eglot (eglot--guess-contact))
    (try-wait "the server" (lambda () (eglot-current-server)))
    (flymake-start)
    (try-wait "a diagnostic"
              (lambda ()
                (let ((found (flymake-diagnostics)))
                  (and (= 1 (length found))
                       (string-match-p "colour" (flymake-diagnostic-text (car found)))))))
    (let ((server (eglot-current-server)))
      (goto-char (point-min))
      (search-forward "text tit")
      (let* ((hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))
             (value (plist-get (plist-get hover :contents) :value)))
        (unless (string-match-p "frame 60" (or value "")) (error "The hover says %s" hover)))
      (try-say "hover")
      (search-forward "text_col")
      (let* ((answer (jsonrpc-request server :textDocument/completion (eglot--TextDocumentPositionParams)))
             (items (append (if (vectorp answer) answer (plist-get answer :items)) nil)))
        (unless (member "text_color" (mapcar (lambda (item) (plist-get item :label)) items))
          (error "Completion offers %s" (mapcar (lambda (item) (plist-get item :label)) items))))
      (try-say "completion")
      (search-forward "acc")
      ;; Edits of files that nobody has opened are asked about first.
      (save-current-buffer (find-file-noselect (concat folder "brand.vid")))
      (let ((inhibit-message t)) (eglot-rename "orange"))
      (goto-char (point-min))
      (unless (search-forward "{ orange }" nil t) (error "Not renamed:\n%s" (buffer-string)))
      (with-current-buffer (find-file-noselect (concat folder "brand.vid"))
        (unless (string-match-p "let orange" (buffer-string)) (error "Not renamed in the other file"))
        (let ((inhibit-message t)) (save-buffer)))
      (try-say "a rename in two files")
      (eglot-format-buffer)
      (goto-char (point-min))
      (unless (search-forward "  text title \"Hello\" for 2s" nil t) (error "Not formatted:\n%s" (buffer-string)))
      (try-say "formatting")
      (let ((inhibit-message t)) (save-buffer) (eglot-shutdown server)))
    (try-say "the end of the server")))

(condition-case problem
    (progn (try-faces) (try-server) (kill-emacs 0))
  (error (princ (format "failed: %s\n" (error-message-string problem))) (kill-emacs 1)))
;;; test.el ends here
