-- Drives the language server from a real Neovim:
--
--   VID=target/debug/vid nvim --headless --clean -S editors/neovim/test.lua
--
-- Prints what it has tried and ends with 0, or prints what went wrong and ends with 1.

local here = vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, "S").source:sub(2))))
vim.opt.runtimepath:append(here .. "/neovim")

local function wait_for(what, condition)
  assert(vim.wait(20000, condition, 20), "waited in vain for " .. what)
  io.stdout:write("ok: " .. what .. "\n")
end

local function line(number)
  return vim.api.nvim_buf_get_lines(0, number, number + 1, false)[1]
end

local function run()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, "p")
  vim.fn.writefile({ "let accent = #ff5a36" }, folder .. "/brand.vid")
  vim.fn.writefile({
    'import "brand.vid" { accent }',
    "composition film 1280x720 30fps {",
    '  text title   "Hello" for 2s { text_color: accent  width: 50% colour: #fff }',
    "}",
  }, folder .. "/film.vid")

  require("vid").setup({ cmd = { vim.env.VID or "vid", "lsp" } })
  vim.cmd.edit(folder .. "/film.vid")
  local film = vim.api.nvim_get_current_buf()
  wait_for("the server", function()
    return #vim.lsp.get_clients({ bufnr = film }) == 1
  end)
  local client = vim.lsp.get_clients({ bufnr = film })[1]
  local function ask(method, extra)
    local at = vim.lsp.util.make_position_params(0, client.offset_encoding)
    local answer = client:request_sync(method, vim.tbl_extend("force", at, extra or {}), 20000, film)
    assert(answer and not answer.err, method .. ": " .. vim.inspect(answer))
    return answer.result
  end

  wait_for("a diagnostic", function()
    local found = vim.diagnostic.get(film)
    return #found == 1 and found[1].code == "unknown-property"
  end)

  vim.api.nvim_win_set_cursor(0, { 3, 8 })
  local hover = ask("textDocument/hover").contents.value
  assert(hover:find("00:00:02:00 · frame 60 · 2 s", 1, true), hover)
  io.stdout:write("ok: hover\n")

  local whole = { start = { line = 0, character = 0 }, ["end"] = { line = 9, character = 0 } }
  local labels = vim.tbl_map(function(hint)
    return hint.label
  end, ask("textDocument/inlayHint", { range = whole }))
  assert(vim.deep_equal(labels, { "00:00:00:00 → 00:00:02:00 (60 f)", "640 px" }), vim.inspect(labels))
  io.stdout:write("ok: inlay hints\n")

  vim.api.nvim_win_set_cursor(0, { 3, 35 })
  local offered = vim.tbl_map(function(item)
    return item.label
  end, ask("textDocument/completion"))
  assert(vim.tbl_contains(offered, "text_align"), vim.inspect(offered))
  io.stdout:write("ok: completion\n")

  vim.lsp.buf.definition()
  wait_for("the prelude", function()
    return vim.api.nvim_buf_get_name(0):find("^vid%-std://") and vim.api.nvim_get_current_line():find("text_color")
  end)
  assert(not vim.bo.modifiable)
  vim.api.nvim_set_current_buf(film)

  local titles = vim.tbl_map(function(lens)
    return lens.command.title
  end, client:request_sync("textDocument/codeLens", { textDocument = vim.lsp.util.make_text_document_params(film) }, 20000, film).result)
  assert(vim.tbl_contains(titles, "Show timeline") and vim.tbl_contains(titles, "⧉ 00:00:00:00"), vim.inspect(titles))
  io.stdout:write("ok: code lenses\n")

  vim.api.nvim_win_set_cursor(0, { 3, 63 })
  vim.lsp.buf.code_action({
    filter = function(action)
      return action.title == "explain `unknown-property`"
    end,
    apply = true,
  })
  wait_for("the page of a code", function()
    return vim.api.nvim_buf_get_name(0):find("codes/unknown%-property%.md$") and vim.bo.filetype == "markdown"
  end)
  vim.api.nvim_set_current_buf(film)

  vim.api.nvim_win_set_cursor(0, { 3, 46 })
  vim.lsp.buf.rename("orange")
  wait_for("a rename in two files", function()
    local brand = vim.fn.bufadd(folder .. "/brand.vid")
    vim.fn.bufload(brand)
    local there = vim.api.nvim_buf_get_lines(brand, 0, 1, false)[1]
    return line(0) == 'import "brand.vid" { orange }' and there == "let orange = #ff5a36"
  end)

  vim.lsp.buf.format({ timeout_ms = 20000 })
  assert(line(2):find('  text title "Hello" for 2s', 1, true) == 1, line(2))
  io.stdout:write("ok: formatting\n")

  client:stop()
  wait_for("the end of the server", function()
    return client:is_stopped()
  end)
end

local ok, why = xpcall(run, debug.traceback)
if not ok then
  io.stdout:write("failed: " .. why .. "\n")
end
vim.cmd(ok and "qall!" or "cquit 1")
