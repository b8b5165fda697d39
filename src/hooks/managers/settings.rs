//! A manager's configuration: what it does in a hook.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::command::{judges, mentions};
use super::{Calls, Manager};
use crate::hooks::location::HooksLocation;
use crate::hooks::{script, show};

/// Names of lefthook's configuration, in its order; local ones are laid over the others.
const LEFTHOOK: [&str; 3] = ["lefthook", ".lefthook", ".config/lefthook"];
const LEFTHOOK_LOCAL: [&str; 3] = ["lefthook-local", ".lefthook-local", ".config/lefthook-local"];
const LEFTHOOK_ENDINGS: [&str; 5] = ["yml", "yaml", "json", "jsonc", "toml"];

/// Maximum number of events of the YAML reader (values, and the ends of lists) in a configuration, aliases written out. One with
/// 200 hooks has a twentieth of them.
const MAX_YAML_EVENTS: usize = 50_000;

/// A manager's configuration in a worktree.
pub(super) struct Settings {
    manager: Manager,
    /// Its file, as people know it.
    pub(super) file: String,
    top: PathBuf,
    files: Vec<File>,
}

struct File {
    text: String,
    /// What it says; `None` for TOML, and where it cannot be read.
    tree: Option<Value>,
}

impl Settings {
    /// Reads the configuration of a manager's hook, whose `script` may name it; `None` if there is none.
    pub(super) fn read(manager: Manager, script: &[u8], location: &HooksLocation, hook: &str) -> Option<Self> {
        let script = String::from_utf8_lossy(script);
        let top = option(&script, "--cd=").map_or_else(|| location.top.clone(), |folder| location.top.join(folder));
        let named = option(&script, "--config=");
        let names: Vec<String> = match (manager, named) {
            (Manager::PreCommit | Manager::Prek, Some(name)) => vec![name],
            (Manager::PreCommit, None) => vec![".pre-commit-config.yaml".into()],
            (Manager::Prek, None) => {
                ["prek.toml", ".pre-commit-config.yaml", ".pre-commit-config.yml"].map(String::from).into()
            }
            (Manager::Lefthook, _) => lefthook_names(&LEFTHOOK),
            (Manager::Overcommit, _) => vec![".overcommit.yml".into()],
            (Manager::Husky, _) => {
                let top = location.folder.parent()?.to_owned();
                let file = relative(&top.join(hook), &location.top);
                return Some(Self { manager, file, top, files: Vec::new() });
            }
        };
        let mut files = Vec::new();
        let file = names.into_iter().find(|name| add(&top.join(name), &mut files))?;
        if manager == Manager::Lefthook {
            let _ = lefthook_names(&LEFTHOOK_LOCAL).iter().find(|name| add(&top.join(name), &mut files));
        }
        Some(Self { manager, file: relative(&top.join(file), &location.top), top, files })
    }

    /// Returns whether the configuration makes a hook call importgate.
    pub(super) fn calls(&self, hook: &str) -> Calls {
        if self.manager == Manager::Husky {
            let text = script::read(&self.top.join(hook)).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            return text.lines().map(|line| judges(line, hook, false)).max().unwrap_or(Calls::No);
        }
        let of_file = |file: &File| match (&file.tree, self.manager) {
            (None, _) if mentions(&file.text) => Calls::Perhaps,
            (None, _) => Calls::No,
            (Some(tree), Manager::Lefthook) => of_lefthook(tree, hook, &self.top),
            (Some(tree), Manager::Overcommit) => of_overcommit(tree, hook),
            (Some(tree), _) => of_pre_commit(tree, hook),
        };
        self.files.iter().map(of_file).max().unwrap_or(Calls::No)
    }

    /// Returns whether the configuration has anything for a hook, so that the manager writes it.
    pub(super) fn has_hook(&self, hook: &str) -> bool {
        let has = |tree: &Value| match self.manager {
            Manager::Lefthook => tree.get(hook).is_some(),
            Manager::Overcommit => overcommit_section(hook).is_some(),
            _ => true,
        };
        self.files.iter().filter_map(|file| file.tree.as_ref()).any(has) || self.calls(hook) > Calls::No
    }
}

/// Returns the value of an option in a hook script, such as `--config='a b.yaml'`.
fn option(script: &str, name: &str) -> Option<String> {
    let (before, value) = script.split_once(name)?;
    // The whole word may be quoted, or the value alone.
    let quote = before.chars().last().filter(|c| "'\"".contains(*c));
    let (quote, value) = match value.chars().next().filter(|c| "'\"".contains(*c)) {
        Some(inner) => (Some(inner), &value[1..]),
        None => (quote, value),
    };
    let end = value.find(|c: char| quote.map_or(c.is_whitespace() || c == ')', |quote| c == quote));
    Some(value[..end?].to_owned())
}

fn lefthook_names(names: &[&str]) -> Vec<String> {
    let with = |ending: &&str| names.iter().map(|name| format!("{name}.{ending}")).collect::<Vec<_>>();
    LEFTHOOK_ENDINGS.iter().flat_map(with).collect()
}

fn relative(path: &Path, top: &Path) -> String {
    show(path.strip_prefix(top).unwrap_or(path))
}

/// Reads a file if it is there.
fn add(path: &Path, files: &mut Vec<File>) -> bool {
    let Ok(bytes) = script::read(path) else { return false };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let tree = match path.extension().and_then(|ending| ending.to_str()) {
        Some("toml") => None,
        Some("json" | "jsonc") => json(&text),
        _ => yaml(&text),
    };
    files.push(File { text, tree });
    true
}

fn yaml(text: &str) -> Option<Value> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_events: MAX_YAML_EVENTS },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_YAML_EVENTS },
    };
    serde_saphyr::from_str_with_options(text, options).ok()
}

fn json(text: &str) -> Option<Value> {
    let mut plain = text.to_owned();
    json_strip_comments::strip(&mut plain).ok()?;
    serde_json::from_str(&plain).ok()
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn words(list: &Value) -> String {
    match list {
        Value::String(word) => word.clone(),
        _ => items(list).filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
    }
}

/// Format: pre-commit.com, "Adding pre-commit plugins to your project"; prek's is the same.
fn of_pre_commit(tree: &Value, hook: &str) -> Calls {
    let repos = items(&tree["repos"]);
    let entries = repos.flat_map(|repo| items(&repo["hooks"]).map(move |entry| (repo, entry)));
    entries.map(|(repo, entry)| of_entry(tree, repo, entry, hook)).max().unwrap_or(Calls::No)
}

fn of_entry(tree: &Value, repo: &Value, entry: &Value, hook: &str) -> Calls {
    let command = words(&entry["entry"]);
    let says = |value: &Value| value.as_str().is_some_and(mentions);
    if !(says(&repo["repo"]) || says(&entry["id"]) || mentions(&command)) {
        return Calls::No;
    }
    let is_local = repo["repo"] == "local";
    let stages = if entry["stages"].is_array() { &entry["stages"] } else { &tree["default_stages"] };
    if stages.is_array() {
        // Older names of the stages.
        let old = match hook {
            "pre-push" => "push",
            "pre-merge-commit" => "merge-commit",
            _ => "commit",
        };
        if !items(stages).any(|stage| stage == hook || stage == old) {
            return Calls::No;
        }
    }
    if command.is_empty() {
        // The repository of hooks says what is run, and at which stages unless these are named here.
        return if !is_local && (stages.is_array() || hook == "pre-commit") { Calls::Yes } else { Calls::Perhaps };
    }
    match judges(&format!("{command} {}", words(&entry["args"])), hook, true) {
        Calls::Yes if is_local && entry["verbose"] != true => Calls::Silently,
        calls => calls,
    }
}

/// Format: lefthook's schema.json. Hooks have `jobs` (which may be groups), `commands` and `scripts`.
fn of_lefthook(tree: &Value, hook: &str, top: &Path) -> Calls {
    let section = &tree[hook];
    let folder = top.join(tree["source_dir"].as_str().unwrap_or(".lefthook")).join(hook);
    let in_script = |name: &str| {
        let text = script::read(&folder.join(name)).unwrap_or_default();
        if mentions(&String::from_utf8_lossy(&text)) { Calls::Perhaps } else { Calls::No }
    };
    let mut best = Calls::No;
    let mut open = vec![section];
    while let Some(part) = open.pop() {
        if part["skip"] == true {
            continue;
        }
        if let Some(command) = part["run"].as_str() {
            // Without it, git's lines do not arrive.
            let has_lines = hook != "pre-push" || part["use_stdin"] == true;
            best = best.max(if has_lines { judges(command, hook, false) } else { Calls::No });
        }
        if let Some(name) = part["script"].as_str() {
            best = best.max(in_script(name));
        }
        open.extend(items(&part["jobs"]));
        open.extend(part.get("group"));
        open.extend(part["commands"].as_object().into_iter().flat_map(|commands| commands.values()));
        let scripts = part["scripts"].as_object().into_iter().flatten();
        best = scripts.map(|(name, _)| in_script(name)).max().unwrap_or(best).max(best);
    }
    let output = &tree["output"];
    let hides = *output == false || (output.is_array() && !items(output).any(|part| part == "execution_out"));
    match best {
        Calls::Yes if hides => Calls::Silently,
        // What other files add is not known here.
        Calls::No if tree.get("extends").is_some() || tree.get("remotes").is_some() => Calls::Perhaps,
        best => best,
    }
}

/// Returns overcommit's name of a hook; it has none for pre-merge-commit.
pub(super) fn overcommit_section(hook: &str) -> Option<&'static str> {
    match hook {
        "pre-commit" => Some("PreCommit"),
        "pre-push" => Some("PrePush"),
        _ => None,
    }
}

/// Format: overcommit's README, "Configuration" and "Adding existing git hooks"; what such a hook says is shown only if it fails.
fn of_overcommit(tree: &Value, hook: &str) -> Calls {
    let Some(section) = overcommit_section(hook).and_then(|name| tree[name].as_object()) else { return Calls::No };
    let all = section.get("ALL").map_or(&Value::Null, |all| &all["enabled"]);
    let calls = section.iter().filter(|(name, _)| *name != "ALL").map(|(_, entry)| {
        let enabled = if entry["enabled"].is_boolean() { &entry["enabled"] } else { all };
        let lets_pass = entry["on_fail"].as_str().is_some_and(|status| status != "fail");
        if *enabled != true || entry["skip"] == true || lets_pass {
            return Calls::No;
        }
        let command = if entry["command"].is_null() { &entry["required_executable"] } else { &entry["command"] };
        judges(&format!("{} {}", words(command), words(&entry["flags"])), hook, false).min(Calls::Silently)
    });
    calls.max().unwrap_or(Calls::No)
}
