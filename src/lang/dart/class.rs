//! Byte classes: the bytes at which the scanner stops.

/// The construct that a byte may start in code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteClass {
    /// No meaning to the scanner.
    Plain,
    Quote,
    Slash,
    Open,
    Close,
}

/// Class of each byte.
pub(super) static CLASS: [ByteClass; 256] = {
    let mut classes = [ByteClass::Plain; 256];
    classes[b'"' as usize] = ByteClass::Quote;
    classes[b'\'' as usize] = ByteClass::Quote;
    classes[b'/' as usize] = ByteClass::Slash;
    classes[b'{' as usize] = ByteClass::Open;
    classes[b'}' as usize] = ByteClass::Close;
    classes
};
