//! Rendering of statements from names.

use unicode_width::UnicodeWidthStr;

/// Maximum width of a line, in columns; wider statements get one name per line.
const MAX_LINE_COLUMNS: usize = 100;

/// An item that a statement binds or re-exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// `import "m"`
    Bare,
    /// `export * from "m"`
    Star,
    /// `* as local`
    Namespace(String),
    /// `import local from "m"`
    Default(String),
    /// `{ name as local }`; `inline` is the `type ` of this name alone, if any.
    Named { inline: &'static str, name: String, local: String },
}

/// The items of one module.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The module's string with its quotes and attributes.
    pub(super) from: String,
    pub(super) items: Vec<Item>,
}

/// Renders the statements of a group. `keyword` is `import` or `export`, `modifier` the next word.
pub(super) fn statements(group: &Group, keyword: &str, modifier: &str, column: usize) -> Vec<String> {
    let Group { from, items } = group;
    let (mut list, mut defaults, mut spaces, mut named) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Bare => list.push(format!("{keyword} {from}")),
            Item::Star => list.push(format!("{} * from {from}", head(keyword, modifier, item))),
            Item::Namespace(local) => spaces.push((head(keyword, modifier, item), format!("* as {}", name(local)))),
            Item::Default(local) => defaults.push((head(keyword, modifier, item), local.clone())),
            Item::Named { .. } => named.push(item),
        }
    }
    let names: Vec<String> = named.iter().map(|item| written(item)).collect();
    let mut names = (!names.is_empty()).then_some((names, named.first().map(|item| head(keyword, modifier, item))));
    let is_plain = |head: &str| head == keyword;
    for (head, local) in defaults {
        // A default takes one other clause at most, and none after `import type`.
        if is_plain(&head)
            && let Some((names, _)) = names.take()
        {
            list.push(braced(&format!("{head} {local}, "), &names, from, column));
        } else if is_plain(&head) && spaces.first().is_some_and(|(head, _)| is_plain(head)) {
            let (_, space) = spaces.remove(0);
            list.push(format!("{head} {local}, {space} from {from}"));
        } else {
            list.push(format!("{head} {local} from {from}"));
        }
    }
    list.extend(spaces.into_iter().map(|(head, space)| format!("{head} {space} from {from}")));
    if let Some((names, head)) = names {
        list.push(braced(&format!("{} ", head.unwrap_or_default()), &names, from, column));
    }
    list
}

/// Returns the words before the item: `defer` is for namespaces, `source` for defaults.
fn head(keyword: &str, modifier: &str, item: &Item) -> String {
    let fits = match modifier {
        "defer" => matches!(item, Item::Namespace(_)),
        "source" => matches!(item, Item::Default(_)),
        modifier => !modifier.is_empty(),
    };
    if fits { format!("{keyword} {modifier}") } else { keyword.to_owned() }
}

fn written(item: &Item) -> String {
    match item {
        Item::Named { inline, name, local } => format!("{inline}{}", bound(name, local)),
        _ => String::new(),
    }
}

/// Returns `name as local`, or the name alone if both are the same.
pub(super) fn bound(from: &str, local: &str) -> String {
    if from == local { name(from) } else { format!("{} as {}", name(from), name(local)) }
}

/// Returns a name, quoted if it is not an identifier.
fn name(text: &str) -> String {
    if is_identifier(text) { text.to_owned() } else { format!("\"{}\"", super::spell::escaped(text, b'"')) }
}

pub(super) fn is_identifier(text: &str) -> bool {
    let is_sign = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '$' | '\u{200c}' | '\u{200d}');
    !text.is_empty() && !text.starts_with(|sign: char| sign.is_numeric()) && text.chars().all(is_sign)
}

fn braced(head: &str, names: &[String], from: &str, column: usize) -> String {
    let line = format!("{head}{{ {} }} from {from}", names.join(", "));
    if names.len() < 2 || column + line.width() <= MAX_LINE_COLUMNS {
        return line;
    }
    let names: String = names.iter().map(|name| format!("  {name},\n")).collect();
    format!("{head}{{\n{names}}} from {from}")
}
