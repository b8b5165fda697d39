//! Where a finding matters: in what runs, in tests, in strings, or in what people only read.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::scan;
use crate::finding::Impact;
use crate::kind::Kind;
use crate::text::Text;

/// Endings of files that are written for people.
const PROSE: [&str; 8] = [".adoc", ".asciidoc", ".md", ".markdown", ".org", ".rst", ".tex", ".txt"];

/// The impact of what stands in one file.
pub(super) struct Impacts {
    in_code: Impact,
    in_file: Impact,
}

impl Impacts {
    /// The impacts in the file at `path`.
    pub fn of(context: &Context<'_>, path: &[u8]) -> Self {
        let is_prose = PROSE.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending.as_bytes()));
        let in_code = if scan::is_test(context.effective, path) { Impact::Tests } else { Impact::Production };
        Self { in_code, in_file: if is_prose { Impact::Talk } else { in_code } }
    }

    /// The impact of imports of this kind.
    pub fn of_kind(&self, kind: Kind) -> Impact {
        if kind == Kind::String { Impact::Strings } else { self.in_code }
    }

    /// The impact of what a line rule matches at `matched`, a byte range of the `text` and of its `code`: the text without
    /// comments and the contents of strings. `code` is `None` in files whose language is unknown.
    pub fn of_line(&self, text: &Text<'_>, code: Option<&Text<'_>>, matched: Range<usize>) -> Impact {
        let Some(code) = code else { return self.in_file };
        let is_blank =
            |text: &Text<'_>| text.bytes().get(matched.clone()).unwrap_or_default().iter().all(u8::is_ascii_whitespace);
        if is_blank(code) && !is_blank(text) { Impact::Talk } else { self.in_code }
    }
}
