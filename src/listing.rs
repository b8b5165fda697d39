//! Lists in words, of which only the first entries are shown.

use std::fmt::{Display, Write as _};

/// Maximum number of lines that are named; the rest are counted.
const MAX_NAMED_LINES: usize = 10;

/// Lists names: `a, b and 3 more`, where `most` are shown.
pub fn names(names: &[impl Display], most: usize) -> String {
    let mut shown = String::new();
    for (number, name) in names.iter().take(most).enumerate() {
        let comma = if number > 0 { ", " } else { "" };
        let _ = write!(shown, "{comma}{name}");
    }
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Lists line numbers: `line 3`, `lines 3, 4`; `None` if there are none.
pub fn lines(lines: &[usize]) -> Option<String> {
    match lines {
        [] => None,
        [line] => Some(format!("line {line}")),
        _ => Some(format!("lines {}", names(lines, MAX_NAMED_LINES))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_counted() {
        assert_eq!(names(&["a"], 2), "a");
        assert_eq!(names(&["a", "b"], 2), "a, b");
        assert_eq!(names(&["a", "b", "c", "d"], 2), "a, b and 2 more");
        assert_eq!(lines(&[]), None);
        assert_eq!(lines(&[3]).unwrap(), "line 3");
        assert_eq!(lines(&[3, 4]).unwrap(), "lines 3, 4");
        let many: Vec<usize> = (1..13).collect();
        assert_eq!(lines(&many).unwrap(), "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more");
    }
}
