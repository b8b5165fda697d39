//! Keywords that decide what the names after them are.

use super::super::context::Definition;
use super::super::roles::{Opener, Role};
use super::Targets;

impl Targets {
    /// Takes the word if it is a keyword that matters here; returns whether it is.
    pub(super) fn keyword(&mut self, word: &[u8], first: bool) -> bool {
        match word {
            b"for" => {
                if first {
                    self.block();
                }
                self.roles.push(Opener::For, Role::Target);
            }
            b"in" => self.roles.leave(Opener::For),
            b"as" => self.after_as = self.roles.current() != Role::Pattern,
            b"lambda" => self.roles.push(Opener::Lambda, Role::Parameter),
            b"def" | b"class" if first => {
                self.block();
                self.definition = Definition::Name { def: word == b"def" };
                self.opens = Some(word == b"class");
            }
            b"del" if first => self.roles.base = Role::Target,
            b"async" if first => self.first = true,
            b"global" | b"nonlocal" if first => self.shares = true,
            b"if" if self.roles.base == Role::Pattern && self.roles.at_top() => self.roles.base = Role::Value,
            b"if" | b"elif" | b"else" | b"while" | b"with" | b"try" | b"except" | b"finally" if first => self.block(),
            b"not" | b"and" | b"or" | b"is" | b"if" | b"else" => {}
            _ => return false,
        }
        true
    }

    fn block(&mut self) {
        self.compound = true;
        self.roles.base = Role::Value;
    }
}
