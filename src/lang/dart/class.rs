//! Which bytes the scanner stops at.

/// What a byte may start in code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing that matters here.
    Plain,
    Quote,
    Slash,
    Open,
    Close,
}

/// The class of each byte.
pub(super) static CLASS: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    classes[b'"' as usize] = Class::Quote;
    classes[b'\'' as usize] = Class::Quote;
    classes[b'/' as usize] = Class::Slash;
    classes[b'{' as usize] = Class::Open;
    classes[b'}' as usize] = Class::Close;
    classes
};

/// Past the bytes that mean nothing here: most of a text, so four are looked at in a turn.
pub(super) fn past_plain(text: &[u8], mut at: usize) -> usize {
    let plain = |byte: u8| CLASS[usize::from(byte)] == Class::Plain;
    while let Some(&[a, b, c, d]) = text.get(at..).and_then(<[u8]>::first_chunk) {
        if !plain(a) {
            return at;
        }
        if !plain(b) {
            return at + 1;
        }
        if !plain(c) {
            return at + 2;
        }
        if !plain(d) {
            return at + 3;
        }
        at += 4;
    }
    at + text.get(at..).unwrap_or_default().iter().take_while(|&&byte| plain(byte)).count()
}
