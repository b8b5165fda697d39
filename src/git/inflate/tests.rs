//! Streams of another encoder are inflated to what they hold, whatever is foreseen; broken ones are unusual.

use std::io::Write as _;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// Texts that copy from themselves, as trees do, with stretches that do not.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => prop::collection::vec(any::<u8>(), 0..60),
        4 => prop::collection::vec(b'a'..=b'p', 0..60),
        4 => (0_u32..400).prop_map(|number| format!("100644 module_{number:05}.py\0").into_bytes()),
        1 => (any::<u8>(), 1_usize..700).prop_map(|(byte, length)| vec![byte; length]),
        1 => (any::<[u8; 2]>(), 1_usize..300).prop_map(|(pair, count)| pair.repeat(count)),
    ];
    (prop::collection::vec(part, 0..80), 1_usize..6).prop_map(|(parts, times)| parts.concat().repeat(times))
}

/// Inflates as the walk over a tree does: follows what is foreseen, and goes on in small steps where that is wrong.
fn inflate(stream: &[u8], foreseen: &[u8], step: usize) -> Result<Vec<u8>, Unusual> {
    inflate_to(stream, 64 << 20, foreseen, step)
}

fn inflate_to(stream: &[u8], size: usize, foreseen: &[u8], step: usize) -> Result<Vec<u8>, Unusual> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"before").and_then(|()| file.write_all(stream)).unwrap();
    let mut inflater = Inflater::new(file, 6, size);
    let mut window = vec![0; 1 << 20];
    let mut at = 0;
    while !inflater.has_ended() {
        if window.len() - at < 2 * step + LONGEST_COPY {
            window.resize(window.len() * 2, 0);
        }
        let end = foreseen.len().min(at + step);
        if let Some(part) = foreseen.get(at..end).filter(|part| !part.is_empty()) {
            window[at..end].copy_from_slice(part);
            // Whatever is said to be an id, be it copied or not, or passed already.
            let ids: Vec<_> = (at - at.min(step)..end).step_by(step % 30 + 1).collect();
            let progress = inflater.follow(&mut window, at, end, &ids)?;
            assert!((at..=progress.at).contains(&progress.right) && progress.at <= end + LONGEST_COPY);
            assert_eq!(window[at..progress.right], foreseen[at..progress.right]);
            at = progress.at;
            if progress.right == end {
                continue;
            }
        }
        at = inflater.inflate(&mut window, at, at + step % 50 + 1)?;
    }
    window.truncate(at);
    Ok(window)
}

proptest! {
    #[test]
    fn all_is_inflated_whatever_is_foreseen(
        text in text(),
        level in 0_u8..=10,
        wrong in prop::collection::vec((any::<Index>(), any::<u8>()), 0..12),
        cut in any::<Index>(),
        is_cut: bool,
        step in 1_usize..20_000,
    ) {
        let stream = miniz_oxide::deflate::compress_to_vec_zlib(&text, level);
        let mut foreseen = text.clone();
        for (place, byte) in wrong.iter().filter(|_| !text.is_empty()) {
            foreseen[place.index(text.len())] = *byte;
        }
        if is_cut {
            foreseen.truncate(cut.index(text.len() + 1));
        } else {
            foreseen.extend(b"more than there is");
        }
        prop_assert!(inflate(&stream, &foreseen, step).unwrap() == text);
    }

    #[test]
    fn a_broken_stream_is_unusual_or_whole_for_others_as_well(
        text in text(),
        level in 0_u8..=10,
        place in any::<Index>(),
        byte: u8,
        is_cut: bool,
    ) {
        let mut stream = miniz_oxide::deflate::compress_to_vec_zlib(&text, level);
        let place = place.index(stream.len());
        if is_cut {
            stream.truncate(place);
        } else {
            stream[place] = byte;
        }
        if let Ok(inflated) = inflate(&stream, &text, 4_000) {
            let mut out = vec![0; inflated.len() + 1];
            let mut decoder = sirocco::inflate::Decoder::new(sirocco::Format::Zlib);
            let progress = decoder.decompress(&stream, &mut out, true).unwrap();
            prop_assert!(progress.done && progress.output == inflated);
        }
    }

    #[test]
    fn noise_is_unusual(noise in prop::collection::vec(any::<u8>(), 0..400), text in text()) {
        // heads of blocks of each kind
        for head in [&b""[..], b"\x78\x01", b"\x78\x01\x00", b"\x78\x01\x03", b"\x78\x01\x05"] {
            prop_assert!(inflate(&[head, &noise].concat(), &text, 500).is_err());
        }
    }
}

#[test]
fn a_stream_that_is_cut_or_has_another_checksum_is_unusual() {
    let text = b"100644 a.py\0and what follows\n".repeat(300);
    for level in [0, 1, 6] {
        let stream = miniz_oxide::deflate::compress_to_vec_zlib(&text, level);
        assert!(inflate(&stream, &text, 700).is_ok());
        assert!(inflate(&[&stream, &b"and more"[..]].concat(), &text, 700).is_ok());
        for end in 0..stream.len() {
            assert!(inflate(&stream[..end], &text, 700).is_err(), "{level} {end}");
        }
        for at in stream.len() - 4..stream.len() {
            let mut other = stream.clone();
            other[at] ^= 1;
            assert!(inflate(&other, &text, 700).is_err(), "{level} {at}");
        }
    }
}

/// Ids are read at once where nothing is copied into them; here each but a few differs from what is foreseen somewhere.
#[test]
fn ids_that_are_not_as_foreseen_are_seen_at_every_byte() {
    let id = |line: usize, byte: usize| (line * 97 + byte * 31 + line * line * byte) as u8;
    let text = |changed: Option<usize>| -> Vec<u8> {
        let line = |line| {
            let ids = (0..20).map(move |byte| id(line, byte) ^ u8::from(changed == Some(line * 20 + byte)));
            [format!("100644 module_{line:05}.py\0").into_bytes(), ids.collect()].concat()
        };
        (0..40).flat_map(line).collect()
    };
    let (old, ids) = (text(None), (0..40).map(|line| line * 43 + 23).collect::<Vec<_>>());
    for level in [1, 6] {
        let stream = miniz_oxide::deflate::compress_to_vec_zlib(&old, level);
        for changed in 0..40 * 20 {
            let mut window = text(Some(changed));
            let end = window.len();
            window.resize(end + LONGEST_COPY, 0);
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&stream).unwrap();
            let progress = Inflater::new(file, 0, end).follow(&mut window, 0, end, &ids).unwrap();
            let place = changed / 20 * 43 + 23 + changed % 20;
            assert!(progress.right <= place && place < progress.at, "{place} {}", progress.right);
            assert_eq!(window[..progress.at], old[..progress.at]);
        }
    }
}

#[test]
fn very_many_blocks_are_unusual() {
    let stream = |blocks: usize| {
        // Each is empty, and has the fixed codes: not the last one, `01`, and the seven zeros of its end.
        let empty = [false, true, false].into_iter().chain([false; 7]);
        let last = [true, true, false].into_iter().chain([false; 7]);
        let bits: Vec<bool> = empty.clone().cycle().take(10 * blocks).chain(last).collect();
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte: u8, &bit| byte << 1 | u8::from(bit));
        [&[0x78, 0x01][..], &bits.chunks(8).map(byte).collect::<Vec<_>>(), &[0, 0, 0, 1]].concat()
    };
    assert!(inflate_to(&stream(10), 0, &[], 300).unwrap().is_empty());
    assert!(inflate_to(&stream(FEW_BLOCKS), 0, &[], 300).is_err());
    assert!(inflate_to(&stream(FEW_BLOCKS), LEAST_BLOCK, &[], 300).is_ok());
}
