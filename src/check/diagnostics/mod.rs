//! New occurrences → findings: where each stands, why it is one, and the import to write instead.

mod builder;
mod impact;
mod moved_from;
mod snippet;
mod suggestion;
mod surprise;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::check::context::Context;
use crate::check::netting::NewOccurrences;
use crate::check::occurrence::{At, Fresh, Occurrence};
use crate::check::threads::by_threads;
use crate::check::written::Forms;
use crate::check::{forbidden, scan};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::lang::{Import, Surroundings};
use crate::policy::{LineMatch, Severity};
use crate::tree::TreeError;
use builder::Builder;
use moved_from::Search;
use suggestion::{Hit, Suggester, groups};
use surprise::Surprise;

/// Statements of a file for which the report says what must change beside them; each costs a walk through the file.
const MAX_ADVISED_STATEMENTS: usize = 100;

const OLD_SIDE_MISSING: &str =
    "old content is not in this clone, so this may be old code: `git fetch --refetch --no-filter` to know";
const TOO_LARGE_BEFORE: &str = "the file was too large to be read before, so this may be old code";
const TOO_MANY_BEFORE: &str = "the file had too many such lines before, so this may be an old one";

/// Writes the findings of new occurrences, in the order of files and places.
///
/// # Errors
/// When the repository cannot be read.
pub fn findings(context: &Context<'_>, new: &NewOccurrences) -> Result<Vec<Finding>, TreeError> {
    let mut findings = Vec::with_capacity(new.fresh.len());
    // Once files did not fit, those that findings are written of come first.
    let fresh: HashSet<&[u8]> = new.fresh.iter().map(|new| context.changes.files[new.file].path.as_slice()).collect();
    context.files.make_room(|file| fresh.contains(file.path()));
    let mut search = Search::new(context);
    let of_files: Vec<&[Fresh]> = new.fresh.chunk_by(|left, right| left.file == right.file).collect();
    let mut ahead = ahead(context, new, &of_files);
    for (number, fresh) in of_files.iter().enumerate() {
        let Some(first) = fresh.first() else { continue };
        let mut found = match ahead.get_mut(number).and_then(Option::take) {
            Some(found) => found,
            None => of_file(context, new, fresh, Some(&mut search))?,
        };
        // What such a file may bring in is what the policy lets pass in files that are not parsed.
        let doubtful = context.effective.policy().too_large().max(Severity::Warn);
        let doubts = [
            (new.lacks_old_side, Severity::Warn, OLD_SIDE_MISSING),
            (new.too_large_before.contains(&first.file), doubtful, TOO_LARGE_BEFORE),
        ];
        for (_, most, doubt) in doubts.into_iter().filter(|(applies, ..)| *applies) {
            found.iter_mut().for_each(|finding| finding.soften(most, doubt));
        }
        if new.too_many_matches.contains(&first.file) {
            let of_lines = found.iter_mut().filter(|finding| finding.kind == Kind::Line);
            of_lines.for_each(|finding| finding.soften(doubtful, TOO_MANY_BEFORE));
        }
        findings.append(&mut found);
    }
    sort(&mut findings);
    Ok(findings)
}

/// The order in which findings are told: of files, statements and places.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (&a.path, a.statement, a.place).cmp(&(&b.path, b.statement, b.place)));
}

/// The findings of files, by their numbers, as far as threads could write them: of a whole tree, in which no file was
/// another before.
fn ahead(context: &Context<'_>, new: &NewOccurrences, of_files: &[&[Fresh]]) -> Vec<Option<Vec<Finding>>> {
    if !context.changes.old_sides.is_empty() {
        return Vec::new();
    }
    by_threads(context, of_files.len(), &|context, number| of_file(context, new, of_files[number], None).map(Some))
}

/// The findings of a file, in which there are some; with `search`, it is held, and searched for under other paths.
fn of_file(
    context: &Context<'_>,
    new: &NewOccurrences,
    fresh: &[Fresh],
    search: Option<&mut Search<'_>>,
) -> Result<Vec<Finding>, TreeError> {
    let Some(index) = fresh.first().map(|first| first.file) else { return Ok(Vec::new()) };
    let file = &context.changes.files[index];
    let before = new.before.get(&index).map(Vec::as_slice);
    let gone = || format!("the content of {} could not be read again", String::from_utf8_lossy(&file.path));
    let Some(source) = context.file(&file.path, file.new)? else { return Err(gone().into()) };
    let scan = scan::scan(&source, context.effective, &context.changes.new_side, context.roots, true)?;
    if search.is_some() {
        context.files.hold([&source]);
    }
    let scope = scan::scope(context.effective, source.path(), source.language());
    let around = Surroundings { tree: &context.changes.new_side, roots: context.roots };
    // The imports and, after them, the uses, as occurrences number them.
    let imports = if scan.imports.is_some() { source.imports() } else { &[] };
    let is_import = |found: &Occurrence| matches!(found.at, At::Import(_));
    let tells_imports = fresh.iter().filter_map(|fresh| scan.occurrences.get(fresh.ordinal)).any(is_import);
    let forms = Forms::of(&source, imports, tells_imports);
    let imports: Cow<'_, [Import<'_>]> = match scan.uses.as_slice() {
        [] => Cow::Borrowed(imports),
        uses => Cow::Owned([imports, uses].concat()),
    };
    let (mut hits, mut own_path, mut lines) = (Vec::new(), None, Vec::new());
    let resolver = source.language().map(|language| language.resolver(source.file(), &around));
    for fresh in fresh {
        let Some(found) = scan.occurrences.get(fresh.ordinal) else { return Err(gone().into()) };
        match &found.at {
            At::Import(index) => {
                let import = imports.get(*index).zip(resolver.as_deref()).zip(forms.as_ref());
                let Some(((import, resolver), forms)) = import else { return Err(gone().into()) };
                let written = forms.form(*index, import);
                // Of a file that asks for more than may be looked up, what is left counts as forbidden if it may be;
                // asked for alone, it is known.
                let judged = forbidden::forbidden(&scope, resolver, import, written)?;
                let Some(judged) = judged else { continue };
                hits.push(Hit { index: *index, judged, written, fresh: *fresh });
            }
            At::OwnPath => own_path = forbidden::own_path(&source, &scope, &around)?.map(|judged| (judged, *fresh)),
            At::Line(range, block_from) => lines.push((found, range, *block_from, *fresh)),
        }
    }
    let moved_from = search.map(|search| search.find(file, &source)).transpose()?.flatten();
    let surprise = Surprise::of(context, file, &scan.occurrences, before, moved_from);
    let builder = Builder::of(context, &source, &imports, surprise);
    let mut findings = Vec::new();
    if let Some(language) = source.language() {
        let suggester = Suggester { language, source: &source, scope: &scope, imports: &imports, around: &around };
        for (number, group) in groups(&hits, &imports).iter().enumerate() {
            findings.extend(builder.statement(&suggester, number < MAX_ADVISED_STATEMENTS, group, &hits)?);
        }
        if let Some((judged, fresh)) = own_path {
            findings.push(builder.module(language, &judged, fresh)?);
        }
    }
    for (found, range, block_from, fresh) in lines {
        let rule_index = found.key.rule();
        let Some(rule) = context.effective.policy().rules().get(rule_index) else { return Err(gone().into()) };
        let range = range.start as usize..range.end as usize;
        let (line, severity) = (found.line, found.severity);
        let excuse = scope.excuse_of_line(rule_index);
        let matched = LineMatch { rule, rule_index, line, range, severity, excuse, block_from };
        findings.push(builder.line(&matched, fresh)?);
    }
    Ok(findings)
}
