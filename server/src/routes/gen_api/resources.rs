//! Files of the second interface as media of other films.

use super::error::GenError;
use crate::app::App;
use crate::auth::Caller;
use crate::id::AssetId;
use crate::moment::Moment;
use crate::store::{Asset, AssetKind, AssetStatus, Generation};

/// The address by which bodies name the film of a generation. The bytes are those that are kept already.
///
/// # Errors
/// When the store fails.
pub async fn as_asset(
    app: &App,
    caller: &Caller,
    url: &str,
    generation: &Generation,
) -> Result<String, GenError> {
    if let Some(asset) = app.store.copy_of(&caller.workspace, url).await? {
        return Ok(asset.source_url);
    }
    let output = generation.render.output.as_ref();
    let output = output.ok_or_else(|| GenError::not_found("file"))?;
    let id = AssetId::generate();
    let asset = Asset {
        source_url: app.asset_url(&id, "mp4"),
        id,
        workspace: caller.workspace.clone(),
        kind: AssetKind::Video,
        content_type: output.content_type.clone(),
        status: AssetStatus::Ready,
        key: Some(output.key.clone()),
        copied_from: Some(url.to_owned()),
        size_bytes: Some(output.size_bytes),
        duration_millis: Some(output.duration_millis),
        size: Some((output.width, output.height)),
        created_at: Moment::now(),
        expires_at: None,
        error: None,
    };
    app.store.add_asset(&asset).await?;
    Ok(asset.source_url)
}
