//! New occurrences → findings: where each stands, why it is one, and the import to write instead.

mod builder;
mod impact;
mod moved_from;
mod snippet;
mod suggestion;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::check::context::Context;
use crate::check::netting::{Before, NewOccurrences};
use crate::check::occurrence::{At, Fresh, Occurrence};
use crate::check::written::Forms;
use crate::check::{forbidden, scan};
use crate::finding::Finding;
use crate::git::ChangedFile;
use crate::kind::Kind;
use crate::lang::{Import, Surroundings};
use crate::policy::{LineMatch, Severity};
use crate::text::Text;
use crate::tree::TreeError;
use builder::Builder;
use moved_from::Search;
use suggestion::{Hit, Suggester, groups};

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
    for fresh in new.fresh.chunk_by(|left, right| left.file == right.file) {
        let Some(first) = fresh.first() else { continue };
        let before = new.before.get(&first.file).map(Vec::as_slice);
        let mut found = of_file(context, &context.changes.files[first.file], fresh, before, &mut search)?;
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

fn of_file(
    context: &Context<'_>,
    file: &ChangedFile,
    fresh: &[Fresh],
    before: Option<&[Before]>,
    search: &mut Search<'_>,
) -> Result<Vec<Finding>, TreeError> {
    let gone = || format!("the content of {} could not be read again", String::from_utf8_lossy(&file.path));
    let Some(source) = context.file(&file.path, file.new)? else { return Err(gone().into()) };
    let scan = scan::scan(&source, context.effective, &context.changes.new_side, context.roots, true)?;
    context.files.hold([&source]);
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
                let judged = forbidden::forbidden(&scope, resolver, import, written)?;
                let Some(judged) = judged else { return Err(gone().into()) };
                hits.push(Hit { index: *index, judged, written, fresh: *fresh });
            }
            At::OwnPath => own_path = forbidden::own_path(&source, &scope, &around)?.map(|judged| (judged, *fresh)),
            At::Line(range, block_from) => lines.push((found, range, *block_from, *fresh)),
        }
    }
    let moved_from = search.find(file, &source)?;
    let builder = Builder::of(context, file, before, moved_from, source.text(), &imports, &scan.occurrences);
    let mut findings = Vec::new();
    let code = source.language().filter(|_| !hits.is_empty() || !lines.is_empty());
    let code = code.map(|language| Text::new(language.blank(source.file())));
    if let Some(language) = source.language() {
        let code = code.as_ref().map_or(&[][..], Text::bytes);
        let suggester = Suggester { language, source: &source, scope: &scope, imports: &imports, around: &around };
        for (number, group) in groups(&hits, &imports).iter().enumerate() {
            let code = if number < MAX_ADVISED_STATEMENTS { code } else { &[] };
            findings.extend(builder.statement(&suggester, code, group, &hits)?);
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
        findings.push(builder.line(&matched, code.as_ref(), fresh)?);
    }
    Ok(findings)
}
