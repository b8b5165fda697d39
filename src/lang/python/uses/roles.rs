//! Role of a name by the brackets, `for` targets and `lambda` parameters that it is nested in.

/// Role of a name that stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A value.
    Value,
    /// A target, if an `=` follows in the statement.
    Maybe,
    /// A target.
    Target,
    /// A capture, if the statement is a `case`.
    Pattern,
    /// The name of a parameter.
    Parameter,
    /// A parameter's annotation or default, up to the next comma.
    OfParameter,
}

/// Opener of a part in which names have another role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Opener {
    Bracket,
    For,
    Lambda,
}

/// An open part, and the role of the names in it.
struct Frame {
    opener: Opener,
    role: Role,
}

/// Maximum number of open parts: CPython's limit of brackets; names in deeper ones are values.
const MAX_BRACKETS: usize = 200;

/// Open parts of a statement, outermost first.
pub(super) struct Roles {
    /// Role of names outside all brackets.
    pub(super) base: Role,
    frames: Vec<Frame>,
    /// Number of open brackets beyond the deepest frame.
    deeper: usize,
}

impl Default for Roles {
    fn default() -> Self {
        Self { base: Role::Maybe, frames: Vec::new(), deeper: 0 }
    }
}

impl Roles {
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.deeper = 0;
    }

    pub(super) fn current(&self) -> Role {
        if self.deeper > 0 { Role::Value } else { self.frames.last().map_or(self.base, |frame| frame.role) }
    }

    pub(super) fn set(&mut self, role: Role) {
        if let Some(frame) = self.frames.last_mut().filter(|_| self.deeper == 0) {
            frame.role = role;
        }
    }

    pub(super) fn at_top(&self) -> bool {
        self.frames.is_empty() && self.deeper == 0
    }

    pub(super) fn top_is(&self, opener: Opener) -> bool {
        self.deeper == 0 && self.frames.last().is_some_and(|frame| frame.opener == opener)
    }

    pub(super) fn push(&mut self, opener: Opener, role: Role) {
        if self.frames.len() < MAX_BRACKETS {
            self.frames.push(Frame { opener, role });
        } else {
            self.deeper += usize::from(opener == Opener::Bracket);
        }
    }

    /// Leaves the innermost part, if this opened it.
    pub(super) fn leave(&mut self, opener: Opener) {
        if self.top_is(opener) {
            self.frames.pop();
        }
    }

    /// Leaves the innermost parts that are not brackets.
    pub(super) fn leave_all(&mut self) {
        while self.frames.pop_if(|frame| frame.opener != Opener::Bracket).is_some() {}
    }

    /// Closes a bracket, and all that was left open in it.
    pub(super) fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        while self.frames.pop().is_some_and(|frame| frame.opener != Opener::Bracket) {}
    }
}
