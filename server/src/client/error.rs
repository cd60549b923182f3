//! Why a server could not be made to do something.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use vid_runtime::plain_reason;

/// Most letters of an answer that are repeated to people.
const MAX_SHOWN: usize = 300;

/// Something that a server found wrong with a body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where, as a JSON pointer; empty for the whole.
    pub pointer: String,
    /// What.
    pub message: String,
}

/// Why a server could not be made to do something.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// What was named as a server is no address of one.
    #[error("`{0}` is not the address of a server, such as https://video.example.org")]
    Address(String),
    /// The key has letters that no header can hold.
    #[error("the API key cannot be sent: it has a letter that is no printable ASCII")]
    Key,
    /// This machine cannot send requests.
    #[error("requests cannot be sent from here: {0}")]
    Setup(String),
    /// Nobody answers, also after several tries.
    #[error("`{host}` cannot be reached: {reason}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// Why.
        reason: String,
    },
    /// The server answers with an error.
    #[error("the server refuses with {status}{}: {message}", code.as_ref().map(|code| format!(" `{code}`")).unwrap_or_default())]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code of the contract, where there is one.
        code: Option<String>,
        /// What it says.
        message: String,
        /// What it found wrong with a body.
        problems: Vec<Problem>,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The answer is not one of the contract.
    #[error("the server answers {0}; is it a render server?")]
    Strange(String),
    /// A file could not be read or written.
    #[error("`{}`: {}", path.display(), plain_reason(source))]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file that was downloaded has not the size that the server says.
    #[error("{received} bytes came of a film that has {expected}")]
    Incomplete {
        /// What came.
        received: u64,
        /// What should have come.
        expected: u64,
    },
    /// The caller has had enough.
    #[error("stopped")]
    Stopped,
}

impl ClientError {
    /// The error that an answer is; `retry_after` is what its header of that name says.
    pub(super) fn of_answer(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let envelope: Option<Value> = serde_json::from_slice(body).ok();
        let error = envelope.as_ref().and_then(|envelope| envelope.get("error"));
        let text = |name: &str| Some(error?.get(name)?.as_str()?.to_owned());
        let shown = || {
            let text = String::from_utf8_lossy(body);
            let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing more");
            line.trim().chars().take(MAX_SHOWN).filter(|letter| !letter.is_control()).collect()
        };
        Self::Refused {
            status,
            code: text("code"),
            message: text("message").unwrap_or_else(shown),
            problems: problems(error.and_then(|error| error.get("details"))),
            retry_after,
        }
    }

    /// Whether the server refuses what was asked with this status.
    pub fn is_status(&self, wanted: u16) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == wanted)
    }
}

/// What `details` name: a list of errors, each with a path.
fn problems(details: Option<&Value>) -> Vec<Problem> {
    let errors = details.and_then(|details| details.get("errors")).and_then(Value::as_array);
    let problem = |error: &Value| {
        let path = error.get("path").and_then(Value::as_array);
        let pointer = path.into_iter().flatten().map(|step| match step {
            Value::String(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            other => format!("/{other}"),
        });
        Some(Problem { pointer: pointer.collect(), message: error.get("message")?.as_str()?.to_owned() })
    };
    errors.into_iter().flatten().filter_map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_repeated() {
        let body = br#"{"error":{"code":"invalid_request","message":"no","details":{"errors":[
            {"path":["elements",0,"out_point"],"message":"is too early","type":"x"}, 7]}}}"#;
        let error = ClientError::of_answer(422, None, body);
        assert_eq!(error.to_string(), "the server refuses with 422 `invalid_request`: no");
        let ClientError::Refused { problems, .. } = error else { panic!() };
        let wanted =
            Problem { pointer: "/elements/0/out_point".to_owned(), message: "is too early".to_owned() };
        assert_eq!(problems, [wanted]);
        let proxy = ClientError::of_answer(502, None, b"\n<h1>Bad Gateway</h1>\nnginx");
        assert_eq!(proxy.to_string(), "the server refuses with 502: <h1>Bad Gateway</h1>");
        assert_eq!(
            ClientError::of_answer(404, None, b"").to_string(),
            "the server refuses with 404: it says nothing more"
        );
    }
}
