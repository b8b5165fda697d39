//! Parser of captures: `<feature>` in `paths`, and in the entries that it is compared with.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Reading;
use crate::globs::{CaptureGlob, captures, whole_capture};
use crate::policy::path::{PathPattern, Segment};
use crate::policy::{Body, Rule};
use crate::toml_file::{Words, shortened};

/// Stands for a capture while a notation splits a path: a name in every language.
const STAND_IN: &str = "importgate_capture_";

/// Signs that stand between the segments of a path, in any language.
const SEPARATORS: [char; 5] = ['/', '.', ':', '\\', '#'];

/// A path whose captures are replaced, so that its language's notation can split it.
pub(super) struct Replaced<'p> {
    pub(super) text: String,
    /// The names of the captures, by the number of their stand-ins.
    names: Vec<&'p str>,
}

impl<'p> Replaced<'p> {
    /// Replaces the captures that stand between separators.
    pub(super) fn of(path: &'p str) -> Self {
        let (mut text, mut names, mut end) = (String::with_capacity(path.len()), Vec::new(), 0);
        for (start, capture) in captures(path) {
            let before = path.get(..start).unwrap_or_default();
            let after = path.get(start + capture.len()..).unwrap_or_default();
            let alone = before.is_empty() || before.ends_with(SEPARATORS);
            let Some(name) =
                whole_capture(capture).filter(|_| alone && (after.is_empty() || after.starts_with(SEPARATORS)))
            else {
                continue;
            };
            text += path.get(end..start).unwrap_or_default();
            text += &format!("{STAND_IN}{}", names.len());
            names.push(name);
            end = start + capture.len();
        }
        text += path.get(end..).unwrap_or_default();
        Self { text, names }
    }

    /// Makes captures of their stand-ins.
    ///
    /// # Errors
    /// The capture that is only a part of a segment.
    pub(super) fn restore(&self, pattern: &mut PathPattern) -> Result<(), String> {
        for segment in &mut pattern.segments {
            let name = match segment {
                Segment::Literal(text) => self.capture(text)?,
                Segment::Part(part) => self.capture(&format!("{}*{}", part.prefix, part.suffix))?,
                Segment::Capture(_) | Segment::One | Segment::Modules | Segment::Any => None,
            };
            if let Some(name) = name {
                *segment = Segment::Capture(name.to_owned());
            }
        }
        Ok(())
    }

    /// Returns the capture that a segment stands in for, if it does.
    fn capture(&self, text: &str) -> Result<Option<&str>, String> {
        let number = text.strip_prefix(STAND_IN).and_then(|number| number.parse::<usize>().ok());
        match number.and_then(|number| self.names.get(number)) {
            Some(name) => Ok(Some(name)),
            None if text.contains(STAND_IN) || captures(text).next().is_some() => Err(self.as_written(text)),
            None => Ok(None),
        }
    }

    /// Returns the text with its captures in place of their stand-ins.
    pub(super) fn as_written(&self, text: &str) -> String {
        let (mut written, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, after)) = rest.split_once(STAND_IN) {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = after.split_at(digits);
            let name = number.parse::<usize>().ok().and_then(|number| self.names.get(number));
            written += before;
            written += &name.map_or_else(|| format!("{STAND_IN}{number}"), |name| format!("<{name}>"));
            rest = after;
        }
        written + rest
    }
}

/// Returns the first segment that looks like a capture, but has no name for one.
pub(super) fn misnamed(path: &str) -> Option<&str> {
    let mut end = 0;
    path.match_indices('<').find_map(|(start, _)| {
        let before = path.get(..start)?;
        if start < end || !(before.is_empty() || before.ends_with(SEPARATORS)) {
            return None;
        }
        let inner = path.get(start + 1..)?;
        let length = inner.find(['<', '>', '/']).filter(|&length| inner.as_bytes().get(length) == Some(&b'>'))?;
        let (capture, after) = (path.get(start..start + length + 2)?, inner.get(length + 1..)?);
        end = start + capture.len();
        let is_segment = after.is_empty() || after.starts_with(SEPARATORS);
        (is_segment && whole_capture(capture).is_none()).then_some(capture)
    })
}

impl<'t> Reading<'t> {
    /// Parses the globs of `paths` that have captures; all of them, if one has.
    pub(super) fn relative_globs(&mut self, globs: &[Words<'t>]) -> Vec<CaptureGlob> {
        let mut relative = Vec::new();
        for words in globs {
            match self.globs.capturing(words.text) {
                Ok(glob) => relative.extend(glob),
                Err(bad) => {
                    let hint = bad.hint.unwrap_or_else(|| "such as `src/features/<feature>`".to_owned());
                    self.problems.add_with_hint(words.at.clone(), bad.message, hint);
                }
            }
        }
        relative
    }

    /// Records an error where a capture stands elsewhere than in `paths` and `forbid`; returns whether none does.
    pub(super) fn no_capture(&mut self, words: &Words<'_>, hint: &str) -> bool {
        let Some((_, capture)) = captures(words.text).next() else { return true };
        let message = format!("a capture such as `{}` stands only in `paths` and `forbid`", shortened(capture));
        self.problems.add_with_hint(words.at.clone(), message, hint);
        false
    }

    /// Records an error for every capture of a rule without a counterpart: each glob of `paths` binds all that entries
    /// have, and no other.
    pub(super) fn check_captures(&mut self, rule: &Rule, paths: &[Words<'t>], at: Range<usize>) {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        if let Body::Forbid(entries) = &rule.body {
            for segment in entries.iter().flat_map(|entry| &entry.pattern.segments) {
                if let Segment::Capture(name) = segment {
                    used.insert(name);
                }
            }
        }
        // One with a mistake is told already.
        let Ok(globs) = paths.iter().map(|words| CaptureGlob::new(words.text)).collect::<Result<Vec<_>, _>>() else {
            return;
        };
        let bound: Vec<BTreeSet<&str>> =
            globs.iter().map(|glob| glob.iter().flat_map(CaptureGlob::names).collect()).collect();
        for name in used.iter().filter(|name| !bound.iter().any(|bound| bound.contains(*name))) {
            let message = format!("no glob of `paths` has the capture `<{name}>`");
            let hint = format!("put it in place of the folder that it names: `paths = [\"src/features/<{name}>\"]`");
            self.problems.add_with_hint(at.clone(), message, hint);
        }
        let all: BTreeSet<&str> = bound.iter().flatten().copied().collect();
        for (words, own) in paths.iter().zip(&bound) {
            for name in own.difference(&used) {
                let message = format!("no entry of `forbid` has the capture `<{name}>`");
                self.problems.add_with_hint(words.at.clone(), message, "write `*` for any name");
            }
            for name in all.intersection(&used).filter(|name| !own.contains(*name)) {
                let message = format!("the glob `{}` has no `<{name}>`", shortened(words.text));
                let hint = "each glob of `paths` has every capture that `forbid` has";
                self.problems.add_with_hint(words.at.clone(), message, hint);
            }
        }
    }
}
