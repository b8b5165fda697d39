//! Parser of the server configuration.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::excuses::excuses;
use super::file::Override;
use super::keys::{FORMAT, LOG, Table};
use super::together::{check_owners, check_shadow};
use super::{CannotJudge, Enforce, File, Lender, NamedPolicy, OnFault, PolicySource, RefGlobs, Settings};
use crate::globs::Globs;
use crate::server::host::Host;
use crate::toml_file::{self, DeValue, Document, Invalid, Problems, Value, Words, add_glob, wrong_type};

pub(super) type Fields<'t> = toml_file::Fields<'t, Table>;

/// Value in `policies` that stands for the repository's own policy.
const REPOSITORY: &str = "repository";
/// Key of the references that lead to what is already there.
const TRUSTED_REFS: &str = "trusted-refs";
/// Maximum deadline; a longer one would be none.
const MAX_DEADLINE: Duration = Duration::from_secs(60 * 60);

/// Maximum length of `contact`, which stands in the middle of a sentence.
const MAX_CONTACT_CHARS: usize = 200;

pub(super) fn file(source: &str, origin: &str, folder: &Path) -> Result<File, Invalid> {
    let read = toml_file::read(source, origin, (Table::Top, FORMAT), |_, _| false, read);
    let file = read?.ok_or_else(|| {
        let mut problems = Problems::default();
        let message = format!("the file lacks the key `{FORMAT}`");
        problems.add_with_hint(0..0, message, format!("write `{FORMAT} = 1` at its top"));
        problems.into_invalid(source, origin)
    })?;
    Ok(File { folder: folder.to_owned(), origin: origin.to_owned(), ..file })
}

/// Returns the value of the kill switch alone.
pub(super) fn switch(source: &str) -> Option<Enforce> {
    let read = toml_file::read(
        source,
        "",
        (Table::Top, FORMAT),
        |_, _| false,
        |document, problems| {
            let top = Fields::of_unknown(document.top, 0..0, Table::Top);
            all_repositories(&top, problems)
        },
    );
    read.ok().flatten().flatten()
}

fn all_repositories(top: &Fields<'_>, problems: &mut Problems) -> Option<Enforce> {
    top.choice("all-repositories", &[("off", Enforce::Off), ("report", Enforce::Report)], problems)
}

fn read(document: &Document<'_>, problems: &mut Problems) -> File {
    let top = Fields::new(document.top, 0..0, Table::Top, problems);
    let all_repositories = all_repositories(&top, problems);
    let host = top.choice("host", &Host::ALL, problems);
    let base = settings(&top, document, problems);
    let mut file = File { base, all_repositories, host, ..File::default() };
    check_shadow(&top, &file.base, top.get(LOG).is_some(), problems);
    repositories(&top, document, &mut file, problems);
    check_owners(&top, &file, problems);
    file
}

fn repositories(top: &Fields<'_>, document: &Document<'_>, file: &mut File, problems: &mut Problems) {
    let Some(value) = top.get("repository") else { return };
    let DeValue::Array(values) = value.get_ref() else {
        let hint = "each repository begins with [[repository]]";
        problems.add_with_hint(value.span(), "`repository` is not a list of tables", hint);
        return;
    };
    for value in values {
        let DeValue::Table(table) = value.get_ref() else {
            wrong_type(value, Table::Top, "repository", problems);
            continue;
        };
        let fields = Fields::new(table, value.span(), Table::Repository, problems);
        let own = repository(&fields, document, &mut file.globs, problems);
        check_shadow(&fields, &own.settings, top.get(LOG).is_some(), problems);
        file.repositories.push(own);
    }
}

fn repository(fields: &Fields<'_>, document: &Document<'_>, globs: &mut Globs, problems: &mut Problems) -> Override {
    if fields.get("match").is_none() {
        problems.add_if_sound(fields.at.clone(), "the repository has no `match`", "it selects repositories by path");
    }
    fields.not_empty("match", "it selects repositories by path", problems);
    let (mut whole, mut ends) = (Vec::new(), Vec::new());
    for words in fields.many_words("match", problems).unwrap_or_default() {
        let (text, ids) = match words.text.strip_prefix('/') {
            Some(rest) => (rest, &mut whole),
            None => (words.text, &mut ends),
        };
        if text.is_empty() {
            problems.add_with_hint(words.at, "an empty glob", "`**` means every repository");
        } else {
            ids.extend(add_glob(&Words { text, at: words.at }, globs, problems));
        }
    }
    let settings = Settings { excuses: excuses(fields, problems), ..settings(fields, document, problems) };
    Override { whole, ends, settings }
}

fn settings(fields: &Fields<'_>, document: &Document<'_>, problems: &mut Problems) -> Settings {
    let enforce = [("off", Enforce::Off), ("report", Enforce::Report), ("block", Enforce::Block)];
    let lender = [("heads", Lender::Heads), ("none", Lender::None)];
    Settings {
        policies: policies(fields, document, problems),
        shadow: shadow(fields, problems),
        enforce: fields.choice("enforce", &enforce, problems),
        trusted_refs: trusted_refs(fields, problems),
        refs_not_judged: refs(fields, "refs-not-judged", problems),
        lender: fields.choice("lender", &lender, problems),
        first_push: fields.choice("first-push", &enforce, problems),
        protect_policy: fields.boolean("protect-policy", problems),
        cannot_judge: cannot_judge(fields, problems),
        contact: contact(fields, problems),
        deadline: deadline(fields, problems),
        commit_limit: positive("commit-limit", "commits", fields, problems),
        threads: positive("threads", "threads", fields, problems),
        policy_owners: users("policy-owners", fields, problems),
        break_glass: users("break-glass", fields, problems),
        hash_users: fields.boolean("hash-users", problems),
        excuses: None,
        log: fields.words(LOG, problems).and_then(|words| path(&words, LOG, problems)),
    }
}

/// Reads one word for all causes, or a table with a word for each; a cause that it leaves out blocks.
fn cannot_judge(fields: &Fields<'_>, problems: &mut Problems) -> Option<CannotJudge> {
    const KEY: &str = "cannot-judge";
    let words = [("report", OnFault::Report), ("block", OnFault::Block)];
    let value = fields.get(KEY)?;
    let DeValue::Table(table) = value.get_ref() else {
        return fields.choice(KEY, &words, problems).map(CannotJudge::all);
    };
    let causes = Fields::new(table, value.span(), Table::CannotJudge, problems);
    let mut of = |key| causes.choice(key, &words, problems).unwrap_or(OnFault::Block);
    Some(CannotJudge { timeout: of("timeout"), policy: of("policy"), fault: of("fault") })
}

fn contact(fields: &Fields<'_>, problems: &mut Problems) -> Option<String> {
    let words = fields.words("contact", problems)?;
    let text = words.text.trim();
    let message = if text.is_empty() {
        "`contact` says nobody"
    } else if text.contains(char::is_control) || text.chars().count() > MAX_CONTACT_CHARS {
        "`contact` is more than a short line"
    } else {
        return Some(text.to_owned());
    };
    problems.add_with_hint(words.at, message, "write whom a pusher may ask: \"#git-help\", \"git@example.org\"");
    None
}

fn policies(fields: &Fields<'_>, document: &Document<'_>, problems: &mut Problems) -> Option<Vec<NamedPolicy>> {
    fields.not_empty("policies", "to judge nothing, write `enforce = \"off\"`", problems);
    let mut policies: Vec<NamedPolicy> = Vec::new();
    for words in fields.many_words("policies", problems)? {
        let at = (document.lines.line_of(words.at.start), document.lines.column_of(words.at.start));
        let source = match words.text {
            REPOSITORY => Some(PolicySource::Repository),
            _ => path(&words, "policies", problems).map(PolicySource::File),
        };
        let source = source.filter(|source| policies.iter().all(|named| named.source != *source));
        policies.extend(source.map(|source| NamedPolicy { source, at }));
    }
    Some(policies)
}

/// Reads the files of shadow policies; none turns those of the top off for some repositories.
fn shadow(fields: &Fields<'_>, problems: &mut Problems) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    for words in fields.many_words("shadow", problems)? {
        if words.text == REPOSITORY {
            let hint = "it takes files of the server's; write `./repository` for a file of that name";
            problems.add_with_hint(words.at, "`shadow` cannot be `repository`", hint);
            continue;
        }
        files.extend(path(&words, "shadow", problems).filter(|file| !files.contains(file)));
    }
    Some(files)
}

fn path(words: &Words<'_>, key: &str, problems: &mut Problems) -> Option<PathBuf> {
    if words.text.trim().is_empty() || words.text.contains('\0') {
        problems.add(words.at.clone(), format!("`{key}` contains a path without a file name"));
        return None;
    }
    if words.text.starts_with('~') {
        let hint = "write the whole path, or `./~` where it is the name of a folder";
        problems.add_with_hint(words.at.clone(), "`~` is not expanded: a hook may run without HOME", hint);
        return None;
    }
    Some(PathBuf::from(words.text))
}

fn trusted_refs(fields: &Fields<'_>, problems: &mut Problems) -> Option<RefGlobs> {
    fields.not_empty(TRUSTED_REFS, "every push would be judged as if the repository were empty", problems);
    refs(fields, TRUSTED_REFS, problems)
}

fn refs(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<RefGlobs> {
    let mut own = RefGlobs::default();
    for words in fields.many_words(key, problems)? {
        let begins = |start: &str| words.text.starts_with(start);
        // A server's own HEAD is no reference of a push.
        let is_head = key == TRUSTED_REFS && words.text == "HEAD";
        if !is_head && !begins("refs") && !begins("*") && !begins("{") && !begins("[") {
            let name = words.text.trim_start_matches(['.', '/']);
            let hint =
                format!("write `refs/heads/{}`", toml_file::shortened(if name.is_empty() { "**" } else { name }));
            problems.add_with_hint(words.at.clone(), "the full name of a reference begins with `refs/`", hint);
            continue;
        }
        if let Some(id) = add_glob(&words, &mut own.globs, problems) {
            own.add(id);
        }
    }
    Some(own)
}

fn deadline(fields: &Fields<'_>, problems: &mut Problems) -> Option<Duration> {
    let words = fields.words("deadline", problems)?;
    let parsed = jiff::fmt::friendly::SpanParser::new().parse_unsigned_duration(words.text);
    let message = match parsed {
        Ok(deadline) if deadline.is_zero() => "a `deadline` of zero leaves no time to judge",
        Ok(deadline) if deadline > MAX_DEADLINE => "a `deadline` is at most an hour",
        Ok(deadline) => return Some(deadline),
        Err(_) => "`deadline` is not a duration",
    };
    problems.add_with_hint(words.at, message, "write \"4s\" or \"500ms\"");
    None
}

fn positive(key: &str, of: &str, fields: &Fields<'_>, problems: &mut Problems) -> Option<usize> {
    let number = fields.number(key, problems)?;
    let number = usize::try_from(number).ok().filter(|&number| number > 0);
    if number.is_none() {
        let at = fields.get(key).map_or(fields.at.clone(), Value::span);
        problems.add(at, format!("`{key}` is a number of {of}, at least 1"));
    }
    number
}

fn users(key: &str, fields: &Fields<'_>, problems: &mut Problems) -> Option<Vec<String>> {
    let mut users = Vec::new();
    for words in fields.many_words(key, problems)? {
        if words.text.trim().is_empty() {
            problems.add_with_hint(words.at, format!("`{key}` has a user without a name"), "leave it out");
        } else if words.text.contains(char::is_control) || words.text.trim() != words.text {
            let message = format!("`{key}` has a user whose name has control characters, or spaces around it");
            problems.add_with_hint(words.at, message, "write the name as the host says it: nobody else is meant by it");
        } else {
            users.push(words.text.to_owned());
        }
    }
    Some(users)
}
