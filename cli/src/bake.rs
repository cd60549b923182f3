//! Elements that a body cannot hold, rendered to files that it can name.

use std::path::{Path, PathBuf};

use clap::Args;
use vid_runtime::store::SegmentStore;
use vid_runtime::text::FontLibrary;
use vid_runtime::{Assets, ContentHash, RenderError, RenderRequest, Silent, Verify, render};
use vid_timeline::Timeline;
use vid_timeline::api::{Bake, ToJsonOptions, bakes};

use crate::cache::CacheArguments;
use crate::dependencies::Dependencies;
use crate::failure::Failure;
use crate::intake;
use crate::interrupt;
use crate::project::Project;

/// Letters of the hash in a file's name: more than enough to tell files apart.
const NAME_LENGTH: usize = 32;

/// Whether elements are baked, and where to.
#[derive(Args, Clone, Debug)]
pub struct BakeArguments {
    /// Render what a body cannot say to files in this folder, which lies below the folder of the source,
    /// and name them in the body
    #[arg(long, value_name = "DIR")]
    pub bake: Option<PathBuf>,

    /// Where the cache is.
    #[command(flatten)]
    pub cache: CacheArguments,
}

/// The film with files in the place of the elements that a body cannot hold.
///
/// # Errors
/// When the folder does not lie below that of the source, or an element cannot be rendered here.
pub fn baked(
    timeline: &Timeline,
    options: &ToJsonOptions,
    arguments: &BakeArguments,
    project: &Project,
    dependencies: &mut Dependencies,
) -> Result<Timeline, Failure> {
    let mut film = timeline.clone();
    let (Some(folder), bakes) = (&arguments.bake, bakes(timeline, options)) else { return Ok(film) };
    if bakes.is_empty() {
        return Ok(film);
    }
    std::fs::create_dir_all(folder).map_err(|error| Failure::output(folder, error))?;
    let named = place_below(project.folder(), folder)?;
    let cache = arguments.cache.open()?;
    let assets = assets_of(&bakes, timeline, cache.store.index())?;
    dependencies.extend(assets.paths());
    let cancel = interrupt::token();
    for bake in &bakes {
        let id = timeline.elements.get(bake.element).map_or("", |element| element.id.as_str());
        let file = render_one(bake, folder, &assets, &cache.store, &cancel)?;
        eprintln!("vid: baked `{id}` into `{}`", folder.join(&file).display());
        bake.put(&mut film, named.join(file).to_string_lossy().into_owned());
    }
    Ok(film)
}

/// The folder as the source would name it.
fn place_below(root: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let here = |path: &Path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() };
    let absolute = |path: &Path| here(path).canonicalize().map_err(|error| Failure::output(path, error));
    let (top, inner) = (absolute(root)?, absolute(folder)?);
    match inner.strip_prefix(&top) {
        Ok(below) if below.as_os_str().is_empty() => Ok(root.to_owned()),
        Ok(below) => Ok(root.join(below)),
        Err(_) => Err(Failure::usage(format!(
            "`{}` is not below `{}`, the folder that `--asset-base` stands for",
            folder.display(),
            top.display()
        ))),
    }
}

/// The files of all elements that are baked.
fn assets_of(
    bakes: &[Bake],
    timeline: &Timeline,
    index: &vid_runtime::store::HashIndex,
) -> Result<Assets, Failure> {
    let alone = bakes.iter().flat_map(|bake| bake.film.elements.iter().cloned());
    let all = Timeline { elements: alone.collect(), transitions: Vec::new(), ..timeline.clone() };
    let locate = |location: &str| match location.starts_with("http://") || location.starts_with("https://") {
        true => Err(RenderError::Remote { location: location.to_owned() }),
        false => Ok(PathBuf::from(location)),
    };
    Ok(Assets::gather_through(intake::intake(), &all, FontLibrary::system(), index, &locate)?)
}

/// Renders one element; gives the name of its file, which is the hash of what is in it.
fn render_one(
    bake: &Bake,
    folder: &Path,
    assets: &Assets,
    store: &SegmentStore,
    cancel: &vid_runtime::CancelToken,
) -> Result<String, Failure> {
    let unwritten = |error| Failure::output(folder, error);
    let work = tempfile::Builder::new().prefix(".vid-").tempdir_in(folder).map_err(unwritten)?;
    let made = work.path().join("element").with_extension(bake.kind.name());
    render(&RenderRequest {
        timeline: &bake.film,
        assets,
        executor: &vid_runtime::Executor::Cpu,
        output: 0,
        window: Some(bake.window.clone()),
        verify: Verify::Trust,
        destination: &made,
        store,
        workers: None,
        progress: &Silent,
        cancel,
    })?;
    let bytes = std::fs::read(&made).map_err(unwritten)?;
    let hash = ContentHash::of(&bytes).to_hex();
    let name = format!("{}.{}", &hash[..NAME_LENGTH], bake.kind.name());
    std::fs::rename(&made, folder.join(&name)).map_err(unwritten)?;
    Ok(name)
}
