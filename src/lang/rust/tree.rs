//! Use trees as rustfmt writes them: on one line if they fit, otherwise with broken groups.

/// Maximum width of a line, in columns; longer ones are broken.
const MAX_LINE_COLUMNS: usize = 100;
/// Maximum length of a path in a tree, in segments; longer ones are written one by one.
pub(super) const MAX_DEPTH: usize = 64;

/// Use trees of one statement.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    roots: Vec<usize>,
}

struct Node {
    text: String,
    leaf: bool,
    children: Vec<usize>,
}

impl Tree {
    /// Adds a leaf: its path, ending with its own text (`B as C`, `self`, `*`).
    pub(super) fn add(&mut self, path: &[String]) {
        let Some((leaf, path)) = path.split_last() else { return };
        let mut here: Option<usize> = None;
        for segment in path {
            let known = self
                .children(here)
                .iter()
                .copied()
                .find(|&child| self.nodes.get(child).is_some_and(|node| !node.leaf && node.text == *segment));
            here = Some(known.unwrap_or_else(|| self.put(here, segment, false)));
        }
        let twice = self
            .children(here)
            .iter()
            .any(|&child| self.nodes.get(child).is_some_and(|node| node.leaf && node.text == *leaf));
        if !twice {
            self.put(here, leaf, true);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    fn children(&self, node: Option<usize>) -> &[usize] {
        match node {
            Some(node) => self.nodes.get(node).map(|node| node.children.as_slice()).unwrap_or_default(),
            None => &self.roots,
        }
    }

    fn put(&mut self, parent: Option<usize>, text: &str, leaf: bool) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node { text: text.to_owned(), leaf, children: Vec::new() });
        match parent.and_then(|parent| self.nodes.get_mut(parent)) {
            Some(parent) => parent.children.push(index),
            None => self.roots.push(index),
        }
        index
    }

    /// Returns the statement after `before` (`pub use `), which starts at `column`.
    pub(super) fn render(&self, before: &str, column: usize) -> String {
        let line = format!("{before}{};", self.group(&self.roots));
        if column + width(&line) <= MAX_LINE_COLUMNS {
            return line;
        }
        let mut text = before.to_owned();
        self.broken(&self.roots, 0, &mut text);
        text + ";"
    }

    /// Returns trees on one line. Recursion is as deep as paths are long, [`MAX_DEPTH`] at most.
    fn group(&self, trees: &[usize]) -> String {
        match trees {
            [only] => self.line(*only),
            _ => format!("{{{}}}", trees.iter().map(|&tree| self.line(tree)).collect::<Vec<_>>().join(", ")),
        }
    }

    fn line(&self, tree: usize) -> String {
        let Some(node) = self.nodes.get(tree) else { return String::new() };
        match node.children.as_slice() {
            [] => node.text.clone(),
            [only] => {
                match self.nodes.get(*only).filter(|child| child.leaf).and_then(|child| child.text.strip_prefix("self"))
                {
                    // The module alone needs no group.
                    Some(alias) if alias.is_empty() || alias.starts_with(' ') => format!("{}{alias}", node.text),
                    _ => format!("{}::{}", node.text, self.line(*only)),
                }
            }
            children => format!("{}::{}", node.text, self.group(children)),
        }
    }

    /// Appends trees over several lines, their first group broken.
    fn broken(&self, trees: &[usize], indent: usize, text: &mut String) {
        let (only, trees) = match trees {
            [only] => (self.nodes.get(*only), [].as_slice()),
            trees => (None, trees),
        };
        if let Some(node) = only {
            text.push_str(&node.text);
            if !node.children.is_empty() {
                text.push_str("::");
                self.broken(&node.children, indent, text);
            }
            return;
        }
        text.push_str("{\n");
        let inner = indent + 4;
        let lines: Vec<_> = trees.iter().map(|&tree| self.line(tree)).collect();
        if lines.iter().any(|line| line.contains('{')) {
            for (tree, line) in trees.iter().zip(&lines) {
                text.push_str(&" ".repeat(inner));
                if inner + width(line) < MAX_LINE_COLUMNS {
                    text.push_str(line);
                } else {
                    self.broken(&[*tree], inner, text);
                }
                text.push_str(",\n");
            }
        } else {
            let mut column = 0;
            for line in &lines {
                if column > 0 && column + width(line) + 2 > MAX_LINE_COLUMNS {
                    text.push('\n');
                    column = 0;
                }
                let space = if column == 0 { " ".repeat(inner) } else { " ".to_owned() };
                column += space.len() + width(line) + 1;
                *text += &format!("{space}{line},");
            }
            text.push('\n');
        }
        text.push_str(&" ".repeat(indent));
        text.push('}');
    }
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}
