//! What is said of the endpoints of this interface in the document.

use super::super::openapi::{Door, Operation, operation};
use crate::error::ErrorCode::NotFound;

const AGENT: &[&str] = &["agent_id"];

/// An endpoint for whoever has a key and names the agent.
const fn guest(method: &'static str, path: &'static str, about: &'static str) -> Operation {
    operation(method, path, about).door(Door::Guest).query(AGENT)
}

/// The same without an agent.
const fn agentless(method: &'static str, path: &'static str, about: &'static str) -> Operation {
    operation(method, path, about).door(Door::Guest)
}

/// Defines the endpoints of sheets, once for each of the names that they begin with.
macro_rules! of_sheets {
    ($($method:literal $path:literal $about:literal $(.$said:ident($($what:tt)*))*;)+) => {
        /// The endpoints of sheets, under each of their names.
        pub(in crate::routes) const SHEET_OPERATIONS: [&[Operation]; 2] = [
            &[$(guest($method, concat!("/v1/autocontentengine", $path), $about)$(.$said($($what)*))*,)+],
            &[$(guest($method, concat!("/v1/vidsheet", $path), $about)$(.$said($($what)*))*,)+],
        ];
    };
}

of_sheets! {
    "post" "" "Makes a sheet." .takes("GenSheetRequest").gives(&[(201, "GenSheet")]);
    "get" "/{id}" "Reads a sheet with everything in it."
        .query(&["agent_id", "with_execution_cost"]).gives(&[(200, "GenSheet")]);
    "delete" "/{id}" "Removes a sheet; what was rendered of it stays." .gives(&[(204, "")]);
    "post" "/{id}/clone" "Makes a copy of a sheet, without its takes."
        .takes("GenCloneRequest").gives(&[(201, "GenSheet")]);
    "get" "/{id}/columns" "Lists the columns of a sheet." .gives(&[(200, "GenColumns")]);
    "post" "/{id}/columns" "Adds a column for ingredients. With an `Idempotency-Key` it is done once."
        .keyed().takes("GenColumnRequest").gives(&[(201, "GenColumn")]);
    "patch" "/{id}/columns/update_positions" "Gives columns other positions."
        .takes("GenColumnPositions").gives(&[(200, "GenColumns")]);
    "put" "/{id}/columns/mass_update" "Changes titles and descriptions of several columns."
        .takes("GenColumnChanges").gives(&[(200, "GenColumns")]);
    "patch" "/{id}/columns/{column}" "Changes title and description of a column for ingredients."
        .takes("GenColumnChange").gives(&[(200, "GenColumn")]);
    "delete" "/{id}/columns/{column}" "Removes a column for ingredients with its cells." .gives(&[(204, "")]);
    "post" "/{id}/columns/{column}/duplicate" "Makes a copy of a column for ingredients."
        .takes("GenColumnCopyRequest").gives(&[(201, "GenColumn")]);
    "get" "/{id}/rows" "Lists the rows of a sheet: all, or a page."
        .query(&["agent_id", "include_user_jobs", "include_video_layers", "with_execution_cost", "page", "page_size"])
        .gives(&[(200, "GenRows")]);
    "post" "/{id}/rows" "Adds a row to a sheet." .takes("GenRowRequest").gives(&[(201, "GenRow")]);
    "put" "/{id}/rows/update_positions" "Gives rows other positions."
        .takes("GenRowPositions").gives(&[(200, "GenRows")]);
    "put" "/{id}/rows/mass_update" "Changes attributes of several rows."
        .takes("GenRowChanges").gives(&[(200, "GenRows")]);
    "get" "/{id}/rows/{row}" "Reads a row with its cells." .gives(&[(200, "GenRow")]);
    "post" "/{id}/rows/{row}/duplicate" "Makes a copy of a row. With an `Idempotency-Key` it is done once."
        .keyed().takes("GenAgentAlone").gives(&[(201, "GenRow")]);
    "put" "/{id}/cells/mass_update" "Changes several cells." .takes("GenCellChanges").gives(&[(200, "GenCells")]);
    "get" "/{id}/cells/{cell}" "Reads a cell with its layers and takes." .gives(&[(200, "GenCell")]);
    "patch" "/{id}/cells/{cell}" "Changes a cell." .takes("GenCellChange").gives(&[(200, "GenCell")]);
    "patch" "/{id}/cells/{cell}/set_default_user_job" "Shows another take of a cell, until a newer one is made."
        .takes("GenChoice").gives(&[(200, "GenCell")]);
    "get" "/{id}/cells/{cell}/available_variables" "Lists the names that layers of a cell can use."
        .gives(&[(200, "GenNames")]);
    "post" "/{id}/cells/{cell}/render" "Renders the layers of a cell. With an `Idempotency-Key` it is done once."
        .keyed().takes("GenAgentAlone").gives(&[(201, "GenStarted")]);
    "post" "/{id}/cells/{cell}/generate" "The same by its general name; nothing else is generated here."
        .keyed().takes("GenGenerateRequest").gives(&[(201, "GenStarted")]);
    "post" "/{id}/cells/{cell}/layers" "Adds a layer to a cell." .takes("GenLayerRequest").gives(&[(201, "GenLayer")]);
    "put" "/{id}/cells/{cell}/layers/update_positions" "Gives layers other positions."
        .takes("GenLayerPositions").gives(&[(200, "GenLayers")]);
    "get" "/{id}/cells/{cell}/layers/{layer}" "Reads a layer." .gives(&[(200, "GenLayer")]);
    "patch" "/{id}/cells/{cell}/layers/{layer}" "Changes a layer: what is named."
        .takes("GenLayerRequest").gives(&[(200, "GenLayer")]);
    "put" "/{id}/cells/{cell}/layers/{layer}" "Changes a layer: what is named."
        .takes("GenLayerRequest").gives(&[(200, "GenLayer")]);
    "delete" "/{id}/cells/{cell}/layers/{layer}" "Removes a layer." .gives(&[(204, "")]);
    "post" "/{id}/cells/{cell}/layers/{layer}/duplicate" "Makes a copy of a layer."
        .takes("GenLayerRequest").gives(&[(201, "GenLayer")]);
    "post" "/{id}/cells/{cell}/layers/{layer}/generate" "Makes the content of a layer: not done here."
        .takes("GenGenerateRequest");
    "get" "/{id}/generations" "Lists the takes of a sheet, newest first." .gives(&[(200, "GenTakes")]);
    "get" "/{id}/global_variables" "Reads the texts of the whole sheet." .gives(&[(200, "GenVariables")]);
    "put" "/{id}/global_variables" "Gives the sheet these texts and no others."
        .takes("GenVariablesRequest").gives(&[(200, "GenVariables")]);
    "post" "/{id}/validate_video_layout" "Says what would be refused if every row were rendered."
        .takes("GenAgentAlone").gives(&[(200, "GenLayout")]);
}

/// The other endpoints, in the order of the router.
pub(in crate::routes) const GEN_OPERATIONS: &[Operation] = &[
    guest("get", "/v1/remotion_jobs", "Lists renders of a sheet, newest first.")
        .query(&["agent_id", "project_id", "page"])
        .gives(&[(200, "GenJobs")]),
    guest(
        "post",
        "/v1/remotion_jobs",
        "Renders the layers of a cell. With an `Idempotency-Key` it is done once.",
    )
    .keyed()
    .takes("GenJobRequest")
    .gives(&[(201, "GenJob")]),
    agentless("get", "/v1/generations/{id}", "Reads how a render is coming along.")
        .gives(&[(200, "GenGeneration")]),
    agentless("post", "/v1/generations/{id}/stop", "Calls a render off that has not ended.")
        .gives(&[(200, "GenGeneration")]),
    agentless("post", "/v1/generations/{id}/continue", "Takes a render up again that was called off.")
        .keyed()
        .gives(&[(200, "GenGeneration")]),
    guest("get", "/v1/content_resources", "Lists films and files, newest first.")
        .query(&["agent_id", "type", "project_id", "ids[]", "page"])
        .gives(&[(200, "GenResources")]),
    guest("post", "/v1/content_resources", "Takes a file from a form, or one that was sent before.")
        .takes("GenResourceRequest")
        .form("GenResourceForm")
        .gives(&[(201, "GenEnvelope")]),
    guest("get", "/v1/content_resources/{id}", "Reads what is known of a film or file.")
        .gives(&[(200, "GenEnvelope")]),
    guest("patch", "/v1/content_resources/{id}", "Gives a film or file another name.")
        .takes("GenResourceName")
        .gives(&[(200, "")]),
    guest("delete", "/v1/content_resources/{id}", "Removes a film or file for everybody.")
        .gives(&[(200, "")]),
    agentless("post", "/v1/direct_upload", "Asks for an address to send a file to.")
        .takes("GenBlobRequest")
        .gives(&[(200, "GenBlob")]),
    agentless("get", "/v1/templates/projects", "Lists templates: there is one.")
        .query(&["page"])
        .gives(&[(200, "GenTemplates")]),
    agentless("get", "/v1/templates/projects/{name}", "Reads what is known of a template.")
        .gives(&[(200, "GenTemplate")]),
    guest("post", "/v1/templates/spreadsheets/{name}/clone", "Makes a sheet like a template.")
        .takes("GenAgentAlone")
        .gives(&[(201, "GenSheet")]),
    guest("post", "/v1/user_jobs", "Publishes a film: not done here.").takes("GenUserJobRequest"),
    guest("get", "/v1/user_jobs/{id}", "Reads a generation by its other name.").gives(&[(200, "GenUserJob")]),
    agentless("get", "/v1/me", "Says who is calling.").gives(&[(200, "GenUser")]),
    agentless("get", "/v1/workspaces", "Lists workspaces: there is one.").gives(&[(200, "GenNamed")]),
    agentless("get", "/v1/agents", "Lists agents: there is one.")
        .query(&["workspace_id"])
        .gives(&[(200, "GenNamed")]),
    agentless("get", "/v1/organizations/{id}", "Reads the workspace with its balance.")
        .gives(&[(200, "GenOrganization")]),
    guest("get", "/v1/credit_balance", "Reads the balance.").gives(&[(200, "GenBalance")]),
    open("/outputs/{name}", "Leads to a film of the second interface, for everybody who has its address."),
    open("/thumbnails/{name}", "Leads to the picture of its first frame."),
    open("/uploads/{name}", "Leads to a file that was sent, for everybody who has its address."),
];

/// An address that everybody can open who has it.
const fn open(path: &'static str, about: &'static str) -> Operation {
    operation("get", path, about).door(Door::Open).gives(&[(302, "")]).errors(&[NotFound])
}

/// What the path of an endpoint can be filled with, and from where.
type Known = &'static [(&'static str, &'static str)];

/// What answers name: the method and path of an endpoint, what the paths begin with that it can fill, and with
/// what. Those of sheets are without what they begin with.
pub(in crate::routes) const GEN_LINKS: &[(&str, &str, &str, Known)] = &[
    (
        "post",
        "",
        "/",
        &[
            ("id", "$response.body#/id"),
            ("row", "$response.body#/spreadsheet_rows/0/id"),
            ("cell", "$response.body#/spreadsheet_rows/0/spreadsheet_cells/0/id"),
        ],
    ),
    (
        "post",
        "/{id}/columns",
        "/{id}/columns/",
        &[("id", "$request.path.id"), ("column", "$response.body#/id")],
    ),
    (
        "post",
        "/{id}/rows",
        "/{id}/",
        &[
            ("id", "$request.path.id"),
            ("row", "$response.body#/id"),
            ("cell", "$response.body#/spreadsheet_cells/0/id"),
        ],
    ),
    (
        "post",
        "/{id}/cells/{cell}/layers",
        "/{id}/cells/{cell}/layers/",
        &[("id", "$request.path.id"), ("cell", "$request.path.cell"), ("layer", "$response.body#/id")],
    ),
    ("post", "/{id}/cells/{cell}/render", "/v1/generations/", &[("id", "$response.body#/generation_id")]),
    (
        "post",
        "/v1/content_resources",
        "/v1/content_resources/",
        &[("id", "$response.body#/content_resource/id")],
    ),
    ("get", "/v1/templates/projects", "/v1/templates/", &[("name", "$response.body#/0/slug")]),
];
