//! Films that another machine renders: what is sent there, what is waited for, what comes back.

mod deliver;
mod order;
mod progress;
mod record;
mod wait;

pub use deliver::fetch;
pub use order::{LocalMedium, Order, SourceArguments, of_body, of_source};
pub use progress::Reporter;
pub use record::Record;
pub use wait::{hand_in, wait};
