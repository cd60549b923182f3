//! The endpoints, one file for each family.

pub mod absent;
pub mod assets;
pub mod capabilities;
pub mod files;
pub mod gen_api;
pub mod health;
pub mod imports;
pub mod json;
pub mod keys;
pub mod metrics;
pub mod openapi;
mod openapi_schemas;
pub mod page;
pub mod preview;
pub mod renders;
pub mod request;
pub mod strangers;
pub mod trace;
pub mod uploads;
pub mod usage;
pub mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;

use self::gen_api::error::GenError;
use self::gen_api::{
    account, cells, columns, layers, publishing, renders as jobs, resources, rows, sheets, templates,
    uploads as files_in, variables,
};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use vid_timeline::api::MAX_BODY_BYTES;

/// Defines a list of endpoints, each with its method, in small letters, and its path; and what mounts them.
macro_rules! endpoints {
    ($(#[$meta:meta])* $list:ident, $mounted:ident; $($path:literal: $($method:ident => $handler:path),+;)+) => {
        $(#[$meta])*
        pub const $list: &[(&str, &str)] = &[$($((stringify!($method), $path),)+)+];

        fn $mounted() -> Vec<(&'static str, MethodRouter<Arc<App>>)> {
            vec![$(($path, MethodRouter::new()$(.$method($handler))+),)+]
        }
    };
}

endpoints! {
    /// Every endpoint but those of sheets.
    ENDPOINTS, mounted;
    "/v1/renders": get => renders::list, post => renders::submit;
    "/v1/renders/{id}": get => renders::read, delete => renders::cancel;
    "/v1/renders/{id}/download": get => renders::download;
    "/v1/preview": post => preview::preview;
    "/v1/uploads": post => uploads::reserve;
    "/v1/uploads/{workspace}/{asset}": put => uploads::send;
    "/v1/imports": post => imports::request;
    "/v1/imports/{id}": get => imports::read;
    "/v1/media/{name}": get => assets::open;
    "/v1/files/{folder}/{shelf}/{name}": get => files::read;
    "/v1/files/{folder}/{shelf}/{name}/{download}": get => files::download;
    "/v1/webhooks": get => webhooks::list, post => webhooks::register;
    "/v1/webhooks/{id}": get => webhooks::read, patch => webhooks::change, delete => webhooks::remove;
    "/v1/webhooks/{id}/rotate-secret": post => webhooks::rotate;
    "/v1/webhooks/{id}/deliveries": get => webhooks::deliveries;
    "/v1/api-keys": get => keys::list, post => keys::create;
    "/v1/api-keys/{id}": delete => keys::revoke;
    "/v1/workspace": get => usage::workspace;
    "/v1/workspace/usage": get => usage::usage;
    "/v1/workspace/assets": get => assets::list;
    "/v1/capabilities": get => capabilities::read;
    "/v1/tasks": get => absent::tasks;
    // A kind where one is asked for, an id everywhere else.
    "/v1/tasks/{id}": get => absent::no_task, post => absent::task, delete => absent::no_task;
    "/v1/tasks/{id}/download": get => absent::no_task;
    "/v1/projects": get => absent::projects, post => absent::projects;
    "/v1/signup": post => absent::signup;
    "/v1/signup/verify": post => absent::signup;
    "/v1/billing/portal": post => absent::billing;
    "/openapi.json": get => openapi::read;
    "/healthz": get => health::alive;
    "/readyz": get => health::ready;
    "/metrics": get => metrics::read;
    "/status": get => page::page;
    "/status/page.js": get => page::script;
    "/status/page.css": get => page::style;
    "/status/page.svg": get => page::sign;
    "/v1/remotion_jobs": get => jobs::list_jobs, post => jobs::submit_job;
    "/v1/generations/{id}": get => jobs::read;
    "/v1/generations/{id}/stop": post => jobs::stop;
    "/v1/generations/{id}/continue": post => jobs::go_on;
    "/v1/content_resources": get => resources::list, post => files_in::create;
    "/v1/content_resources/{id}": get => resources::read, patch => resources::rename, delete => resources::remove;
    "/v1/direct_upload": post => files_in::direct;
    "/v1/templates/projects": get => templates::list;
    "/v1/templates/projects/{name}": get => templates::read;
    "/v1/templates/spreadsheets/{name}/clone": post => templates::clone;
    "/v1/user_jobs": post => publishing::submit;
    "/v1/user_jobs/{id}": get => publishing::read;
    "/v1/me": get => account::me;
    "/v1/workspaces": get => account::workspaces;
    "/v1/agents": get => account::agents;
    "/v1/organizations/{id}": get => account::organization;
    "/v1/credit_balance": get => account::balance;
    "/outputs/{name}": get => resources::output;
    "/thumbnails/{name}": get => resources::thumbnail;
    "/uploads/{name}": get => resources::sent;
}

/// What the endpoints of sheets begin with: the name of two ages, for the same.
pub const SHEETS: [&str; 2] = ["/v1/autocontentengine", "/v1/vidsheet"];

endpoints! {
    /// The endpoints of sheets, without what they begin with.
    SHEET_ENDPOINTS, mounted_for_sheets;
    "": post => sheets::create;
    "/{id}": get => sheets::read, delete => sheets::remove;
    "/{id}/clone": post => sheets::clone;
    "/{id}/columns": get => columns::list, post => columns::add;
    "/{id}/columns/update_positions": patch => columns::reorder;
    "/{id}/columns/mass_update": put => columns::update_many;
    "/{id}/columns/{column}": patch => columns::update, delete => columns::remove;
    "/{id}/columns/{column}/duplicate": post => columns::duplicate;
    "/{id}/rows": get => rows::list, post => rows::add;
    "/{id}/rows/update_positions": put => rows::reorder;
    "/{id}/rows/mass_update": put => rows::update_many;
    "/{id}/rows/{row}": get => rows::read;
    "/{id}/rows/{row}/duplicate": post => rows::duplicate;
    "/{id}/cells/mass_update": put => cells::update_many;
    "/{id}/cells/{cell}": get => cells::read, patch => cells::update;
    "/{id}/cells/{cell}/set_default_user_job": patch => cells::set_default;
    "/{id}/cells/{cell}/available_variables": get => variables::available;
    "/{id}/cells/{cell}/render": post => jobs::render_cell;
    "/{id}/cells/{cell}/generate": post => jobs::generate;
    "/{id}/cells/{cell}/layers": post => layers::add;
    "/{id}/cells/{cell}/layers/update_positions": put => layers::reorder;
    "/{id}/cells/{cell}/layers/{layer}": get => layers::read, patch => layers::update, put => layers::update, delete => layers::remove;
    "/{id}/cells/{cell}/layers/{layer}/duplicate": post => layers::duplicate;
    "/{id}/cells/{cell}/layers/{layer}/generate": post => jobs::generate;
    "/{id}/generations": get => jobs::list;
    "/{id}/global_variables": get => variables::global, put => variables::set_global;
    "/{id}/validate_video_layout": post => jobs::validate;
}

/// All endpoints.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for (path, methods) in mounted() {
        router = router.route(path, methods);
    }
    for (path, methods) in mounted_for_sheets() {
        for name in SHEETS {
            router = router.route(&format!("{name}{path}"), methods.clone());
        }
    }
    router
        .fallback(|uri: Uri| async move { absent(&uri, "endpoint") })
        .method_not_allowed_fallback(|uri: Uri| async move { absent(&uri, "endpoint for this method") })
        // What is longer is cut off here; what a body may hold is said by its reader.
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES + 1))
        .layer(axum::middleware::from_fn(enveloped))
        .layer(axum::middleware::from_fn_with_state(app.clone(), strangers::count))
        .layer(axum::middleware::from_fn_with_state(app.clone(), metrics::count))
        .layer(axum::middleware::from_fn(trace::trace))
        .with_state(app)
}

/// There is no such thing, in the words of the interface that the path belongs to.
fn absent(uri: &Uri, what: &str) -> Response {
    match gen_api::owns(uri.path()) {
        true => GenError::not_found(what).into_response(),
        false => ApiError::not_found(what).into_response(),
    }
}

/// Puts into the envelope of its interface what axum refuses by itself, in plain words and with a status that is
/// not one of ours: a path that is not UTF-8, a query that says a thing twice.
async fn enveloped(request: Request, next: Next) -> Response {
    let is_of_gen = gen_api::owns(request.uri().path());
    let response = next.run(request).await;
    if response.status() != StatusCode::BAD_REQUEST {
        return response;
    }
    let error = ApiError::new(ErrorCode::InvalidRequest, "the path or the query cannot be read");
    if is_of_gen { GenError::from(error).into_response() } else { error.into_response() }
}
