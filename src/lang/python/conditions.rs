//! Conditions whose value is known before the program runs: `TYPE_CHECKING` is false whenever code
//! runs, and so is all that needs it.
//!
//! Format: Python language reference, 6.11 "Boolean operations" and 8.1 "The if statement";
//! `typing.TYPE_CHECKING` in the standard library.

use super::bytes::{byte, dotted, is_line_end, skip_lines, skip_spaces, word_end};
use super::literal::Quotes;
use super::renamed::Renamed;

/// Maximum length of a condition. Where its colon is missing, all of this is read for nothing.
const MAX_CONDITION_BYTES: usize = 500;

/// Value that is known, of what was read so far.
type Known = Option<bool>;

/// Returns the value of the condition that starts at `at` and ends with a colon, if it is known.
pub(super) fn value(text: &[u8], at: usize, renamed: &Renamed) -> Option<bool> {
    let at = skip_spaces(text, at);
    let may_begin = |sign: u8| matches!(sign, b'(' | b'n' | b'F' | b'T' | b'0' | b'1') || !sign.is_ascii();
    if !renamed.mentions_flag() && !may_begin(byte(text, at)) {
        return None;
    }
    let text = text.get(..text.len().min(at.saturating_add(MAX_CONDITION_BYTES)))?;
    Reader { text, at, renamed, group: Group::new(true), around: Vec::new() }.run()
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    renamed: &'t Renamed,
    group: Group,
    /// Groups around it, outermost first.
    around: Vec<Group>,
}

/// Operand that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    Missing,
    Value(Known),
}

/// The whole condition, or what is in brackets.
struct Group {
    /// Whether it stands where an operand may, rather than after one (`f(…)`, `a[…]`).
    is_operand: bool,
    /// Whether it holds more than names, `not`, `and` and `or` can say.
    is_other: bool,
    /// Value of the finished operands of `or`, and of those of `and` since the last of them.
    any: Known,
    all: Known,
    negated: bool,
    operand: Operand,
}

impl Group {
    const fn new(is_operand: bool) -> Self {
        let (any, all) = (Some(false), Some(true));
        Self { is_operand, is_other: false, any, all, negated: false, operand: Operand::Missing }
    }

    /// Ends the operand before `and`, `or` or the end.
    fn end_operand(&mut self) {
        let value = match self.operand {
            Operand::Missing => None,
            Operand::Value(value) => value.map(|value| value != self.negated),
        };
        self.all = match (self.all, value) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        (self.negated, self.operand) = (false, Operand::Missing);
    }

    /// Ends the operands of `and`.
    fn end_all(&mut self) {
        self.end_operand();
        self.any = match (self.any, self.all) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        };
        self.all = Some(true);
    }

    fn value(mut self) -> Known {
        self.end_all();
        self.any.filter(|_| !self.is_other)
    }

    /// Takes an operand, or what makes another one of it.
    fn take(&mut self, value: Known) {
        let is_first = self.operand == Operand::Missing;
        self.operand = Operand::Value(value.filter(|_| is_first));
    }
}

impl Reader<'_> {
    fn run(mut self) -> Option<bool> {
        loop {
            let is_outside = self.around.is_empty();
            self.at = if is_outside { skip_spaces(self.text, self.at) } else { skip_lines(self.text, self.at) };
            let sign = byte(self.text, self.at);
            let mut next = self.at + 1;
            match sign {
                b':' if is_outside => {
                    // `:=` assigns the name instead.
                    return self.group.value().filter(|_| byte(self.text, next) != b'=');
                }
                b'(' | b'[' | b'{' => {
                    let is_operand = sign == b'(' && self.group.operand == Operand::Missing;
                    self.around.push(std::mem::replace(&mut self.group, Group::new(is_operand)));
                }
                b')' | b']' | b'}' => {
                    let inner = std::mem::replace(&mut self.group, self.around.pop()?);
                    let is_operand = inner.is_operand;
                    self.group.take(inner.value().filter(|_| is_operand));
                }
                b',' | b':' => self.group.is_other = true,
                b'"' | b'\'' => {
                    self.group.take(None);
                    let quotes = Quotes::at(self.text, self.at);
                    let (end, closed) = quotes.content_end(self.text, self.at + quotes.length());
                    next = Some(end + quotes.length()).filter(|_| closed)?;
                }
                b'0'..=b'9' => next = self.number(),
                b';' | b'#' | b'\\' | 0 => return None,
                _ if is_line_end(sign) => return None,
                _ if word_end(self.text, self.at) > self.at => next = self.word(),
                _ => self.group.take(None),
            }
            self.at = next;
        }
    }

    /// Takes the number at hand, and returns its end.
    fn number(&mut self) -> usize {
        let digits = self.text.get(self.at..).unwrap_or_default();
        let length = digits.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        self.group.take(match digits.get(..length) {
            Some(b"0") => Some(false),
            Some(b"1") => Some(true),
            _ => None,
        });
        self.at + length
    }

    /// Takes the word or the dotted name at hand, and returns its end.
    fn word(&mut self) -> usize {
        let end = word_end(self.text, self.at);
        let group = &mut self.group;
        match self.text.get(self.at..end).unwrap_or_default() {
            b"and" => group.end_operand(),
            b"or" => group.end_all(),
            b"not" if group.operand == Operand::Missing => group.negated = !group.negated,
            b"not" | b"in" | b"is" => group.take(None),
            // All that binds less tightly than `or`, and what makes a generator.
            b"if" | b"else" | b"lambda" | b"for" | b"async" | b"yield" | b"await" => group.is_other = true,
            b"False" => group.take(Some(false)),
            b"True" => group.take(Some(true)),
            _ => {
                let skip = if self.around.is_empty() { skip_spaces } else { skip_lines };
                let Some((name, range)) = dotted(self.text, self.at, skip) else { return end };
                group.take(self.renamed.is_flag(&name).then_some(false));
                return range.end;
            }
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_the_flag_is_false() {
        let renamed = Renamed::of(b"TYPE_CHECKING");
        for (source, expected) in [
            (" TYPE_CHECKING:", Some(false)),
            ("(t.TYPE_CHECKING) :", Some(false)),
            (" not TYPE_CHECKING:", Some(true)),
            ("(\n not ( # why\n typing\n .TYPE_CHECKING)):", Some(true)),
            (" TYPE_CHECKING and x:", Some(false)),
            (" x.y(a, b=1)[2] and TYPE_CHECKING:", Some(false)),
            (" x == ':' and TYPE_CHECKING and not y:", Some(false)),
            ("(TYPE_CHECKING\n and x # (\n ):", Some(false)),
            (" not (TYPE_CHECKING and x):", Some(true)),
            (" not TYPE_CHECKING or x:", Some(true)),
            (" not not TYPE_CHECKING:", Some(false)),
            (" x and y or TYPE_CHECKING and z:", None),
            (" TYPE_CHECKING and x or TYPE_CHECKING and y:", Some(false)),
            (" False:", Some(false)),
            (" 0:", Some(false)),
            (" False and x:", Some(false)),
            (" True:", Some(true)),
            (" 1:", Some(true)),
            (" 0x0:", None),
            (" 0.5:", None),
            (" 10:", None),
            (" -0:", None),
            (" ():", None),
            (" (False,):", None),
            (" (False for x in y):", None),
            (" [False]:", None),
            (" f(False):", None),
            (" False or x:", None),
            (" x or TYPE_CHECKING:", None),
            (" TYPE_CHECKING or x:", None),
            (" TYPE_CHECKING if x else y:", None),
            (" x and (TYPE_CHECKING if y else z):", None),
            (" lambda: TYPE_CHECKING:", None),
            (" TYPE_CHECKING", None),
            (" TYPE_CHECKING\n:", None),
            (" TYPE_CHECKING # c\n:", None),
            (" TYPE_CHECKING_:", None),
            (" X_TYPE_CHECKING:", None),
            (" TYPE_CHECKING.x:", None),
            (" TYPE_CHECKING():", None),
            (" (TYPE_CHECKING:", None),
            (" TYPE_CHECKING):", None),
            (" TYPE_CHECKING is True:", None),
            (" TYPE_CHECKING == x:", None),
            (" x not in TYPE_CHECKING:", None),
            (" not TYPE_CHECKING == x:", None),
            (" TYPE_CHECKING := 1:", None),
            (" (TYPE_CHECKING := 1):", None),
            (" x and 'TYPE_CHECKING:", None),
            (":", None),
            ("", None),
        ] {
            assert_eq!(value(source.as_bytes(), 0, &renamed), expected, "{source}");
        }
    }
}
