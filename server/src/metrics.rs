//! What this process has counted since it began, and how it is written for Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::store::{DeliveryStatus, RenderStatus};

/// Upper ends of the times of answers, in milliseconds; what takes longer has no end.
const ENDS_MILLIS: [u64; 10] = [1, 5, 10, 20, 50, 100, 250, 1000, 5000, 30_000];
/// Classes of statuses, from 100 on.
const CLASSES: usize = 5;

/// The counters.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [AtomicU64; CLASSES],
    // One more than there are ends: what took longer than the last.
    times: [AtomicU64; ENDS_MILLIS.len() + 1],
    time_micros: AtomicU64,
    deliveries: [AtomicU64; 3],
    received_bytes: AtomicU64,
}

impl Metrics {
    /// A request was answered with this status after this time.
    pub fn answered(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, CLASSES) - 1;
        self.answers[class].fetch_add(1, Ordering::Relaxed);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let bucket = ENDS_MILLIS.iter().position(|end| millis < *end).unwrap_or(ENDS_MILLIS.len());
        self.times[bucket].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.time_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// An attempt to deliver an event was made.
    pub fn delivered(&self, status: DeliveryStatus) {
        let place = match status {
            DeliveryStatus::Succeeded => 0,
            DeliveryStatus::Failed => 1,
            DeliveryStatus::Dead => 2,
            DeliveryStatus::Pending => return,
        };
        self.deliveries[place].fetch_add(1, Ordering::Relaxed);
    }

    /// Bytes of media came in.
    pub fn received(&self, bytes: u64) {
        self.received_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Everything in Prometheus's text format, with how many renders have each status.
    pub fn text(&self, census: &[(RenderStatus, i64)]) -> String {
        let mut text = Text::default();
        text.family("vid_renders", "gauge", "Renders that are kept, by status.");
        for status in RenderStatus::ALL {
            let count = census.iter().find(|(found, _)| found == status).map_or(0, |(_, count)| *count);
            text.line("vid_renders", &format!("status=\"{status}\""), count);
        }
        text.family("vid_http_responses_total", "counter", "Requests answered by this process.");
        for (class, count) in self.answers.iter().enumerate() {
            text.line("vid_http_responses_total", &format!("class=\"{}xx\"", class + 1), load(count));
        }
        text.family(
            "vid_http_response_seconds",
            "histogram",
            "Time from a request to the head of its answer.",
        );
        let mut sum = 0;
        for (place, count) in self.times.iter().enumerate() {
            sum += load(count);
            let end = ENDS_MILLIS.get(place).map_or_else(|| "+Inf".to_owned(), |end| seconds(end * 1000));
            text.line("vid_http_response_seconds_bucket", &format!("le=\"{end}\""), sum);
        }
        text.line("vid_http_response_seconds_sum", "", seconds(load(&self.time_micros)));
        text.line("vid_http_response_seconds_count", "", sum);
        text.family("vid_webhook_attempts_total", "counter", "Attempts to deliver events, by outcome.");
        for (outcome, count) in ["succeeded", "failed", "dead"].into_iter().zip(&self.deliveries) {
            text.line("vid_webhook_attempts_total", &format!("outcome=\"{outcome}\""), load(count));
        }
        text.family("vid_media_received_bytes_total", "counter", "Bytes of media that were sent or fetched.");
        text.line("vid_media_received_bytes_total", "", load(&self.received_bytes));
        text.0
    }
}

fn load(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

/// Microseconds as seconds, without rounding and without needless noughts.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            labels => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.answered(202, Duration::from_micros(1500));
        metrics.answered(404, Duration::from_secs(60));
        metrics.delivered(DeliveryStatus::Dead);
        metrics.received(7);
        let text = metrics.text(&[(RenderStatus::Queued, 3)]);
        let told: Vec<&str> =
            text.lines().filter(|line| !line.starts_with('#') && !line.ends_with(" 0")).collect();
        expect_test::expect![[r#"
            vid_renders{status="queued"} 3
            vid_http_responses_total{class="2xx"} 1
            vid_http_responses_total{class="4xx"} 1
            vid_http_response_seconds_bucket{le="0.005"} 1
            vid_http_response_seconds_bucket{le="0.01"} 1
            vid_http_response_seconds_bucket{le="0.02"} 1
            vid_http_response_seconds_bucket{le="0.05"} 1
            vid_http_response_seconds_bucket{le="0.1"} 1
            vid_http_response_seconds_bucket{le="0.25"} 1
            vid_http_response_seconds_bucket{le="1"} 1
            vid_http_response_seconds_bucket{le="5"} 1
            vid_http_response_seconds_bucket{le="30"} 1
            vid_http_response_seconds_bucket{le="+Inf"} 2
            vid_http_response_seconds_sum 60.0015
            vid_http_response_seconds_count 2
            vid_webhook_attempts_total{outcome="dead"} 1
            vid_media_received_bytes_total 7"#]]
        .assert_eq(&told.join("\n"));
    }
}
