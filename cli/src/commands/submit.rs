//! `vid submit`: a film that a server renders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use vid_server::client::{ClientError, Job, Remote};
use vid_server::config::Secret;
use vid_server::store::RenderStatus;

use crate::arguments::{AssetArguments, CompositionArguments};
use crate::bake::BakeArguments;
use crate::dependencies::Dependencies;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::film::{self, Input};
use crate::interrupt;
use crate::output;
use crate::progress::ProgressMode;
use crate::submit::{self, LocalMedium, Order, Record, Reporter, SourceArguments};

/// What `vid submit` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A source (`.vid`) or the body of an API request (`.json`); `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// The file to write; `-` for standard output [default: the name of the output or of the composition,
    /// in this folder]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// The server, such as https://video.example.org
    #[arg(long, value_name = "URL", env = "VID_SERVER")]
    pub server: String,

    /// The key that the server knows you by; better given by the variable, which other users do not see
    #[arg(long, value_name = "KEY", env = "VID_API_KEY", hide_env_values = true, value_parser = secret)]
    pub api_key: Secret,

    /// End as soon as the server has the job, and print its id
    #[arg(long, conflicts_with = "output")]
    pub no_wait: bool,

    /// Who is told how the job goes, in the place of the receivers of the workspace
    #[arg(long, value_name = "URL")]
    pub webhook_url: Option<String>,

    /// The key under which the server takes the job once [default: made of the body]
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,

    /// Print the job as JSON, one line for each
    #[arg(long)]
    pub json: bool,

    /// Which composition of a source.
    #[command(flatten)]
    pub composition: CompositionArguments,

    /// What a body cannot say.
    #[command(flatten)]
    pub bake: BakeArguments,

    /// Where the addresses of a body lead.
    #[command(flatten)]
    pub assets: AssetArguments,

    /// How progress is shown
    #[arg(long, value_enum, default_value_t = ProgressMode::Auto)]
    pub progress: ProgressMode,
}

/// Has a film rendered elsewhere and brings it here.
///
/// # Errors
/// When the film has errors, the server cannot be reached or refuses, the job fails, or a file cannot be
/// written.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let reporter = Reporter::new(arguments.progress);
    let done = submit(arguments, &reporter);
    if let Err(failure) = &done {
        reporter.failed(failure);
    }
    done.map(|()| Exit::Success)
}

fn submit(arguments: &Arguments, reporter: &Reporter) -> Result<(), Failure> {
    let token = interrupt::token();
    let stop = Arc::new(move || token.is_cancelled());
    let remote = Remote::new(&arguments.server, &arguments.api_key, stop).map_err(Failure::client)?;
    let (mut orders, media) = orders(arguments)?;
    if orders.len() > 1 && arguments.idempotency_key.is_some() {
        return Err(Failure::usage(format!(
            "the film has {} outputs, and one key is good for one job; name one of them with `--output`",
            orders.len()
        )));
    }
    let folder = match arguments.bake.cache.no_cache {
        true => None,
        false => arguments.bake.cache.folder().ok(),
    };
    let mut record = Record::open(folder, &arguments.server, &arguments.api_key);
    let addresses = send(&remote, &media, &mut record, reporter)?;
    let mut jobs = Vec::with_capacity(orders.len());
    for order in &mut orders {
        order.sent(&addresses);
        let key = arguments.idempotency_key.as_deref();
        let handed = submit::hand_in(&remote, &order.body.to_string(), key);
        let submission = handed.map_err(|error| Failure::of_submission(error, &arguments.file))?;
        if submission.is_replayed && !arguments.json {
            eprintln!("note: the server has this job already, as {}", submission.job.id);
        }
        jobs.push(submission.job);
    }
    if arguments.no_wait {
        return jobs.iter().try_for_each(|job| print(arguments, job, ""));
    }
    for (order, job) in orders.iter().zip(jobs) {
        let id = job.id.clone();
        let job = submit::wait(&remote, job, reporter).map_err(|error| Failure::of_job(error, &id))?;
        if job.status == RenderStatus::Completed {
            bring(arguments, &remote, order, &job, reporter)?;
            continue;
        }
        if matches!(&job.error, Some((code, _)) if code == "source_not_found" || code == "invalid_source") {
            record.forget(media.keys());
        }
        if arguments.json {
            print(arguments, &job, "")?;
        }
        return Err(Failure::Job {
            id: job.id,
            status: job.status.name(),
            code: job.error.as_ref().map(|(code, _)| code.clone()),
            message: job.error.map_or_else(|| "somebody called it off".to_owned(), |(_, message)| message),
        });
    }
    Ok(())
}

/// The bodies to submit, and the local media that they name.
fn orders(arguments: &Arguments) -> Result<(Vec<Order>, BTreeMap<String, LocalMedium>), Failure> {
    let cache = arguments.bake.cache.open()?;
    let index = cache.store.index();
    let (file, output, webhook_url) =
        (&*arguments.file, arguments.output.as_deref(), arguments.webhook_url.as_deref());
    match film::input_of(file).map_err(|error| Failure::input(file, error))? {
        Input::Source(text) => {
            film::refuse_assets(&arguments.assets)?;
            let (composition, bake) = (&arguments.composition, &arguments.bake);
            let source = SourceArguments { file, output, composition, bake, webhook_url };
            submit::of_source(&source, text.as_deref(), index, &mut Dependencies::default())
        }
        Input::Body(text) => {
            film::refuse_parameters(&arguments.composition)?;
            if arguments.bake.bake.is_some() {
                return Err(Failure::usage("`--bake` is for sources; a body says all it has to say"));
            }
            submit::of_body(file, &text, output, &arguments.assets, webhook_url, index)
        }
    }
}

/// Sends what the server does not have. Returns where each file is there.
fn send(
    remote: &Remote,
    media: &BTreeMap<String, LocalMedium>,
    record: &mut Record,
    reporter: &Reporter,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut addresses = BTreeMap::new();
    for (stand_in, LocalMedium { path, content_type }) in media {
        let known = record.find(stand_in).map(str::to_owned);
        let address = match known {
            Some(address) => address,
            None => {
                let all = std::fs::metadata(path).map_err(|error| Failure::input(path, error))?.len();
                let name = path.display().to_string();
                reporter.upload(&name, 0, all);
                let told = |sent| reporter.upload(&name, sent, all);
                let address = remote.upload(path, content_type, &told);
                let address = address.map_err(|error| Failure::of_upload(error, path))?;
                reporter.upload(&name, all, all);
                record.add(stand_in, &address);
                address
            }
        };
        addresses.insert(stand_in.clone(), address);
    }
    Ok(addresses)
}

fn bring(
    arguments: &Arguments,
    remote: &Remote,
    order: &Order,
    job: &Job,
    reporter: &Reporter,
) -> Result<(), Failure> {
    let name = order.name();
    let delivery = submit::fetch(remote, job, &order.destination, &name, reporter)?;
    reporter.done(job, &name, delivery.bytes);
    // What goes to standard output is the film and nothing else.
    match output::is_dash(&order.destination) {
        true => Ok(()),
        false => print(arguments, job, &name),
    }
}

fn print(arguments: &Arguments, job: &Job, name: &str) -> Result<(), Failure> {
    if arguments.json {
        return output::print(format!("{}\n", job.raw));
    }
    let mut facts: Vec<String> = Vec::new();
    if !name.is_empty() {
        facts.push(name.to_owned());
    }
    if let Some(made) = &job.output {
        facts.extend(made.size.map(|(width, height)| format!("{width}x{height}")));
        facts.extend(made.duration.map(|seconds| format!("{seconds} s")));
        facts.extend(made.size_bytes.map(|bytes| format!("{bytes} bytes")));
    }
    let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
    output::print(format!("{} {}{facts}\n", job.id, job.status.name()))
}

#[expect(clippy::unnecessary_wraps, reason = "a parser of clap returns a result")]
fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret::new(text.to_owned()))
}

impl Failure {
    /// The server itself is the trouble.
    fn client(error: ClientError) -> Self {
        match error {
            ClientError::Address(_) | ClientError::Key => Self::Usage(error.to_string()),
            error => Self::Client { error: Box::new(error), about: String::new(), job: None },
        }
    }

    fn of_upload(error: ClientError, path: &Path) -> Self {
        match error {
            ClientError::File { source, .. } => Self::input(path, source),
            error => Self::Client {
                error: Box::new(error),
                about: format!("`{}` was not taken: ", path.display()),
                job: None,
            },
        }
    }

    /// What the server found wrong with the body is shown where it stands.
    fn of_submission(error: ClientError, file: &Path) -> Self {
        if let ClientError::Refused { problems, .. } = &error {
            for problem in problems {
                eprintln!("error[server]: {}", problem.message);
                eprintln!("  --> {}: {} of its body", file.display(), problem.pointer);
            }
        }
        Self::client(error)
    }

    fn of_job(error: ClientError, id: &str) -> Self {
        Self::Client { error: Box::new(error), about: String::new(), job: Some(id.to_owned()) }
    }

    /// What could not be fetched or written.
    pub fn of_download(error: ClientError, destination: &Path, id: &str) -> Self {
        match error {
            ClientError::File { source, .. } => Self::output(destination, source),
            error => Self::of_job(error, id),
        }
    }
}
