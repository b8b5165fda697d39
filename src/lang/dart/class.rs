//! Which bytes the scanner stops at.

/// What a byte may start in code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteClass {
    /// Nothing that matters here.
    Plain,
    Quote,
    Slash,
    Open,
    Close,
}

/// The class of each byte.
pub(super) static CLASS: [ByteClass; 256] = {
    let mut classes = [ByteClass::Plain; 256];
    classes[b'"' as usize] = ByteClass::Quote;
    classes[b'\'' as usize] = ByteClass::Quote;
    classes[b'/' as usize] = ByteClass::Slash;
    classes[b'{' as usize] = ByteClass::Open;
    classes[b'}' as usize] = ByteClass::Close;
    classes
};
