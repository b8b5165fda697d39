//! Invariants of all notebooks; notebooks with their code are data, in
//! `tests/cases/python/notebook-code.txt`.

use proptest::prelude::*;

use super::super::Python;
use super::decode;
use crate::lang::{File, Language};
use crate::text::Text;

fn lines(text: &[u8]) -> usize {
    let ends = |at: usize| text[at] == b'\n' || (text[at] == b'\r' && text.get(at + 1) != Some(&b'\n'));
    (0..text.len()).filter(|&at| ends(at)).count()
}

fn modules(source: &str) -> Vec<String> {
    let json = format!("{{\"cells\": [{{\"cell_type\": \"code\", \"source\": {source}}}]}}");
    let file = |text| File { path: b"x.ipynb", text };
    let code = Python.decode(file(json.as_bytes())).unwrap();
    let text = Text::new(code);
    let rows = Python.imports(file(text.bytes()));
    rows.iter().map(|row| format!("{} {}", row.module.as_deref().unwrap(), text.line_of(row.span.start))).collect()
}

#[test]
fn magics_do_not_disturb() {
    for (source, expected) in [
        (
            r#""%matplotlib inline\n!echo \"it's (\nimport a\n?x'(\n  %load_ext 'y\nimport b\nx?\nz = !ls\nimport c""#,
            &["a 1", "b 1", "c 1"][..],
        ),
        ("[\n\"if TYPE_CHECKING:\\n\",\n\"  import a\\n\",\n\"import b.c; import d\"]", &["a 3", "b.c 4", "d 4"]),
        (r#""x = '''\nimport a\n'''\nimport b""#, &["b 1"]),
        (r#""(1\n % 2)\nimport a""#, &["a 1"]),
        (r#""\u0069mport a\u000aimport b\u00""#, &["a 1", "b\u{fffd}00 1"]),
    ] {
        assert_eq!(modules(source), expected, "{source}");
    }
}

/// Pieces that the reader reacts to.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\n",
    "\r",
    " ",
    "\"cell_type\": \"code\"",
    "\"source\": [",
    "\"source\": \"",
    "\"input\"",
    "\"language\": \"r\"",
    "\"a\\n\",\n",
    "\"b\"",
    "%%bash",
    "\\n",
    "\\u00e9",
    "\\ud83d",
    "\\r\\n",
    "<<<<<<< ",
    "=======",
    ">>>>>>>",
    "{\"cell_type\": \"code\", \"source\": [\"import a\\n\",\n\"b\"]},",
    "\u{ff}",
    "'",
];

fn holds(text: &[u8]) {
    let code = decode(text);
    assert_eq!(lines(&code), lines(text), "{:?}", String::from_utf8_lossy(text));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_fine(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        holds(&text);
    }

    #[test]
    fn any_pieces_are_fine(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        holds(pieces.concat().as_bytes());
        holds(format!("{{\"cells\": [{{\"cell_type\": \"code\", \"source\": [{}", pieces.concat()).as_bytes());
    }
}

#[test]
fn hostile_notebooks_are_read_to_their_end() {
    for piece in PIECES {
        let text = piece.repeat(20_000);
        holds(text.as_bytes());
        for start in
            ["{\"cells\": [", "{\"cell_type\": \"code\", \"source\": [", "{\"cell_type\": \"code\", \"source\": \""]
        {
            holds(format!("{start}{text}").as_bytes());
        }
    }
    holds("{\"cell_type\":\"code\",\"source\":[\"a\"".repeat(20_000).as_bytes());
    holds("<<<<<<<\n{\n=======\n".repeat(20_000).as_bytes());
}
