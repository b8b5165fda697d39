//! What else than an import binds a name, told by the tokens around it.
//!
//! Format: Python language reference, 4.2.1 "Binding of names", 6.12 (`:=`), 6.14 (`lambda`), 7.2 (targets), 8.6
//! (patterns), 8.10 (type parameters). What a token means is told by the statement's first word and the open brackets;
//! in broken code each statement starts anew.

use super::places::{Opener, Place, Places};
use super::words::{Definition, Next, Soft};

/// Follows the tokens of a text, and keeps which names they bind. Names are known by their numbers.
pub(super) struct Targets {
    /// For each name, the place of the first token that binds it.
    bound: Vec<Option<usize>>,
    places: Places,
    /// The next token is the first one of its statement.
    first: bool,
    soft: Option<Soft>,
    /// The statement's colon starts a block.
    compound: bool,
    definition: Definition,
    after_as: bool,
    /// The last token ends a value: a bracket now belongs to it.
    operand: bool,
    pending: Option<(usize, usize, Place)>,
    /// The targets of the statement, if it turns out to assign.
    candidates: Vec<(usize, usize)>,
    /// For each name, the statement in which it last was a candidate.
    listed: Vec<usize>,
    statement: usize,
}

impl Targets {
    pub(super) fn new(names: usize) -> Self {
        Self {
            bound: vec![None; names],
            places: Places::default(),
            first: true,
            soft: None,
            compound: false,
            definition: Definition::Nothing,
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

    /// Forgets what was told from `to` on.
    pub(super) fn back(&mut self, to: usize) {
        for bound in &mut self.bound {
            *bound = bound.filter(|&at| at < to);
        }
        self.pending = None;
        self.places.clear();
    }

    fn bind(&mut self, name: usize, at: usize) {
        if let Some(bound) = self.bound.get_mut(name) {
            bound.get_or_insert(at);
        }
    }

    /// A statement starts here.
    pub(super) fn statement(&mut self) {
        self.token(Next::Other);
        self.places.clear();
        self.places.base = Place::Maybe;
        self.first = true;
        self.soft = None;
        self.compound = false;
        self.definition = Definition::Nothing;
        self.after_as = false;
        self.operand = false;
        self.candidates.clear();
        self.statement += 1;
    }

    /// Settles what the last name is, now that the token after it is known.
    fn token(&mut self, next: Next) {
        self.first = false;
        let Some((name, at, place)) = self.pending.take() else { return };
        match (place, next) {
            (_, Next::Walrus) | (Place::Target, Next::Other | Next::Equals) => self.bind(name, at),
            (Place::Maybe, Next::Other | Next::Equals) | (Place::Pattern, Next::Other) => {
                if let Some(listed) = self.listed.get_mut(name).filter(|listed| **listed != self.statement) {
                    *listed = self.statement;
                    self.candidates.push((name, at));
                }
            }
            _ => {}
        }
    }

    /// All targets so far are bound.
    fn commit(&mut self) {
        for (name, at) in std::mem::take(&mut self.candidates) {
            self.bind(name, at);
        }
    }

    /// The word before was a keyword if what follows it can follow one.
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
                self.places.base = if soft == Soft::Case { Place::Pattern } else { Place::Value };
            }
            _ => {}
        }
    }

    /// A word that no dot stands before; `name` is its number if it is one of those asked for.
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
        let place = if after_as { Place::Target } else { self.places.current() };
        if defined || place == Place::Parameter {
            self.bind(name, at);
        } else {
            self.pending = Some((name, at, place));
        }
    }

    /// Whether the word is a keyword that matters here.
    fn keyword(&mut self, word: &[u8], first: bool) -> bool {
        match word {
            b"for" => {
                if first {
                    self.block();
                }
                self.places.push(Opener::For, Place::Target);
            }
            b"in" => self.places.leave(Opener::For),
            b"as" => self.after_as = self.places.current() != Place::Pattern,
            b"lambda" => self.places.push(Opener::Lambda, Place::Parameter),
            b"def" | b"class" if first => {
                self.block();
                self.definition = Definition::Name { def: word == b"def" };
            }
            b"del" if first => self.places.base = Place::Target,
            b"async" if first => self.first = true,
            b"if" if self.places.base == Place::Pattern && self.places.at_top() => self.places.base = Place::Value,
            b"if" | b"elif" | b"else" | b"while" | b"with" | b"try" | b"except" | b"finally" if first => self.block(),
            b"not" | b"and" | b"or" | b"is" | b"if" | b"else" => {}
            _ => return false,
        }
        true
    }

    fn block(&mut self) {
        self.compound = true;
        self.places.base = Place::Value;
    }

    /// A string or a number, or a word behind a dot.
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
        if self.places.current() == Place::OfParameter {
            self.places.set(Place::Parameter);
        }
    }

    /// Any sign that is no other token.
    pub(super) fn operator(&mut self, sign: u8) {
        self.harden(matches!(sign, b'-' | b'+' | b'*' | b'~'), false);
        self.token(Next::Other);
        self.operand = false;
    }

    /// An `=`, also one that ends `+=` and the like.
    pub(super) fn equals(&mut self) {
        self.harden(false, false);
        self.token(Next::Equals);
        self.operand = false;
        if self.places.current() == Place::Parameter {
            self.places.set(Place::OfParameter);
        } else if self.places.at_top() {
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
        let place = match (self.definition, bracket, self.places.current()) {
            (Definition::Parameters { def }, b'(' | b'[', _) if self.places.at_top() => {
                if bracket == b'(' {
                    self.definition = Definition::Nothing;
                }
                if def || bracket == b'[' { Place::Parameter } else { Place::Value }
            }
            _ if self.after_as => Place::Target,
            (_, _, Place::Pattern) => Place::Pattern,
            (_, b'(' | b'[', place @ (Place::Maybe | Place::Target)) if !self.operand => place,
            _ => Place::Value,
        };
        self.after_as = false;
        self.operand = false;
        self.places.push(Opener::Bracket, place);
    }

    /// A replacement field opens.
    pub(super) fn field(&mut self) {
        self.token(Next::Other);
        self.operand = false;
        self.places.push(Opener::Bracket, Place::Value);
    }

    pub(super) fn close(&mut self) {
        self.harden(false, false);
        self.token(Next::Other);
        self.operand = true;
        self.after_as = false;
        self.places.close();
    }

    /// What follows in the replacement field is no code.
    pub(super) fn specification(&mut self) {
        self.token(Next::Other);
        self.places.leave_all();
    }

    pub(super) fn colon(&mut self) {
        self.harden(false, false);
        self.token(Next::Other);
        self.operand = false;
        self.after_as = false;
        if self.places.top_is(Opener::Lambda) {
            self.places.leave(Opener::Lambda);
        } else if self.places.current() == Place::Parameter {
            self.places.set(Place::OfParameter);
        } else if self.places.at_top() {
            self.commit();
            if self.compound {
                self.statement();
            } else {
                // an annotation
                self.places.base = Place::Value;
            }
        }
    }
}
