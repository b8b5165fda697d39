//! Faults of the other modules as the reports have them.

use crate::git;
use crate::policy::Invalid;
use crate::report::{Cause, Fault, Problem};
use crate::tree::TreeError;

impl Fault {
    /// Returns a fault with one problem.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { problems: vec![Problem { message: message.into(), ..Problem::default() }], ..Self::default() }
    }

    /// Adds a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Notes that it is a policy that is invalid or cannot be read, unless time ended while it was read.
    #[must_use]
    pub fn of_policy(mut self) -> Self {
        if self.cause == Cause::Other {
            self.cause = Cause::Policy;
        }
        self
    }
}

impl From<git::Error> for Fault {
    fn from(error: git::Error) -> Self {
        let cause = if matches!(error, git::Error::OutOfTime) { Cause::Timeout } else { Cause::Other };
        let fault = Self { cause, ..Self::new(error.to_string()) };
        match error.hint() {
            Some(hint) => fault.with_hint(hint),
            None => fault,
        }
    }
}

impl From<TreeError> for Fault {
    fn from(error: TreeError) -> Self {
        match error.downcast::<git::Error>() {
            Ok(error) => Self::from(*error),
            Err(error) => Self::new(error.to_string()),
        }
    }
}

impl From<Invalid> for Fault {
    fn from(invalid: Invalid) -> Self {
        let (rendered, newer) = (Some(invalid.render(false)), invalid.newer);
        let problems = invalid.errors.into_iter().map(|error| Problem {
            message: error.message,
            place: Some((invalid.origin.clone(), error.line, error.column)),
            hint: error.hint,
        });
        Self { problems: problems.collect(), rendered, newer, ..Self::default() }
    }
}
