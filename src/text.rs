//! Text of a blob: decoded by its byte order mark, split into lines.

use std::borrow::Cow;
use std::cell::OnceCell;

/// Decoded blob. Offsets are byte positions in [`Text::bytes`]; lines and columns count from 1.
///
/// A line ends at `\n`, `\r\n` or a lone `\r`, as in most languages; git does not count a lone `\r` as a line end.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    bytes: Cow<'a, [u8]>,
    starts: OnceCell<Vec<u32>>,
    /// Number of characters before each multiple of [`STEP_BYTES`], so that looking up a million columns of one long line is
    /// not quadratic.
    steps: OnceCell<Vec<usize>>,
}

/// Distance between two cached character counts.
const STEP_BYTES: usize = 4096;

impl<'a> Text<'a> {
    /// Decodes a blob by its byte order mark: UTF-8 (mark dropped), UTF-16 of either order (decoded). Anything else is kept
    /// as is, including NUL bytes, which hide nothing from an interpreter.
    #[must_use]
    pub fn decode(blob: &'a [u8]) -> Self {
        let bytes = match blob {
            [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
            [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
            [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
            _ => Cow::Borrowed(blob),
        };
        Self::new(bytes)
    }

    /// Decodes an owned blob, without copying it if nothing needs decoding.
    #[must_use]
    pub fn of_blob(mut blob: Vec<u8>) -> Text<'static> {
        if blob.starts_with(&[0xef, 0xbb, 0xbf]) {
            blob.drain(..3);
            return Text::new(blob);
        }
        let decoded = match Text::decode(&blob).bytes {
            Cow::Owned(decoded) => decoded,
            Cow::Borrowed(_) => return Text::new(blob),
        };
        Text::new(decoded)
    }

    /// Returns text that is already decoded.
    #[must_use]
    pub fn new(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { bytes: bytes.into(), starts: OnceCell::new(), steps: OnceCell::new() }
    }

    /// The decoded bytes; usually but not necessarily UTF-8.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of lines; an empty text has none, and the last line needs no terminator.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts().len()
    }

    /// Returns the number of the line that holds `offset`.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts().partition_point(|&start| start as usize <= offset).max(1)
    }

    /// Returns the column of `offset` in its line, in characters.
    #[must_use]
    pub fn column_of(&self, offset: usize) -> usize {
        let offset = offset.min(self.bytes.len());
        let start = self.start_of(self.line_of(offset));
        if offset - start <= STEP_BYTES {
            return 1 + characters(self.bytes.get(start..offset));
        }
        (1 + self.characters_before(offset)).saturating_sub(self.characters_before(start))
    }

    /// Returns the number of characters before `offset` in the whole text.
    fn characters_before(&self, offset: usize) -> usize {
        let step = |number: usize| {
            let at = (number * STEP_BYTES).min(self.bytes.len());
            let inside = |byte: &&u8| **byte & 0xc0 == 0x80;
            at + self.bytes.get(at..).unwrap_or_default().iter().take(3).take_while(inside).count()
        };
        let steps = self.steps.get_or_init(|| {
            let sum = |sum: &mut usize, number: usize| {
                let before = *sum;
                *sum += characters(self.bytes.get(step(number)..step(number + 1)));
                Some(before)
            };
            (0..=self.bytes.len() / STEP_BYTES).scan(0, sum).collect()
        });
        let number = offset / STEP_BYTES;
        steps.get(number).copied().unwrap_or_default() + characters(self.bytes.get(step(number)..offset))
    }

    /// Returns the byte offset of the start of line `number`.
    #[must_use]
    pub fn start_of(&self, number: usize) -> usize {
        let start = number.checked_sub(1).and_then(|index| self.starts().get(index));
        start.map_or(0, |&start| start as usize)
    }

    /// Returns line `number` without its terminator; empty if there is no such line.
    #[must_use]
    pub fn line(&self, number: usize) -> &[u8] {
        let starts = self.starts();
        let Some(&start) = number.checked_sub(1).and_then(|index| starts.get(index)) else { return &[] };
        let end = starts.get(number).map_or(self.bytes.len(), |&end| end as usize);
        let line = self.bytes.get(start as usize..end).unwrap_or_default();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    /// Returns every line in order, without its terminator.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        (1..=self.line_count()).map(|number| self.line(number))
    }

    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| line_starts(&self.bytes))
    }
}

/// Counts characters; 0 for `None`.
fn characters(bytes: Option<&[u8]>) -> usize {
    String::from_utf8_lossy(bytes.unwrap_or_default()).chars().count()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes()
}

fn line_starts(bytes: &[u8]) -> Vec<u32> {
    let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
    if !bytes.is_empty() {
        starts.push(0);
    }
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let is_half = bytes.get(at..).is_some_and(|rest| rest.starts_with(b"\r\n"));
        if !is_half && at + 1 < bytes.len() {
            starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_languages_have_it() {
        let text = Text::decode(b"a\nb\r\nc\rd");
        assert_eq!(text.lines().collect::<Vec<_>>(), [b"a", b"b", b"c", b"d"]);
        assert_eq!((text.line_of(0), text.line_of(2), text.line_of(7)), (1, 2, 4));
        assert_eq!(Text::decode(b"").line_count(), 0);
        assert_eq!(Text::decode(b"\n").line_count(), 1);
    }

    #[test]
    fn byte_order_marks_decide() {
        assert_eq!(Text::decode(b"\xef\xbb\xbfimport a").bytes(), b"import a");
        assert_eq!(Text::decode(b"\xff\xfei\0m\0").bytes(), b"im");
        assert_eq!(Text::decode(b"\xfe\xff\0i\0m\0").bytes(), b"im");
    }

    #[test]
    fn columns_count_characters() {
        let text = Text::decode("é = 1\nüü x".as_bytes());
        let (first, last) = ("é".len(), "é = 1\nüü ".len());
        for (offset, column) in [(last, 4), (first, 2), (0, 1), (first, 2), (last - 1, 3), (last, 4), (99, 5)] {
            assert_eq!(text.column_of(offset), column, "{offset}");
        }
        for content in ["é; €x".repeat(3000), format!("é\n{}", "x€".repeat(6000))] {
            let text = Text::decode(content.as_bytes());
            for (offset, _) in content.char_indices().step_by(97) {
                let before = &content[..offset];
                let line = before.rsplit('\n').next().unwrap_or(before);
                assert_eq!(text.column_of(offset), 1 + line.chars().count(), "{offset}");
            }
        }
    }
}
