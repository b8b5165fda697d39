//! What installing does beside other hook managers.

use super::managers::{ENTRY, HOOKS, script};
use super::*;

#[test]
fn overcommits_hooks_are_not_moved_as_they_ask_for_their_names() {
    let ground = Ground::with_manager("overcommit", &[(".overcommit.yml", "PreCommit: {}\n")]);
    let before = listing(&ground.repo);
    let error = ground.try_install(&ground.options()).unwrap_err();
    assert!(error.contains("PreCommit: {Importgate: {enabled: true, command: [importgate, pre-commit]}}"), "{error}");
    assert!(error.contains("PrePush: ") && error.contains("overcommit --sign pre-push"), "{error}");
    assert_eq!(listing(&ground.repo), before);
}

#[test]
fn what_a_manager_calls_already_is_not_installed_twice() {
    let yaml = format!("{ENTRY}verbose: true}}\n");
    let lefthook =
        HOOKS.map(|hook| format!("{hook}: {{jobs: [{{run: importgate {hook}, use_stdin: true}}]}}\n")).concat();
    for (manager, file, text) in [
        ("pre-commit", ".pre-commit-config.yaml", &yaml),
        ("prek", ".pre-commit-config.yaml", &yaml),
        ("lefthook", "lefthook.yml", &lefthook),
    ] {
        let ground = Ground::with_manager(manager, &[(file, text)]);
        let before = listing(&ground.repo);
        let outcome = ground.install();
        assert!(
            !outcome.changed && outcome.lines.iter().all(|line| line.contains(&format!("{file} calls importgate"))),
            "{outcome:?}"
        );
        assert_eq!(listing(&ground.repo), before);
        // Hooks that are not there yet.
        fs::remove_file(ground.hook("pre-push")).unwrap();
        assert!(ground.about("pre-push").contains(&format!("not installed, although {file} calls importgate")));
        assert!(
            ground
                .install()
                .notes
                .iter()
                .any(|note| note.contains("install is enough") || note.contains("--hook-type pre-push is enough"))
        );
    }
}

#[test]
fn hooks_that_a_manager_will_move() {
    let ground = Ground::with_manager("lefthook", &[("lefthook.yml", "pre-commit: {jobs: [{run: ruff check}]}\n")]);
    let outcome = ground.install();
    let old = ground.hook("pre-commit.old").display().to_string();
    let note = outcome.notes.iter().find(|note| note.contains(&old)).unwrap_or_else(|| panic!("{outcome:?}"));
    assert!(note.contains("a job in lefthook.yml: pre-commit: {jobs: [{run: importgate pre-commit}]}"), "{note}");
    // lefthook writes only the hooks that it has jobs for.
    assert!(!outcome.notes.iter().any(|note| note.contains("pre-push.old")), "{outcome:?}");
    ground.assert_doctor(0, &["warning  pre-commit: lefthook moves importgate's hook", &old]);
    fs::rename(ground.hook("pre-commit"), ground.hook("pre-commit.old")).unwrap();
    write_program(&ground.hook("pre-commit"), script("lefthook", "pre-commit"));
    ground.assert_doctor(1, &[&format!("it has moved importgate's to {old}, where nothing runs it")]);

    let ground = Ground::with_manager("overcommit", &[(".overcommit.yml", "PreCommit: {}\n")]);
    for hook in ["pre-commit", "pre-push"] {
        fs::remove_file(ground.hook(hook)).unwrap();
    }
    write_program(&ground.hook("overcommit-hook"), script("overcommit", ""));
    ground.install();
    ground.assert_doctor(0, &["overcommit moves importgate's hook to", "old-hooks/pre-push"]);
}

#[test]
fn hooks_that_husky_deletes() {
    let ground = Ground::with_manager("husky", &[(".husky/pre-push", "importgate pre-push \"$@\"\n")]);
    let outcome = ground.install();
    assert!(outcome.notes.iter().any(|note| note.contains("a line in .husky/pre-merge-commit")), "{outcome:?}");
    assert!(
        outcome.lines.iter().any(|line| line.contains("which is husky's: .husky/pre-push calls importgate")),
        "{outcome:?}"
    );
    ground.assert_doctor(0, &["warning  pre-commit: husky rewrites this folder at every `npm install`"]);
}
