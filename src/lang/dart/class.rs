//! Byte classes: the bytes at which the scanner stops.

use crate::lang::lex::byte_classes;

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
pub(super) static CLASS: [ByteClass; 256] = byte_classes(
    ByteClass::Plain,
    [
        (b'"', ByteClass::Quote),
        (b'\'', ByteClass::Quote),
        (b'/', ByteClass::Slash),
        (b'{', ByteClass::Open),
        (b'}', ByteClass::Close),
    ],
);
