//! What an MP3 says of the samples that its encoder put around the sound.
//!
//! An MP3 holds whole packets, and its encoder looks ahead; so it begins later and lasts longer than the
//! sound that was encoded. Encoders note by how much in the first packet, which holds no sound: the samples
//! before and after. FFmpeg leaves them out when it decodes, and counts them when it says how long the file
//! is. Whoever plays such a file again and again would hear a hole.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use vid_timeline::Time;

/// Bytes of the first packet that are looked at.
const PACKET_BYTES: usize = 256;
/// Sample rates of MPEG-1; those of MPEG-2 are half of them, those of MPEG-2.5 a quarter.
const RATES: [u32; 3] = [44_100, 48_000, 32_000];

/// How much longer the file says it is than its sound; `None` where its encoder left no note.
pub(super) fn padding(path: &Path) -> Option<Time> {
    let mut file = File::open(path).ok()?;
    let mut head = [0; 10];
    file.read_exact(&mut head).ok()?;
    let start = if head.starts_with(b"ID3") { end_of_tag(&head)? } else { 0 };
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut packet = Vec::with_capacity(PACKET_BYTES);
    file.take(PACKET_BYTES as u64).read_to_end(&mut packet).ok()?;
    noted(&packet)
}

/// First byte after an ID3v2 tag: its size is in seven bits of each of four bytes.
fn end_of_tag(head: &[u8; 10]) -> Option<u64> {
    let size =
        head[6..].iter().try_fold(0, |size, byte| (*byte < 128).then_some(size << 7 | u64::from(*byte)))?;
    let footer = if head[5] & 0x10 == 0 { 0 } else { 10 };
    Some(10 + size + footer)
}

/// The note in a packet.
fn noted(packet: &[u8]) -> Option<Time> {
    let [0xff, sync, rate, channels, ..] = *packet else { return None };
    // Layer III alone has the note.
    if sync & 0xe6 != 0xe2 {
        return None;
    }
    let slower = match sync >> 3 & 3 {
        3 => 1,
        2 => 2,
        0 => 4,
        _ => return None,
    };
    let rate = RATES.get(usize::from(rate >> 2 & 3))? / slower;
    let is_mono = channels >> 6 == 3;
    let side = match (slower, is_mono) {
        (1, false) => 32,
        (1, true) | (_, false) => 17,
        (_, true) => 9,
    };
    let note = packet.get(4 + side..)?;
    if !note.starts_with(b"Xing") && !note.starts_with(b"Info") {
        return None;
    }
    let flags = u32::from_be_bytes(note.get(4..8)?.try_into().ok()?);
    // Number of packets, of bytes, a table of places, and a quality, where they are there. FFmpeg knows the
    // length by the first.
    if flags & 1 == 0 {
        return None;
    }
    let fields = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let size: usize = fields.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, size)| size).sum();
    let encoder = note.get(8 + size..)?;
    // Others mean other things by the same bytes.
    if ![b"LAME", b"Lavf", b"Lavc"].iter().any(|name| encoder.starts_with(*name)) {
        return None;
    }
    let [high, middle, low] = *encoder.get(21..24)? else { return None };
    let before = u32::from(high) << 4 | u32::from(middle >> 4);
    let after = u32::from(middle & 15) << 8 | u32::from(low);
    Some(Time::new(i64::from(before + after), i64::from(rate)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first packet of a mono file at 44.1 kHz, by an encoder of that name.
    fn packet(name: &[u8; 4], flags: u8) -> Vec<u8> {
        let mut packet = vec![0xff, 0xfb, 0x50, 0xc4];
        packet.resize(4 + 17, 0);
        packet.extend_from_slice(b"Info");
        packet.extend_from_slice(&[0, 0, 0, flags]);
        packet.resize(packet.len() + if flags & 4 == 0 { 4 } else { 104 }, 9);
        packet.extend_from_slice(name);
        packet.resize(packet.len() + 17, 0);
        // 576 samples before, 1080 after.
        packet.extend_from_slice(&[0x24, 0x04, 0x38]);
        packet
    }

    #[test]
    fn what_the_encoder_notes_is_found() {
        let wanted = Some(Time::new(576 + 1080, 44_100));
        assert_eq!(noted(&packet(b"LAME", 1)), wanted);
        assert_eq!(noted(&packet(b"Lavc", 5)), wanted);
        assert_eq!(noted(&packet(b"GOGO", 1)), None);
        assert_eq!(noted(&packet(b"LAME", 1)[..40]), None);
        assert_eq!(noted(&[]), None);
        assert_eq!(end_of_tag(b"ID3\x04\0\0\0\0\x01\x02"), Some(10 + 130));
        assert_eq!(end_of_tag(b"ID3\x04\0\0\xff\0\x01\x02"), None);
    }
}
