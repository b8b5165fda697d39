//! Bindings of names other than by imports, recognized by the tokens around the names.
//!
//! Format: Python language reference, 4.2.1 "Binding of names", 6.12 (`:=`), 6.14 (`lambda`), 7.2
//! (targets), 8.6 (patterns), 8.10 (type parameters). The first word of the statement and the open
//! brackets decide what a token means; in broken code each statement starts afresh.

mod keywords;

use super::context::{Definition, Next, Soft};
use super::roles::{Opener, Role, Roles};

/// Follows the tokens of a text, and records which names they bind. Names are given by number.
pub(super) struct Targets {
    /// For each name, the offset of the first token that binds it.
    bound: Vec<Option<usize>>,
    roles: Roles,
    /// Whether the next token is the first one of its statement.
    first: bool,
    soft: Option<Soft>,
    /// Whether the statement's colon starts a block.
    compound: bool,
    definition: Definition,
    /// Scope that the statement's block opens: of a class, or else of a function.
    opens: Option<bool>,
    /// Whether the statement is `global` or `nonlocal`.
    shares: bool,
    after_as: bool,
    /// Whether the last token ends a value, so that a bracket now belongs to it.
    operand: bool,
    pending: Option<(usize, usize, Role)>,
    /// Targets of the statement, if it turns out to be an assignment.
    candidates: Vec<(usize, usize)>,
    /// For each name, the last statement in which it was a candidate.
    listed: Vec<usize>,
    statement: usize,
}

impl Targets {
    pub(super) fn new(names: usize) -> Self {
        Self {
            bound: vec![None; names],
            roles: Roles::default(),
            first: true,
            soft: None,
            compound: false,
            definition: Definition::Nothing,
            opens: None,
            shares: false,
            after_as: false,
            operand: false,
            pending: None,
            candidates: Vec::new(),
            listed: vec![0; names],
            statement: 1,
        }
    }

    pub(super) fn is_bound(&self, name: usize) -> bool {
        self.bound.get(name).is_some_and(Option::is_some)
    }

    /// Drops all bindings recorded from `to` on.
    pub(super) fn back(&mut self, to: usize) {
        for bound in &mut self.bound {
            *bound = bound.filter(|&at| at < to);
        }
        self.pending = None;
        self.roles.clear();
    }

    /// Returns whether the names of the statement are those of a scope around it.
    pub(super) fn shares(&self) -> bool {
        self.shares
    }

    fn bind(&mut self, name: usize, at: usize) {
        if let Some(bound) = self.bound.get_mut(name) {
            bound.get_or_insert(at);
        }
    }

    /// Starts a statement.
    pub(super) fn statement(&mut self) {
        self.token(Next::Other);
        self.roles.clear();
        self.roles.base = Role::Maybe;
        self.first = true;
        self.soft = None;
        self.compound = false;
        self.definition = Definition::Nothing;
        self.opens = None;
        self.shares = false;
        self.after_as = false;
        self.operand = false;
        self.candidates.clear();
        self.statement += 1;
    }

    /// Decides the role of the last name, now that the token after it is known.
    fn token(&mut self, next: Next) {
        self.first = false;
        let Some((name, at, role)) = self.pending.take() else { return };
        match (role, next) {
            (_, Next::Walrus) | (Role::Target, Next::Other | Next::Equals) => self.bind(name, at),
            (Role::Maybe, Next::Other | Next::Equals) | (Role::Pattern, Next::Other) => {
                if let Some(listed) = self.listed.get_mut(name).filter(|listed| **listed != self.statement) {
                    *listed = self.statement;
                    self.candidates.push((name, at));
                }
            }
            _ => {}
        }
    }

    /// Binds all targets so far.
    fn commit(&mut self) {
        for (name, at) in std::mem::take(&mut self.candidates) {
            self.bind(name, at);
        }
    }

    /// Takes the soft keyword before as a keyword if what follows can follow one.
    fn harden(&mut self, can_follow: bool, is_name: bool) {
        match self.soft.take() {
            Some(Soft::Type) if is_name => {
                self.pending = None;
                self.definition = Definition::Name { def: false };
            }
            Some(soft @ (Soft::Match | Soft::Case)) if can_follow => {
                self.pending = None;
                self.compound = true;
                self.operand = false;
                self.roles.base = if soft == Soft::Case { Role::Pattern } else { Role::Value };
            }
            _ => {}
        }
    }

    /// Takes a word without a dot before it; `name` is its number, if uses of it are asked for.
    pub(super) fn word(&mut self, word: &[u8], name: Option<usize>, at: usize) {
        let operator = matches!(word, b"in" | b"is" | b"and" | b"or" | b"if" | b"else" | b"as" | b"for");
        self.harden(!operator, !operator && word != b"not");
        let first = self.first;
        self.token(Next::Other);
        if self.keyword(word, first) {
            self.operand = false;
            return;
        }
        if first {
            self.soft = match word {
                b"match" => Some(Soft::Match),
                b"case" => Some(Soft::Case),
                b"type" => Some(Soft::Type),
                _ => None,
            };
        }
        self.operand = true;
        let after_as = std::mem::take(&mut self.after_as);
        let defined = match self.definition {
            Definition::Name { def } => {
                self.definition = Definition::Parameters { def };
                true
            }
            _ => false,
        };
        let Some(name) = name else { return };
        let role = if after_as { Role::Target } else { self.roles.current() };
        if defined || role == Role::Parameter {
            self.bind(name, at);
        } else {
            self.pending = Some((name, at, role));
        }
    }

    /// Takes a string, a number, or a word after a dot.
    pub(super) fn operand(&mut self) {
        self.harden(true, false);
        self.token(Next::Other);
        self.operand = true;
    }

    pub(super) fn dot(&mut self) {
        self.harden(false, false);
        self.token(Next::Trailer);
    }

    pub(super) fn comma(&mut self) {
        self.harden(false, false);
        self.token(Next::Other);
        self.after_as = false;
        self.operand = false;
        if self.roles.current() == Role::OfParameter {
            self.roles.set(Role::Parameter);
        }
    }

    /// Takes any sign that is not another token.
    pub(super) fn operator(&mut self, sign: u8) {
        self.harden(matches!(sign, b'-' | b'+' | b'*' | b'~'), false);
        self.token(Next::Other);
        self.operand = false;
    }

    /// Takes an `=`, even one that ends `+=` and the like.
    pub(super) fn equals(&mut self) {
        self.harden(false, false);
        self.token(Next::Equals);
        self.operand = false;
        if self.roles.current() == Role::Parameter {
            self.roles.set(Role::OfParameter);
        } else if self.roles.at_top() {
            self.definition = Definition::Nothing;
            self.commit();
        }
    }

    pub(super) fn walrus(&mut self) {
        self.token(Next::Walrus);
        self.operand = false;
    }

    pub(super) fn open(&mut self, bracket: u8) {
        self.harden(true, false);
        self.token(if bracket == b'{' { Next::Other } else { Next::Trailer });
        let role = match (self.definition, bracket, self.roles.current()) {
            (Definition::Parameters { def }, b'(' | b'[', _) if self.roles.at_top() => {
                if bracket == b'(' {
                    self.definition = Definition::Nothing;
                }
                if def || bracket == b'[' { Role::Parameter } else { Role::Value }
            }
            _ if self.after_as => Role::Target,
            (_, _, Role::Pattern) => Role::Pattern,
            (_, b'(' | b'[', role @ (Role::Maybe | Role::Target)) if !self.operand => role,
            _ => Role::Value,
        };
        self.after_as = false;
        self.operand = false;
        self.roles.push(Opener::Bracket, role);
    }

    /// Opens a replacement field.
    pub(super) fn field(&mut self) {
        self.token(Next::Other);
        self.operand = false;
        self.roles.push(Opener::Bracket, Role::Value);
    }

    pub(super) fn close(&mut self) {
        self.harden(false, false);
        self.token(Next::Other);
        self.operand = true;
        self.after_as = false;
        self.roles.close();
    }

    /// Starts a format specification, which is not code.
    pub(super) fn specification(&mut self) {
        self.token(Next::Other);
        self.roles.leave_all();
    }

    /// Takes a colon. If it ends the header of a function or class, returns whether of a class.
    pub(super) fn colon(&mut self) -> Option<bool> {
        self.harden(false, false);
        self.token(Next::Other);
        self.operand = false;
        self.after_as = false;
        if self.roles.top_is(Opener::Lambda) {
            self.roles.leave(Opener::Lambda);
        } else if self.roles.current() == Role::Parameter {
            self.roles.set(Role::OfParameter);
        } else if self.roles.at_top() {
            self.commit();
            if self.compound {
                let opens = self.opens;
                self.statement();
                return opens;
            }
            // an annotation
            self.roles.base = Role::Value;
        }
        None
    }
}
