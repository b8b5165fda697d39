//! The scanner against texts whose rows are known, and against texts made to break it.

use crate::lang::testing;
use crate::lang::{File, Language};

use super::Ruby;

#[test]
fn hard_spots_have_the_rows_that_ruby_has() {
    testing::cases(&Ruby, "lib/x.rb", include_str!("cases.txt"));
}

/// The pieces that the scanner reacts to.
const PIECES: &[&str] = &[
    "require",
    "require_relative",
    "load",
    "autoload",
    "Kernel",
    "self",
    "def",
    "class",
    "end",
    "if",
    "do",
    "x",
    "é",
    "1",
    ":",
    "::",
    ".",
    "&.",
    "..",
    ",",
    ";",
    "=",
    "=>",
    "+",
    "|",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#{",
    "#",
    "'",
    "\"",
    "`",
    "'a'",
    "\"a/b\"",
    ":A, ",
    "%",
    "%w[",
    "%q(",
    "%r{",
    "%!",
    "/",
    " /",
    "?",
    "?\"",
    "?\\",
    "$",
    "$'",
    "<<",
    "<<A",
    "<<~A",
    "<<-'B c'",
    "\nA\n",
    "\n  A\n",
    "\nB c\n",
    "\\",
    "\\\n",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "\n=begin\n",
    "\n=end\n",
    "\n__END__\n",
    "<<<<<<< ",
    ">>>>>>> ",
    "\0",
    "@a",
    "x = 1\n",
];

#[test]
fn any_pieces_are_fine() {
    testing::properties(&Ruby, "lib/x.rb", PIECES);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    testing::hostile(
        &Ruby,
        "lib/x.rb",
        &[
            "\"#{",
            "'",
            "\"",
            "`",
            "/",
            " /",
            "x /",
            "x /a ",
            "x =1 /a\n",
            "%w(",
            "%q[",
            "x %",
            "<<A ",
            "<<A\n",
            "<<~A\n#{",
            "x <<A\n",
            "<<A\nA\n",
            "<<A\n#{<<A\n",
            "<<''\n",
            "A\n",
            "\n=begin",
            "\n=begin\n=en",
            "require '",
            "require(",
            "require 'a' ",
            "require 'a' \\\n",
            "autoload :A, ",
            "autoload(:A,\n",
            "a.",
            "::",
            "x.require 'a'\n",
            "{",
            "}",
            "#",
            "?\\C-",
            "$",
            "\"\n\"a",
            "'\n'a ",
            "\"\n\"",
            "\"#{'\n'a",
            "\\\n",
            " ",
            "\n",
            "\t\n",
            ",\n",
            "\0",
            "é",
            "<<<<<<< ",
            "=======\n",
            "=",
            "/\n/a ",
        ],
    );
}

#[test]
fn only_code_is_left_of_a_text() {
    for (text, code) in [
        ("a = 'b' # c\nd", "a = ' ' #  \nd"),
        ("a \"b#{c 'd'}e\" f", "a \" #{c ' '} \" f"),
        ("a <<~B, 'c'\nd #{e} f\nB\ng", "a <<~B, ' '\n  #{e}  \nB\ng"),
        ("=begin\na\n=end\nb", "=begin\n \n    \nb"),
        ("a %w[b c] / /d/i", "a %w[   ] / / /i"),
        ("a\n__END__\nb", "a\n__END__\n "),
        ("a 'b\nc", "a ' \nc"),
    ] {
        let code_found = Ruby.blank(File { path: b"x.rb", text: text.as_bytes() });
        assert_eq!(String::from_utf8(code_found).unwrap(), code, "{text}");
    }
}
