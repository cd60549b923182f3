//! A job as its server describes it.

use serde_json::Value;

use super::error::ClientError;
use crate::store::RenderStatus;

/// A job, and everything that was said of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Job {
    /// Its id, in the server's own form.
    pub id: String,
    /// How far it is.
    pub status: RenderStatus,
    /// 0–100.
    pub percent: u8,
    /// What is being done, while it is processed.
    pub stage: Option<String>,
    /// What came out, once completed.
    pub output: Option<JobOutput>,
    /// Code and message, once failed.
    pub error: Option<(String, String)>,
    /// The whole object.
    pub raw: Value,
}

/// The file of a completed job, as far as its server describes it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct JobOutput {
    /// Pixels across and down.
    pub size: Option<(u64, u64)>,
    /// Seconds.
    pub duration: Option<f64>,
    /// Bytes.
    pub size_bytes: Option<u64>,
}

impl Job {
    /// Reads the object of the contract. Fields that are not needed may be missing.
    pub(super) fn read(raw: Value) -> Result<Self, ClientError> {
        let strange = || ClientError::Strange("with something that is no job".to_owned());
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        // Ids become part of addresses and of messages.
        let is_plain = |id: &String| {
            (1..=128).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        let id = text(&raw, "id").filter(is_plain).ok_or_else(strange)?;
        let status = text(&raw, "status").and_then(|name| RenderStatus::from_name(&name));
        let percent = raw.get("progress_percent").and_then(Value::as_f64).unwrap_or(0.0);
        let output = raw.get("output").filter(|output| output.is_object()).map(|output| {
            let number = |name: &str| output.get(name).and_then(Value::as_u64);
            JobOutput {
                size: number("width").zip(number("height")),
                duration: output.get("duration").and_then(Value::as_f64),
                size_bytes: number("size_bytes"),
            }
        });
        let error = raw.get("error").filter(|error| error.is_object()).map(|error| {
            let word = |name, instead: &str| text(error, name).unwrap_or_else(|| instead.to_owned());
            (word("code", "unknown"), word("message", "the server does not say why"))
        });
        Ok(Self {
            id,
            status: status.ok_or_else(strange)?,
            percent: percent.clamp(0.0, 100.0) as u8,
            stage: text(&raw, "progress_stage"),
            output,
            error,
            raw,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn little_of_a_job_has_to_be_there() {
        let job = Job::read(json!({ "id": "render_1", "status": "queued" })).unwrap();
        assert_eq!((job.status, job.percent, job.output), (RenderStatus::Queued, 0, None));
        let job = json!({ "id": "r", "status": "completed", "progress_percent": 99.5,
            "output": { "width": 4, "height": null, "size_bytes": 7 } });
        let job = Job::read(job).unwrap();
        assert_eq!(job.percent, 99);
        assert_eq!(job.output, Some(JobOutput { size: None, duration: None, size_bytes: Some(7) }));
        for odd in
            [json!({}), json!({ "id": "../x", "status": "queued" }), json!({ "id": "a", "status": "x" })]
        {
            assert!(Job::read(odd).is_err());
        }
    }
}
