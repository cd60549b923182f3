-- The language server of .vid files for Neovim 0.11 or newer.
--
-- Put this folder on the runtime path, or copy the file to `lua/vid.lua` of your configuration, and say
--
--   require("vid").setup()
--
-- `setup` takes `cmd`, the command of the server, and `settings`, those of docs/lsp.md.

local M = {}

--- The client of the server, if it runs.
local function client()
  return vim.lsp.get_clients({ name = "vid" })[1]
end

--- Fills a buffer with a file that is bundled with the compiler, or with the page of a code.
local function read_bundled(event)
  local answer = client() and client():request_sync("workspace/textDocumentContent", { uri = event.match }, 5000)
  local text = answer and answer.result and answer.result.text or ""
  vim.api.nvim_buf_set_lines(event.buf, 0, -1, false, vim.split(text, "\n"))
  local options = vim.bo[event.buf]
  options.modified, options.modifiable, options.readonly, options.buftype = false, false, true, "nofile"
  options.filetype = event.match:find("%.md$") and "markdown" or "vid"
end

--- Shows a picture once it is made, or why it was not.
local function open_when_done(picture)
  return vim.schedule_wrap(function(done)
    if done.code == 0 then
      vim.ui.open(picture)
    else
      vim.notify(done.stderr, vim.log.levels.ERROR)
    end
  end)
end

--- What the lenses of the server do.
local commands = {
  ["vid.showReferences"] = function(command)
    local items = vim.lsp.util.locations_to_items(command.arguments[3], client().offset_encoding)
    vim.fn.setqflist({}, " ", { title = command.title, items = items })
    vim.cmd("botright copen")
  end,
  ["vid.render"] = function(command)
    local path, composition = vim.uri_to_fname(command.arguments[1]), command.arguments[2]
    vim.cmd("botright new")
    vim.fn.jobstart({ "vid", "render", path, "--composition", composition }, { term = true })
  end,
  ["vid.preview"] = function(command)
    local path, composition, time = vim.uri_to_fname(command.arguments[1]), command.arguments[2], command.arguments[3]
    local picture = vim.fn.tempname() .. ".png"
    local ask = { "vid", "frame", path, "--composition", composition, "--at", time, "-o", picture }
    vim.system(ask, {}, open_when_done(picture))
  end,
  ["vid.timeline"] = function(command)
    local path, composition = vim.uri_to_fname(command.arguments[1]), command.arguments[2]
    local picture = vim.fn.tempname() .. ".svg"
    local ask = { "vid", "timeline", path, "--composition", composition, "-o", picture }
    vim.system(ask, {}, open_when_done(picture))
  end,
  ["vid.copyTimecode"] = function(command)
    vim.fn.setreg('"', command.arguments[1])
    pcall(vim.fn.setreg, "+", command.arguments[1])
  end,
}

function M.setup(options)
  options = options or {}
  vim.filetype.add({ extension = { vid = "vid" } })
  vim.lsp.config("vid", {
    cmd = options.cmd or { "vid", "lsp" },
    filetypes = { "vid" },
    root_markers = { ".git" },
    init_options = vim.tbl_extend("force", { commands = vim.tbl_keys(commands) }, options.settings or {}),
    -- Documents that are no files are read as below.
    capabilities = { workspace = { textDocumentContent = { dynamicRegistration = false } } },
  })
  vim.lsp.enable("vid")
  vim.api.nvim_create_autocmd("BufReadCmd", { pattern = "vid-std://*", callback = read_bundled })
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "vid",
    callback = function(event)
      vim.bo[event.buf].commentstring = "// %s"
    end,
  })
  for name, run in pairs(commands) do
    vim.lsp.commands[name] = run
  end
end

return M
