//! A file as the body of a request.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

/// Bytes that are read at once.
const PIECE: usize = 64 << 10;

/// A file that is sent from its beginning, in pieces, with its length said before.
pub(super) struct FileBody {
    file: File,
    left: u64,
    buffer: Box<[u8]>,
    /// Bytes that were handed over so far.
    sent: Arc<AtomicU64>,
}

impl FileBody {
    /// The first `length` bytes of a file.
    pub(super) fn new(file: File, length: u64, sent: Arc<AtomicU64>) -> Self {
        sent.store(0, Ordering::Relaxed);
        Self { file, left: length, buffer: vec![0; PIECE].into_boxed_slice(), sent }
    }
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let wanted = usize::try_from(this.left).unwrap_or(PIECE).min(PIECE);
        let mut piece = ReadBuf::new(&mut this.buffer[..wanted]);
        match Pin::new(&mut this.file).poll_read(context, &mut piece) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok(())) => {
                let read = Bytes::copy_from_slice(piece.filled());
                if read.is_empty() {
                    // Shorter than it was a moment ago.
                    return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
                }
                this.left -= read.len() as u64;
                this.sent.fetch_add(read.len() as u64, Ordering::Relaxed);
                Poll::Ready(Some(Ok(Frame::data(read))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
