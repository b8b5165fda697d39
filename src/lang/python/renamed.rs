//! Names that import statements give to what the scanner knows: `import_module as im`,
//! `TYPE_CHECKING as TC`, `import pkgutil as pk`.
//!
//! A statement holds for all that follows in the file, as most stand at its top.

use std::collections::HashMap;

use memchr::memmem;

use crate::lang::Import;

use super::bytes::identifier;
use super::callees::{self, Callee};

/// The flag that only type checkers take for true.
const FLAG: &str = "TYPE_CHECKING";

/// What a local name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Original {
    Flag,
    /// A function, and whether its module is known to be the one that it belongs to.
    Function {
        callee: Callee,
        at_home: bool,
    },
    /// A module whose members are known.
    Module(&'static str),
}

/// Local names, and what they mean.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    mentions_flag: bool,
    by_local: HashMap<String, Original>,
}

impl Renamed {
    /// Returns an empty table for a text.
    pub(super) fn of(text: &[u8]) -> Self {
        Self { mentions_flag: memmem::find(text, FLAG.as_bytes()).is_some(), by_local: HashMap::new() }
    }

    /// Returns whether the text has the flag's name anywhere.
    pub(super) fn mentions_flag(&self) -> bool {
        self.mentions_flag
    }

    /// Takes the names that an import statement binds.
    pub(super) fn add(&mut self, rows: &[Import<'_>]) {
        for row in rows {
            let original = original(row);
            if original.is_none() && self.by_local.is_empty() {
                continue;
            }
            let top = || row.module.as_deref().and_then(|module| module.split('.').next());
            let Some(local) = row.alias.as_deref().or(row.name.as_deref()).or_else(top) else { continue };
            match original {
                Some(original) => _ = self.by_local.insert(local.to_owned(), original),
                None => _ = self.by_local.remove(local),
            }
        }
    }

    /// Returns whether a dotted name is the flag.
    pub(super) fn is_flag(&self, name: &str) -> bool {
        let is_member = name.rsplit_once('.').is_some_and(|(_, last)| last == FLAG);
        name == FLAG || is_member || self.by_local.get(name) == Some(&Original::Flag)
    }

    /// Returns whether no name is known.
    pub(super) fn is_empty(&self) -> bool {
        self.by_local.is_empty()
    }

    /// Returns the function that a word means where nothing precedes it, and whether its module is
    /// known to be the one that it belongs to.
    pub(super) fn function(&self, word: &[u8]) -> Option<(Callee, bool)> {
        match self.get(word)? {
            Original::Function { callee, at_home } => Some((callee, at_home)),
            _ => None,
        }
    }

    /// Returns the usual name of the module or function that a word means.
    pub(super) fn parent(&self, word: &[u8]) -> Option<&'static [u8]> {
        match self.get(word)? {
            Original::Module(name) => Some(name.as_bytes()),
            Original::Function { callee: Callee::Patch, .. } => Some(b"patch"),
            _ => None,
        }
    }

    fn get(&self, word: &[u8]) -> Option<Original> {
        if self.by_local.is_empty() { None } else { self.by_local.get(&*identifier(word)).copied() }
    }
}

/// Returns what the local name of an import means, if that is known and its own name does not tell.
fn original(row: &Import<'_>) -> Option<Original> {
    let module = row.module.as_deref();
    let at_home = row.level == 0 && module.is_some_and(|module| callees::HOMES.contains(&module));
    if row.alias.is_none() && !(at_home && row.name.is_some()) {
        return None;
    }
    let name = row.name.as_deref().or(module)?;
    if name == FLAG && row.name.is_some() {
        return Some(Original::Flag);
    }
    if let Some(home) = callees::HOMES.iter().find(|&&home| home == name) {
        return Some(Original::Module(home));
    }
    let callee = callees::known(name.as_bytes()).filter(|_| row.name.is_some())?;
    Some(Original::Function { callee, at_home })
}
