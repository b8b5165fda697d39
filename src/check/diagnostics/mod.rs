//! What is new → findings: which ones a file has, and what speaks against each.

mod builder;
mod moved_from;
mod snippet;
mod suggestion;

use crate::check::netting::{Context, NewOccurrences};
use crate::check::occurrence::Fresh;
use crate::check::scan;
use crate::check::source_file::SourceFile;
use crate::finding::Finding;
use crate::git::ChangedFile;
use crate::kind::Kind;
use crate::lang::Surroundings;
use crate::policy::Severity;
use crate::text::Text;
use crate::tree::TreeError;
use builder::Builder;
use moved_from::{COMPARED, MovedFrom};
use suggestion::{Hit, Suggester, groups};

/// For how many statements of a file it is said what must change beside them; each costs a walk through the file.
const ADVISED: usize = 100;

const BLIND: &str = "old content is not in this clone, so this may be old code: `git fetch --refetch` to know";
const OUTGROWN: &str = "the file was too large to be read before, so this may be old code";
const OVERRUN: &str = "the file had too many such lines before, so this may be an old one";

/// Writes out everything that is new, in the order of files and places.
///
/// # Errors
/// When the repository cannot be read.
pub fn findings(context: &Context<'_>, new: &NewOccurrences) -> Result<Vec<Finding>, TreeError> {
    let mut findings = Vec::with_capacity(new.fresh.len());
    let mut left = COMPARED;
    for fresh in new.fresh.chunk_by(|left, right| left.file == right.file) {
        let Some(first) = fresh.first() else { continue };
        let mut found = of_file(context, &context.changes.files[first.file], fresh, &mut left)?;
        // What such a file may bring in is what the policy lets pass in files that are not parsed.
        let outgrown = context.effective.policy().too_large().max(Severity::Warn);
        let doubts = [(new.blind, Severity::Warn, BLIND), (new.outgrown.contains(&first.file), outgrown, OUTGROWN)];
        for (_, most, doubt) in doubts.into_iter().filter(|(applies, ..)| *applies) {
            found.iter_mut().for_each(|finding| finding.soften(most, doubt));
        }
        if new.overrun.contains(&first.file) {
            let of_lines = found.iter_mut().filter(|finding| finding.kind == Kind::Line);
            of_lines.for_each(|finding| finding.soften(outgrown, OVERRUN));
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
    left: &mut usize,
) -> Result<Vec<Finding>, TreeError> {
    let blob = context.bytes(file.new)?;
    let source = SourceFile::of(&file.path, context.effective, &blob);
    let text = source.text(&blob);
    let mut imports = source.imports(&text);
    let around = Surroundings { tree: &context.changes.new_side, roots: context.roots };

    // The same walk as scan::occurrences, so that ordinals name the same occurrences.
    let mut ordinal = 0;
    let mut wanted = |fresh: &[Fresh]| {
        let this = fresh.binary_search_by_key(&ordinal, |fresh| fresh.ordinal).ok().map(|at| fresh[at]);
        ordinal += 1;
        this
    };
    let (mut hits, mut itself) = (Vec::new(), None);
    if let Some(language) = source.language {
        let resolver = language.resolver(source.file(&text), &around);
        let uses = source.add_uses(&text, resolver.as_ref(), &mut imports)?;
        for (index, import) in imports.iter().enumerate().filter(|&(index, _)| !uses.is_harmless(index)) {
            let judged = scan::forbidden(&source.scope, resolver.as_ref(), import)?;
            if let Some((judged, fresh)) = judged.and_then(|judged| Some((judged, wanted(fresh)?))) {
                hits.push(Hit { index, judged, fresh });
            }
        }
        itself = source.own_path(&text, &around)?.and_then(|judged| Some((judged, wanted(fresh)?)));
    }
    let moved_from = MovedFrom::find(context, file, &source, &text, left)?;
    let builder = Builder::of(context, file, moved_from, &text, &imports);
    let mut findings = Vec::new();
    if let Some(language) = source.language {
        let code = if hits.is_empty() { Vec::new() } else { language.blank(source.file(&text)) };
        let suggester = Suggester { language, source: &source, imports: &imports, around: &around };
        for (number, group) in groups(&hits, &imports).iter().enumerate() {
            let code = if number < ADVISED { code.as_slice() } else { &[] };
            findings.extend(builder.statement(&suggester, code, group, &hits)?);
        }
        if let Some((judged, fresh)) = itself {
            findings.push(builder.module(language, &judged, fresh)?);
        }
    }
    if source.scope.judges_lines() {
        let code = Text::new(source.code(&text));
        for matched in source.scope.match_lines(&code, &text) {
            if let Some(fresh) = wanted(fresh) {
                findings.push(builder.line(&matched, fresh)?);
            }
        }
    }
    Ok(findings)
}
