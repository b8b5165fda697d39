//! Checks of hooks that a manager wrote, or is about to write.

use std::fs;

use super::{Calls, Managed, Manager, finds_lefthook, going};
use crate::hooks::diagnosis::Check;
use crate::hooks::location::HooksLocation;
use crate::hooks::script::{self, Hook};
use crate::hooks::shell::may_run;
use crate::hooks::show;

/// Checks a hook that is a manager's, or should be; `None` if it is importgate's, or no manager has to do with it. `install`
/// is the command that writes importgate's.
pub(in crate::hooks) fn hook_checks(hook: &Hook, location: &HooksLocation, install: &str) -> Option<Vec<Check>> {
    let (name, path) = (hook.name, location.folder.join(hook.name));
    if script::is_ours(&hook.file(&location.folder)) {
        return None;
    }
    if fs::symlink_metadata(&path).is_err() {
        let managed = Managed::of_worktree(hook, location).filter(|managed| managed.calls > Calls::No)?;
        let found = format!("{name}: not installed, although {} calls importgate", managed.file);
        return Some(vec![Check::problem(found, managed.install(hook))]);
    }
    let script = script::read(&path).ok()?;
    let managed = Managed::of_hook(hook, &script, location).filter(|_| may_run(&path))?;
    let (manager, file) = (managed.manager.name(), &managed.file);
    let mut checks = match managed.calls {
        Calls::Yes | Calls::Silently => {
            let first = managed.names_first_reference(hook).then_some(", for the first reference of a push alone");
            let found = format!("{name}: {} is {manager}'s, and {file} calls importgate", show(&path));
            vec![Check::ok(format!("{found}{}", first.unwrap_or_default()))]
        }
        Calls::Perhaps => {
            let found =
                format!("{name}: {} is {manager}'s; whether {file} makes importgate judge cannot be told", show(&path));
            vec![Check::unsure(found, format!("make sure that it runs importgate {name} and exits with its status"))]
        }
        Calls::No => return Some(vec![uncalled(hook, location, &managed, install)]),
    };
    if managed.calls == Calls::Silently {
        let found = format!("{name}: {manager} shows nothing of a hook that passes, so warnings are not seen");
        checks.push(Check::warning(found, managed.how_to_show()));
    }
    if managed.manager == Manager::Lefthook && !finds_lefthook(&script, &location.top) {
        let found = format!("{name}: {} may not find lefthook, and then lets everything pass", show(&path));
        checks.push(Check::unsure(found, "install lefthook, or set assert_lefthook_installed: true"));
    }
    Some(checks)
}

fn uncalled(hook: &Hook, location: &HooksLocation, managed: &Managed, install: &str) -> Check {
    let (name, manager) = (hook.name, managed.manager.name());
    let path = show(&location.folder.join(name));
    let moved = managed.moved(hook, &location.folder);
    let moved =
        moved.map_or(String::new(), |old| format!("; it has moved importgate's to {old}, where nothing runs it"));
    let found = format!("{name}: {path} is {manager}'s, and nothing in {} makes importgate judge{moved}", managed.file);
    let advice = managed.advice(hook);
    Check::problem(
        found,
        match managed.manager {
            Manager::PreCommit | Manager::Prek => format!("{install}, which keeps it and runs it first; or {advice}"),
            _ => advice,
        },
    )
}

/// Checks whether importgate's own hook stays when the manager next writes its hooks.
pub(in crate::hooks) fn lasting(hook: &Hook, location: &HooksLocation) -> Option<Check> {
    if !script::is_ours(&location.folder.join(hook.name)) {
        return None;
    }
    let (goes, advice) = going(hook, location)?;
    Some(Check::warning(format!("{}: {goes}", hook.name), advice))
}
