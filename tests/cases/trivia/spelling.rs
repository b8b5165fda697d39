//! How each language spells tokens and comments, and between which tokens a line may end.

use std::ops::Range;

/// Spelling of a language, as far as statements need it.
pub struct Spelling {
    language: &'static str,
    /// A comment with an end of its own.
    block: Option<[&'static str; 2]>,
    /// Whether such comments nest.
    nests: bool,
    /// The start of a comment that its line ends; none where it would end a statement too.
    line: Option<&'static str>,
    /// Whether a backslash joins lines.
    joins: bool,
    /// Signs that quote.
    quotes: &'static str,
    /// Words that belong to the string right behind.
    prefixes: &'static [&'static str],
    /// Signs that belong to words.
    words: &'static str,
    /// Tokens of several signs.
    operators: &'static [&'static str],
    breaks: fn(&Gap<'_>) -> bool,
}

/// A place between two tokens of a statement.
struct Gap<'s> {
    /// The statement's first token.
    first: &'s str,
    left: &'s str,
    right: &'s str,
    /// Number of brackets around.
    depth: usize,
}

const C_LIKE: Spelling = Spelling {
    language: "",
    block: Some(["/*", "*/"]),
    nests: false,
    line: Some("//"),
    joins: false,
    quotes: "\"'",
    prefixes: &[],
    words: "_$",
    operators: &["::", "...", "=>", "->", "?.", "=="],
    breaks: |_| true,
};

static SPELLINGS: [Spelling; 13] = [
    // A directive is one line, however long.
    Spelling {
        language: "c",
        joins: true,
        quotes: "\"<",
        breaks: |gap| gap.first == "@",
        operators: &["%:", "??="],
        ..C_LIKE
    },
    Spelling { language: "csharp", words: "_@", ..C_LIKE },
    Spelling { language: "dart", nests: true, prefixes: &["r"], ..C_LIKE },
    // A line ends a statement after a name, a literal or a closing bracket.
    Spelling { language: "go", quotes: "\"`", breaks: |gap| matches!(gap.left, "import" | "(" | "." | ";"), ..C_LIKE },
    Spelling { language: "java", words: "_$\\", ..C_LIKE },
    Spelling { language: "javascript", quotes: "\"'`", words: "_$#", breaks: |gap| gap.right != "assert", ..C_LIKE },
    Spelling {
        language: "kotlin",
        nests: true,
        quotes: "\"`",
        breaks: |gap| matches!(gap.right, "." | "?." | "::"),
        ..C_LIKE
    },
    Spelling { language: "php", words: "_$", operators: &["::", "->", "?->"], ..C_LIKE },
    Spelling {
        language: "python",
        block: None,
        line: Some("#"),
        joins: true,
        prefixes: &["r", "b", "u", "f", "rb", "br", "R", "B", "U", "F"],
        breaks: |gap| gap.depth > 0,
        ..C_LIKE
    },
    Spelling {
        language: "ruby",
        block: None,
        line: Some("#"),
        joins: true,
        prefixes: &[":"],
        words: "_?!@:",
        operators: &["::", "&."],
        breaks: |gap| matches!(gap.left, "(" | "," | "." | "&." | "::") || matches!(gap.right, "." | "&." | ")"),
        ..C_LIKE
    },
    Spelling { language: "rust", nests: true, prefixes: &["r", "b"], words: "_#$", quotes: "\"", ..C_LIKE },
    Spelling {
        language: "scala",
        nests: true,
        quotes: "\"`",
        words: "_$",
        breaks: |gap| {
            matches!(gap.left, "import" | "." | "{" | "," | "=>") || matches!(gap.right, "." | "," | "}" | "=>")
        },
        ..C_LIKE
    },
    // A path is one line.
    Spelling {
        language: "swift",
        nests: true,
        quotes: "\"`",
        words: "_@",
        breaks: |gap| gap.left != "." && gap.right != ".",
        ..C_LIKE
    },
];

impl Spelling {
    pub fn of(language: &str) -> &'static Self {
        let found = SPELLINGS.iter().find(|spelling| spelling.language == language);
        found.unwrap_or_else(|| panic!("SPELLINGS lacks {language}"))
    }

    /// The statement with each comment and line end that may stand there, between all tokens and between any two; nothing
    /// if the statement has tokens that this does not know.
    pub fn spread(&self, statement: &str) -> Vec<String> {
        let Some(tokens) = self.tokens(statement) else { return Vec::new() };
        let gaps = self.gaps(statement, &tokens);
        let mut spread = Vec::new();
        for filler in self.fillers() {
            let places: Vec<usize> = gaps.iter().filter(|(_, gap)| filler.fits(self, gap)).map(|(at, _)| *at).collect();
            let all = (places.len() > 1).then_some(places.as_slice());
            for places in all.into_iter().chain(places.chunks(1)) {
                let (mut text, mut at) = (String::new(), 0);
                for &place in places {
                    text += &statement[at..place];
                    text += &filler.text;
                    at = place;
                }
                spread.push(text + &statement[at..]);
            }
        }
        spread
    }

    fn fillers(&self) -> Vec<Filler> {
        let filler = |text: String, needs| Filler { text, needs };
        let mut fillers = vec![filler("\n".to_owned(), Needs::Break)];
        if let Some(line) = self.line {
            fillers.push(filler(format!("{line} it's \")}};\n"), Needs::Break));
        }
        if let Some([open, close]) = self.block {
            fillers.push(filler(format!("{open}'{close}"), Needs::Nothing));
            let needs = if self.language == "c" { Needs::Nothing } else { Needs::Break };
            fillers.push(filler(format!(" {open} \")}};\n import{close} "), needs));
        }
        if self.joins {
            // Blanks before a bracket change what Ruby reads.
            let needs = if self.language == "ruby" { Needs::NoBracket } else { Needs::Nothing };
            fillers.push(filler(" \\\n".to_owned(), needs));
        }
        fillers
    }

    /// The places between tokens, each with what surrounds it.
    fn gaps<'s>(&self, statement: &'s str, tokens: &[Range<usize>]) -> Vec<(usize, Gap<'s>)> {
        let mut depth = 0_usize;
        let mut gaps = Vec::new();
        let first = tokens.first().map_or("", |first| &statement[first.clone()]);
        for pair in tokens.windows(2) {
            let [left, right] = pair else { continue };
            let (end, left, right) = (left.end, &statement[left.clone()], &statement[right.clone()]);
            match left {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            gaps.push((end, Gap { first, left, right, depth }));
        }
        gaps
    }

    fn tokens(&self, statement: &str) -> Option<Vec<Range<usize>>> {
        let mut tokens: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while let Some(sign) = statement[at..].chars().next() {
            let rest = &statement[at..];
            let is_word = |sign: char| {
                let ignored = self.language == "java" && sign.is_control() && !sign.is_whitespace();
                sign.is_alphanumeric() || sign > '\u{7f}' || self.words.contains(sign) || ignored
            };
            let line = self.line.filter(|line| rest.starts_with(line));
            if line.is_some() || (self.language == "php" && sign == '#') {
                at += rest.find('\n')?;
            } else if self.block.is_some() && rest.starts_with("/*") {
                at += self.comment(rest)?;
            } else if self.language == "c" && sign == '\\' {
                // It may join the halves of a word.
                return None;
            } else if sign.is_whitespace() || rest.starts_with("\\\n") {
                at += if sign == '\\' { 2 } else { sign.len_utf8() };
            } else {
                let length = if self.quotes.contains(sign) {
                    Self::string(rest, sign)?
                } else if is_word(sign) {
                    let word = rest.find(|sign| !is_word(sign)).unwrap_or(rest.len());
                    let quote = rest[word..].chars().next().filter(|&sign| self.quotes.contains(sign));
                    match quote.filter(|_| self.prefixes.contains(&&rest[..word])) {
                        Some(quote) => word + Self::string(&rest[word..], quote)?,
                        None => word,
                    }
                } else if matches!(sign, '\\' | '%' | '`' | '+') && self.language != "php" && self.language != "c" {
                    return None;
                } else if let Some(operator) = self.operators.iter().find(|operator| rest.starts_with(**operator)) {
                    operator.len()
                } else {
                    sign.len_utf8()
                };
                tokens.push(at..at + length);
                at += length;
            }
        }
        Some(tokens)
    }

    /// The length of the comment that begins a text.
    fn comment(&self, text: &str) -> Option<usize> {
        let (mut depth, mut at) = (1_usize, 2);
        while depth > 0 {
            let next = text[at..].find(['/', '*'])? + at;
            at = next + 1;
            if text[next..].starts_with("*/") {
                (depth, at) = (depth - 1, next + 2);
            } else if self.nests && text[next..].starts_with("/*") {
                (depth, at) = (depth + 1, next + 2);
            }
        }
        Some(at)
    }

    /// The length of the string that begins a text.
    fn string(text: &str, quote: char) -> Option<usize> {
        let triple = quote.to_string().repeat(3);
        if text.starts_with(&triple) {
            return Some(3 + text[3..].find(&triple)? + 3);
        }
        let close = if quote == '<' { '>' } else { quote };
        let mut escaped = false;
        for (at, sign) in text.char_indices().skip(1) {
            if sign == close && !escaped {
                return Some(at + 1);
            }
            escaped = sign == '\\' && !escaped;
        }
        None
    }
}

/// What is put between two tokens.
struct Filler {
    text: String,
    needs: Needs,
}

#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    /// That a line may end there.
    Break,
    /// That no bracket opens there.
    NoBracket,
}

impl Filler {
    fn fits(&self, spelling: &Spelling, gap: &Gap<'_>) -> bool {
        match self.needs {
            Needs::Nothing => true,
            Needs::Break => (spelling.breaks)(gap),
            Needs::NoBracket => gap.right != "(",
        }
    }
}
