//! Reserved words, and the state of the lexer after each.

/// The state after a reserved word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reserved {
    /// An expression begins.
    Begins,
    /// A value has ended.
    Ends,
    /// Arguments may follow, as after a method name.
    Calls,
    /// A name follows.
    Names,
}

/// Returns the state after a reserved word; `None` for all other words.
pub(super) fn reserved(word: &[u8]) -> Option<Reserved> {
    Some(match word {
        b"if" | b"elsif" | b"else" | b"unless" | b"while" | b"until" | b"and" | b"or" | b"not" | b"return"
        | b"when" | b"in" | b"case" | b"then" | b"do" | b"ensure" | b"rescue" | b"begin" | b"break" | b"next"
        | b"BEGIN" | b"END" | b"for" | b"module" => Reserved::Begins,
        b"end" | b"self" | b"nil" | b"true" | b"false" | b"__FILE__" | b"__LINE__" | b"__ENCODING__" | b"redo"
        | b"retry" => Reserved::Ends,
        b"yield" | b"super" | b"defined?" => Reserved::Calls,
        b"class" | b"def" | b"alias" | b"undef" => Reserved::Names,
        _ => return None,
    })
}
