//! Decoding of the escape sequences in string literals.
//!
//! Format: the Python reference, 2.4.1.1.

/// Decodes escape sequences (reference, 2.4.1.1). `\N{…}` stays as it is unless an ASCII path may
/// contain the character.
pub(super) fn unescaped(content: &str) -> String {
    let mut value = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        rest = one_escape(rest, &mut value);
    }
    value.push_str(rest);
    value
}

/// Decodes the escape after a backslash and returns the rest of the text.
fn one_escape<'a>(rest: &'a str, value: &mut String) -> &'a str {
    let mut characters = rest.chars();
    let Some(first) = characters.next() else {
        value.push('\\');
        return rest;
    };
    let plain = match first {
        '\n' => return characters.as_str(),
        '\r' => return rest.strip_prefix("\r\n").unwrap_or(characters.as_str()),
        '\\' | '\'' | '"' => first,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '0'..='7' => return numbered(rest, 8, 1..=3, value),
        'x' => return numbered(characters.as_str(), 16, 2..=2, value),
        'u' => return numbered(characters.as_str(), 16, 4..=4, value),
        'U' => return numbered(characters.as_str(), 16, 8..=8, value),
        'N' if let Some((character, rest)) = named(characters.as_str()) => {
            value.push(character);
            return rest;
        }
        _ => {
            value.push('\\');
            first
        }
    };
    value.push(plain);
    characters.as_str()
}

/// Decodes a numeric escape; an invalid one becomes U+FFFD, which no name contains.
fn numbered<'a>(rest: &'a str, radix: u32, digits: std::ops::RangeInclusive<usize>, value: &mut String) -> &'a str {
    let length = rest.bytes().take(*digits.end()).take_while(|&byte| char::from(byte).is_digit(radix)).count();
    let number = u32::from_str_radix(&rest[..length], radix).ok().filter(|_| digits.contains(&length));
    value.push(number.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    &rest[length..]
}

/// Returns the character of the `{NAME}` at the start, and the rest. Known are ASCII letters and
/// digits, the characters between them in a path, and line ends (Unicode's names and name aliases).
fn named(rest: &str) -> Option<(char, &str)> {
    const MAX_NAME_BYTES: usize = 32;
    const DIGITS: [&str; 10] = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];
    let rest = rest.strip_prefix('{')?;
    let end = rest.bytes().take(MAX_NAME_BYTES).position(|byte| byte == b'}')?;
    let (name, rest) = (rest[..end].to_ascii_uppercase(), &rest[end + 1..]);
    let letter = |name: &str| {
        let mut characters = name.chars();
        characters.next().filter(|letter| letter.is_ascii_uppercase() && characters.next().is_none())
    };
    let character = match &*name {
        "FULL STOP" => '.',
        "LOW LINE" => '_',
        "SPACE" | "SP" => ' ',
        "LINE FEED" | "NEW LINE" | "END OF LINE" | "LF" | "NL" | "EOL" => '\n',
        "CARRIAGE RETURN" | "CR" => '\r',
        _ => {
            if let Some(name) = name.strip_prefix("LATIN SMALL LETTER ") {
                letter(name)?.to_ascii_lowercase()
            } else if let Some(name) = name.strip_prefix("LATIN CAPITAL LETTER ") {
                letter(name)?
            } else {
                let digit = name.strip_prefix("DIGIT ")?;
                char::from_digit(u32::try_from(DIGITS.iter().position(|name| *name == digit)?).ok()?, 10)?
            }
        }
    };
    Some((character, rest))
}
