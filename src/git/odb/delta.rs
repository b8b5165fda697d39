//! Deltas: a packed object as instructions to copy from another one and to insert.
//!
//! Format: git's Documentation/gitformat-pack ("Deltified representation").

/// The size in bytes of a delta's result; `None` if it is malformed.
pub(super) fn size(delta: &[u8]) -> Option<usize> {
    let mut rest = delta;
    number(&mut rest)?;
    number(&mut rest)
}

/// Makes an object from its base into `out`, which holds nothing else afterwards; `None` if the delta is malformed or
/// for another base. The caller has looked at the size.
pub(super) fn apply(base: &[u8], delta: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = delta;
    if number(&mut rest)? != base.len() {
        return None;
    }
    let size = number(&mut rest)?;
    out.clear();
    out.reserve(size);
    while let Some((&code, after)) = rest.split_first() {
        rest = after;
        let piece = if code & 0x80 != 0 {
            let mut field = |bits: std::ops::Range<u32>| {
                let mut value = 0;
                for (place, bit) in bits.enumerate() {
                    if code & (1 << bit) != 0 {
                        let (&byte, after) = rest.split_first()?;
                        rest = after;
                        value |= usize::from(byte) << (place * 8);
                    }
                }
                Some(value)
            };
            let start = field(0..4)?;
            let length = match field(4..7)? {
                0 => 0x10000,
                length => length,
            };
            base.get(start..start.checked_add(length)?)?
        } else {
            // Zero is reserved.
            let (piece, after) = rest.split_at_checked(usize::from(code)).filter(|_| code > 0)?;
            rest = after;
            piece
        };
        // Never more than the size announced, however much the instructions copy.
        if piece.len() > size - out.len() {
            return None;
        }
        out.extend_from_slice(piece);
    }
    (out.len() == size).then_some(())
}

/// Seven bits a byte, the lowest first.
fn number(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(value).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base of 5 bytes, result of 6: copy 1..4, insert "xyz".
    const DELTA: &[u8] = &[5, 6, 0x91, 1, 3, 3, b'x', b'y', b'z'];

    #[test]
    fn deltas_copy_and_insert() {
        let mut out = vec![9];
        assert_eq!(size(DELTA), Some(6));
        apply(b"abcde", DELTA, &mut out).unwrap();
        assert_eq!(out, b"bcdxyz");
    }

    #[test]
    fn malformed_deltas_are_told() {
        let mut out = Vec::new();
        for end in 0..DELTA.len() {
            assert!(apply(b"abcde", &DELTA[..end], &mut out).is_none(), "{end}");
        }
        assert!(apply(b"abcd", DELTA, &mut out).is_none(), "another base");
        assert!(apply(b"abcde", &[5, 3, 0x91, 4, 3], &mut out).is_none(), "beyond the base");
        assert!(apply(b"abcde", &[5, 2, 0x91, 1, 3], &mut out).is_none(), "more than it says");
        assert!(apply(b"abcde", &[5, 1, 0], &mut out).is_none(), "a reserved instruction");
        assert!(size(&[0xff; 12]).is_none());
    }
}
