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
