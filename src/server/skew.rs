//! Policies that this server's program may be too old for: what is told, and who is asked.

use crate::locate::FILE;
use crate::report::Fault;
use crate::skew::{Newer, VERSION};

/// Returns the fault of a file of the server's own that is a policy in effect.
pub(super) fn of_file(fault: Fault, contact: &str) -> Fault {
    let fault = told(fault.of_policy());
    match fault.newer {
        Newer::No => fault,
        Newer::Perhaps => fault.with_hint(format!("Ask {contact}.")),
        Newer::Certainly(_) => fault.with_hint(format!("Ask {contact} to update importgate on this server.")),
    }
}

/// Returns the fault of the policy in effect of the repository, which lies on the branch `name`.
pub(super) fn of_standing(fault: Fault, name: &str, contact: &str) -> Fault {
    let fault = told(fault.of_policy());
    let hint = match fault.newer {
        Newer::No => format!("First push a valid {FILE} to {name}."),
        Newer::Perhaps => {
            format!("First push a valid {FILE} to {name}, or ask {contact} to update importgate on this server.")
        }
        Newer::Certainly(_) => {
            format!("Ask {contact} to update importgate on this server, or push a {FILE} that it knows to {name}.")
        }
    };
    fault.with_hint(hint)
}

/// Returns the fault of a policy that is pushed to the reference `name`.
pub(super) fn of_pushed(fault: Fault, name: &str, contact: &str) -> Fault {
    let mut fault = told(fault);
    match fault.newer {
        Newer::No => _ = fault.hint.get_or_insert_with(|| format!("Fix {FILE} before you push {name}.")),
        Newer::Perhaps => {
            let fix = format!("Fix {FILE} before you push {name}");
            fault.hint = Some(format!("{fix}, or ask {contact} to update importgate on this server."));
        }
        Newer::Certainly(_) => {
            fault.hint = Some(format!("Ask {contact} to update importgate on this server before you push {name}."));
        }
    }
    fault
}

/// Returns what is wrong with a policy in effect that a push replaces, as it stands in a sentence.
pub(super) fn what_is_wrong(fault: &Fault) -> String {
    match fault.newer {
        Newer::Certainly(_) => format!("is for a newer importgate than this server's, {VERSION}"),
        Newer::No | Newer::Perhaps => "is invalid".to_owned(),
    }
}

/// Names this server's version in the problem that is told and logged, the first one.
fn told(mut fault: Fault) -> Fault {
    let begins = match &fault.newer {
        Newer::No => return fault,
        Newer::Perhaps => "unknown key",
        Newer::Certainly(said) => said,
    };
    // Problems of another kind may stand before it.
    let Some(at) = fault.problems.iter().position(|problem| problem.message.starts_with(begins)) else { return fault };
    let mut problem = fault.problems.remove(at);
    problem.message = match &fault.newer {
        Newer::Certainly(said) => format!("{said}; this server's importgate is older: {VERSION}"),
        _ => format!("{}; a newer importgate than this server's, {VERSION}, may know it", problem.message),
    };
    fault.problems.insert(0, problem);
    fault
}
