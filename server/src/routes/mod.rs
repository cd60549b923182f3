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
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;

use self::gen_api::error::GenError;
use self::gen_api::{account, renders as jobs, sheets};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use vid_timeline::api::MAX_BODY_BYTES;

/// Defines the router, and the list of what is in it.
macro_rules! endpoints {
    ($($path:literal: $($method:ident => $handler:path),+;)+) => {
        /// Every endpoint: its method, in small letters, and its path.
        pub const ENDPOINTS: &[(&str, &str)] = &[$($((stringify!($method), $path),)+)+];

        fn mounted() -> Router<Arc<App>> {
            Router::new()$(.route($path, MethodRouter::new()$(.$method($handler))+))+
        }
    };
}

endpoints! {
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
    // The second interface, under both of its names.
    "/v1/autocontentengine": post => sheets::create;
    "/v1/autocontentengine/{id}": get => sheets::read, delete => sheets::remove;
    "/v1/autocontentengine/{id}/rows": get => sheets::rows, post => sheets::add_row;
    "/v1/autocontentengine/{id}/cells/{cell}": get => sheets::read_cell, patch => sheets::change_cell;
    "/v1/autocontentengine/{id}/cells/{cell}/render": post => jobs::render_cell;
    "/v1/autocontentengine/{id}/cells/{cell}/layers": post => sheets::add_layer;
    "/v1/autocontentengine/{id}/cells/{cell}/layers/update_positions": put => sheets::reorder;
    "/v1/autocontentengine/{id}/cells/{cell}/layers/{layer}": get => sheets::read_layer, patch => sheets::change_layer, put => sheets::change_layer, delete => sheets::remove_layer;
    "/v1/autocontentengine/{id}/cells/{cell}/layers/{layer}/duplicate": post => sheets::duplicate_layer;
    "/v1/vidsheet": post => sheets::create;
    "/v1/vidsheet/{id}": get => sheets::read, delete => sheets::remove;
    "/v1/vidsheet/{id}/rows": get => sheets::rows, post => sheets::add_row;
    "/v1/vidsheet/{id}/cells/{cell}": get => sheets::read_cell, patch => sheets::change_cell;
    "/v1/vidsheet/{id}/cells/{cell}/render": post => jobs::render_cell;
    "/v1/vidsheet/{id}/cells/{cell}/layers": post => sheets::add_layer;
    "/v1/vidsheet/{id}/cells/{cell}/layers/update_positions": put => sheets::reorder;
    "/v1/vidsheet/{id}/cells/{cell}/layers/{layer}": get => sheets::read_layer, patch => sheets::change_layer, put => sheets::change_layer, delete => sheets::remove_layer;
    "/v1/vidsheet/{id}/cells/{cell}/layers/{layer}/duplicate": post => sheets::duplicate_layer;
    "/v1/remotion_jobs": get => jobs::list_jobs, post => jobs::submit_job;
    "/v1/generations/{id}": get => jobs::read;
    "/v1/generations/{id}/stop": post => jobs::stop;
    "/v1/generations/{id}/continue": post => jobs::go_on;
    "/v1/content_resources": get => jobs::list_resources;
    "/v1/content_resources/{id}": get => jobs::read_resource, delete => jobs::remove_resource;
    "/v1/me": get => account::me;
    "/v1/workspaces": get => account::workspaces;
    "/v1/agents": get => account::agents;
    "/outputs/{name}": get => jobs::output;
    "/thumbnails/{name}": get => jobs::thumbnail;
}

/// All endpoints.
pub fn router(app: Arc<App>) -> Router {
    mounted()
        .fallback(|| async { ApiError::not_found("endpoint") })
        .method_not_allowed_fallback(|| async { ApiError::not_found("endpoint for this method") })
        // What is longer is cut off here; what a body may hold is said by its reader.
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES + 1))
        .layer(axum::middleware::from_fn(enveloped))
        .layer(axum::middleware::from_fn_with_state(app.clone(), strangers::count))
        .layer(axum::middleware::from_fn_with_state(app.clone(), metrics::count))
        .layer(axum::middleware::from_fn(trace::trace))
        .with_state(app)
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
