//! Chains of deltas whose instructions are the input; the base of each is the previous one. As
//! importgate reads deltas by gix, they are compared with a second reader: plain, and slow.
//!
//! Input: a byte for the hash and the form of sizes, two bytes of length and the base, then for
//! each delta two bytes of length and its bytes.

use std::collections::BTreeMap;

use gix::hash::ObjectId;

use super::pack_entry::adler32;
use crate::{input, pack};

const MAX_DELTAS: usize = 300;
/// Maximum size of a content that is kept for comparison, in bytes.
const MAX_CONTENT_BYTES: usize = 1 << 20;
const OFS_DELTA: u8 = 6;
const REF_DELTA: u8 = 7;

pub fn run(input: &[u8]) {
    let Some((&flags, mut rest)) = input.split_first() else { return };
    let hash = input::hash(flags);
    let Some(base) = piece(&mut rest) else { return };
    let id = |number: usize| {
        let mut id = ObjectId::null(hash);
        id.as_mut_slice()[..2].copy_from_slice(&(number as u16).wrapping_mul(0x4321).to_be_bytes());
        id
    };
    let mut pack = b"PACK\0\0\0\x02\0\0\0\0".to_vec();
    let mut offsets = BTreeMap::from([(id(0), 12)]);
    // A commit, tree, blob or tag; the content does not matter.
    entry(&mut pack, 1 + (flags >> 2 & 3), base.len(), &[], base);
    let (mut last, mut size) = (12_usize, base.len());
    let mut contents = BTreeMap::from([(12, Some(base.to_vec()))]);
    for number in 1..=MAX_DELTAS {
        let Some(instructions) = piece(&mut rest) else { break };
        let is_told = flags & 2 == 0;
        let made = made(instructions);
        let delta =
            if is_told { [&number_of(size), &number_of(made), instructions].concat() } else { instructions.to_vec() };
        size = made;
        let at = pack.len();
        let before = contents.get(&(last as u64)).and_then(Option::as_ref);
        contents.insert(at as u64, before.and_then(|before| applied(before, &delta)));
        // The base is named by id or by distance.
        if (number + usize::from(flags >> 4)) % 3 == 0 {
            entry(&mut pack, REF_DELTA, delta.len(), id(number - 1).as_bytes(), &delta);
        } else {
            entry(&mut pack, OFS_DELTA, delta.len(), &distance(at - last), &delta);
        }
        offsets.insert(id(number), at as u32);
        last = at;
    }
    pack.extend(vec![0; hash.len_in_bytes()]);
    let known = |offset| contents.get(&offset).map(|content| content.clone().unwrap_or_else(|| b"malformed".to_vec()));
    pack::compare(&pack, &offsets, hash, &known);
}

fn piece<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = input::be16(rest)?.min(rest.len());
    let (piece, after) = rest.split_at(length);
    *rest = after;
    Some(piece)
}

/// Applies a delta to its base (gitformat-pack, "Deltified representation"); `None` if it is
/// malformed, or if the result would be over [`MAX_CONTENT_BYTES`].
fn applied(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = delta.iter().copied();
    let mut size = || {
        let (mut value, mut shift) = (0_u128, 0);
        loop {
            let byte = bytes.next()?;
            value |= u128::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 || shift > 100 {
                return Some(value);
            }
        }
    };
    let (base_size, size) = (size()?, size()?);
    let mut content = Vec::new();
    while let Some(code) = bytes.next() {
        if code & 0x80 == 0 {
            let inserted: Vec<u8> = bytes.by_ref().take(usize::from(code)).collect();
            if code == 0 || inserted.len() < usize::from(code) {
                return None;
            }
            content.extend(inserted);
            continue;
        }
        let mut field = [0_usize; 7];
        for (bit, value) in field.iter_mut().enumerate() {
            if code >> bit & 1 != 0 {
                *value = usize::from(bytes.next()?);
            }
        }
        let [a, b, c, d, e, f, g] = field;
        let (start, length) = (a | b << 8 | c << 16 | d << 24, e | f << 8 | g << 16);
        let length = if length == 0 { 0x10000 } else { length };
        content.extend_from_slice(base.get(start..start + length)?);
        if content.len() > MAX_CONTENT_BYTES {
            return None;
        }
    }
    (base_size == base.len() as u128 && size == content.len() as u128).then_some(content)
}

/// Returns the size of what well-formed instructions make, in bytes.
fn made(instructions: &[u8]) -> usize {
    let (mut at, mut size) = (0, 0);
    while let Some(&code) = instructions.get(at) {
        at += 1;
        if code & 0x80 == 0 {
            size += usize::from(code);
            at += usize::from(code);
            continue;
        }
        at += (code & 0x0f).count_ones() as usize;
        let mut length = 0;
        for bit in 4..7 {
            if code >> bit & 1 != 0 {
                length |= usize::from(instructions.get(at).copied().unwrap_or_default()) << (8 * (bit - 4));
                at += 1;
            }
        }
        size += if length == 0 { 0x10000 } else { length };
    }
    size
}

/// Encodes a delta's size: seven bits a byte, the lowest first.
fn number_of(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// Encodes the distance to a base: seven bits a byte, the highest first, one less in each byte but
/// the last.
fn distance(mut number: usize) -> Vec<u8> {
    let mut bytes = vec![number as u8 & 0x7f];
    while number >= 0x80 {
        number = (number >> 7) - 1;
        bytes.insert(0, number as u8 & 0x7f | 0x80);
    }
    bytes
}

/// Appends an entry: type and size, the base's name, and the content in stored blocks (RFC 1951, 3.2.4).
fn entry(pack: &mut Vec<u8>, number: u8, size: usize, base: &[u8], content: &[u8]) {
    let rest = size >> 4;
    pack.push(number << 4 | size as u8 & 0x0f | if rest > 0 { 0x80 } else { 0 });
    if rest > 0 {
        pack.extend(number_of(rest));
    }
    pack.extend(base);
    pack.extend(b"\x78\x01");
    let blocks: Vec<&[u8]> = if content.is_empty() { vec![b""] } else { content.chunks(0xffff).collect() };
    for (number, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        pack.push(u8::from(number + 1 == blocks.len()));
        pack.extend(length.to_le_bytes());
        pack.extend((!length).to_le_bytes());
        pack.extend(*block);
    }
    pack.extend(adler32(content).to_be_bytes());
}
