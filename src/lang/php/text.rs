//! Everything that is not code: text outside PHP tags, comments, strings and heredocs.
//!
//! Format: PHP manual, "PHP tags", "Comments" and "Strings".

use memchr::{memchr2, memchr3, memchr3_iter, memmem};

use crate::lang::lex::{
    byte, is_line_end, is_space, is_word, line_end, past_line_end, quoted_end, rest, skip_blanks, starts, word_end,
};

/// Maximum nesting of strings; deeper ones are read as plain strings.
const MAX_DEPTH: usize = 64;

/// Returns the offset at which code starts again in the text outside PHP tags, from `at` on. `<?` alone does not count:
/// PHP's default settings leave it to XML.
pub(super) fn code(text: &[u8], mut at: usize) -> usize {
    while let Some(length) = memmem::find(rest(text, at), b"<?") {
        at += length + 2;
        if byte(text, at) == b'=' {
            return at + 1;
        }
        let tag = text.get(at..at + 3).is_some_and(|tag| tag.eq_ignore_ascii_case(b"php"));
        if tag && text.get(at + 3).is_none_or(|&next| is_space(next)) {
            return at + 3;
        }
    }
    text.len()
}

/// Returns the end of the line comment whose signs are at `at`: the end of the line, or the closing tag.
pub(super) fn line_comment_end(text: &[u8], at: usize) -> usize {
    // Not to the end of the line first: one line may have many comments, each with its closing tag.
    let is_end = |end: &usize| !starts(text, *end, b"?") || starts(text, *end, b"?>");
    let mut ends = memchr3_iter(b'\n', b'\r', b'?', rest(text, at)).map(|length| at + length);
    ends.find(is_end).unwrap_or(text.len())
}

/// Returns the offset past whitespace, line ends and comments.
pub(super) fn gap(text: &[u8], mut at: usize) -> usize {
    loop {
        match byte(text, at) {
            next if is_space(next) => at += 1,
            b'#' if byte(text, at + 1) != b'[' => at = line_comment_end(text, at),
            b'/' if byte(text, at + 1) == b'/' => at = line_comment_end(text, at),
            b'/' if byte(text, at + 1) == b'*' => {
                let Some(length) = memmem::find(rest(text, at + 2), b"*/") else { return at };
                at += 2 + length + 2;
            }
            _ => return at,
        }
    }
}

/// Returns the offset of the quote that closes a string whose content starts at `at`; `None` if it is never closed.
pub(super) fn single_end(text: &[u8], at: usize) -> Option<usize> {
    let end = quoted_end(text, at, b'\'', false);
    (end < text.len()).then_some(end)
}

/// An open construct within a string: a string with its closing quote, or code with the number of its open braces.
enum Open {
    Text(u8),
    Code(usize),
}

/// Returns the offset of the quote that closes an interpolated string whose content starts at `at`; `None` if it is
/// never closed.
pub(super) fn double_end(text: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    let mut open = vec![Open::Text(quote)];
    loop {
        match open.last_mut()? {
            Open::Text(quote) => {
                let quote = *quote;
                at = next_sign(text, at, quote)?;
                match byte(text, at) {
                    sign if sign == quote => {
                        open.pop();
                        if open.is_empty() {
                            return Some(at);
                        }
                        at += 1;
                    }
                    b'\\' => at += 2,
                    b'{' if byte(text, at + 1) == b'$' && open.len() < MAX_DEPTH => {
                        open.push(Open::Code(0));
                        at += 1;
                    }
                    b'$' if byte(text, at + 1) == b'{' && open.len() < MAX_DEPTH => {
                        open.push(Open::Code(0));
                        at += 2;
                    }
                    _ => at += 1,
                }
            }
            Open::Code(depth) => {
                let sign = *text.get(at)?;
                at += 1;
                match sign {
                    b'{' => *depth += 1,
                    b'}' if *depth == 0 => {
                        open.pop();
                    }
                    b'}' => *depth -= 1,
                    b'\'' => at = single_end(text, at)? + 1,
                    b'"' | b'`' if open.len() < MAX_DEPTH => open.push(Open::Text(sign)),
                    _ => {}
                }
            }
        }
    }
}

/// Returns the offset of the next byte that has a meaning in a string.
fn next_sign(text: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    let first = memchr3(quote, b'\\', b'{', rest(text, at)).map(|length| at + length)?;
    // `${` is rare, so only the bytes before the first hit are searched for it.
    while let Some(length) = memchr2(b'$', b'$', text.get(at..first)?) {
        at += length;
        if byte(text, at + 1) == b'{' {
            return Some(at);
        }
        at += 1;
    }
    Some(first)
}

/// Returns the content of the heredoc or nowdoc whose `<<<` is at `at`, the end of its closing label, and whether there
/// is one. `None` if no label follows `<<<`.
pub(super) fn heredoc(text: &[u8], at: usize) -> Option<(std::ops::Range<usize>, usize, bool)> {
    let mut start = skip_blanks(text, at + 3);
    let quote = Some(byte(text, start)).filter(|quote| matches!(quote, b'\'' | b'"'));
    start += usize::from(quote.is_some());
    let end = word_end(text, start);
    let label = text.get(start..end).filter(|label| !label.is_empty())?;
    if quote.is_some_and(|quote| byte(text, end) != quote) {
        return None;
    }
    let head = end + usize::from(quote.is_some());
    if !is_line_end(byte(text, head)) {
        return None;
    }
    let content = past_line_end(text, head);
    let mut line = content;
    loop {
        let first = skip_blanks(text, line);
        if starts(text, first, label) && !is_word(byte(text, first + label.len())) {
            return Some((content..line, first + label.len(), true));
        }
        line = line_end(text, first);
        if line >= text.len() {
            return Some((content..text.len(), text.len(), false));
        }
        line = past_line_end(text, line);
    }
}

/// Returns whether the line at `at` is an import, regardless of what precedes it.
pub(super) fn is_import(text: &[u8], at: usize) -> bool {
    let Some(name) = rest(text, at).strip_prefix(b"use ") else { return false };
    let named = |&&byte: &&u8| is_word(byte) || byte == b'\\' || byte == b' ';
    let length = name.iter().take_while(named).count();
    byte(name, length) == b';' && name.get(..length).is_some_and(|name| name.contains(&b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_end_where_they_do() {
        let end = |text: &str| double_end(text.as_bytes(), 1, b'"');
        assert_eq!(end("\"a\\\"b\"c"), Some(5));
        assert_eq!(end("\"{$a[\"b\"]}\"c"), Some(10));
        assert_eq!(end("\"${a[\"b\"]} $c {d\"e"), Some(16));
        assert_eq!(end("\"{$a->b(function() { return '}\"'; })}\""), Some(37));
        assert_eq!(end("\"{$a"), None);
        assert_eq!(end("\"a\\"), None);
        assert_eq!(single_end(b"'a\\'b'", 1), Some(5));
        assert_eq!(single_end(b"'a", 1), None);
    }

    #[test]
    fn heredocs_end_where_they_do() {
        let end = |text: &str| heredoc(text.as_bytes(), 0);
        assert_eq!(end("<<<A\nAB\n A;"), Some((5..8, 10, true)));
        assert_eq!(end("<<< 'A'\nA"), Some((8..8, 9, true)));
        assert_eq!(end("<<<\"A\"\n{$b}\n"), Some((7..12, 12, false)));
        assert_eq!(end("<<<A;"), None);
        assert_eq!(end("<<<'A\n"), None);
        assert_eq!(end("<<<1"), None);
    }
}
