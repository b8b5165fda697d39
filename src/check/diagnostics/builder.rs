//! One finding: where it stands, why, and what to write instead.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::impact::Impacts;
use super::snippet::{self, Snippet};
use super::suggestion::{Hit, Suggester};
use super::surprise::Surprise;
use crate::check::context::Context;
use crate::check::occurrence::{Fresh, Judged};
use crate::check::source_file::SourceFile;
use crate::finding::{About, Finding, Place};
use crate::kind::Kind;
use crate::lang::{self, Import, Language, Rewrite, Statement};
use crate::policy::{Excuse, LineMatch, Own, Rule, Severity};
use crate::text::Text;
use crate::tree::TreeError;

/// Names of a statement that is rewritten whole; longer ones are rewritten in parts, without their untouched names.
const MAX_NAMES: usize = 100;
/// Parts of a statement that are rewritten; each costs a walk through it.
const MAX_PARTS: usize = 100;

/// Why a path to use instead comes without a statement, where the language says nothing more.
const NO_STATEMENT: &str = "no statement in this form would mean the same: change it by hand";

/// The index of a rule, and the words of an entry that has its own.
type AboutKey = (usize, Option<*const Own>);

/// The file that findings are written for, and what they share.
pub(super) struct Builder<'a> {
    context: &'a Context<'a>,
    source: &'a SourceFile,
    /// The text without comments and the contents of strings, once it is asked for; `None` if the language is unknown.
    code: OnceCell<Option<Text<'static>>>,
    imports: &'a [Import<'a>],
    surprise: Surprise<'a>,
    path: Arc<[u8]>,
    impacts: OnceCell<Impacts>,
    /// What rules say of themselves, by their place in the policy; of entries with words of their own, by these.
    abouts: RefCell<BTreeMap<AboutKey, Arc<About>>>,
}

impl<'a> Builder<'a> {
    /// A builder for the findings of a file.
    pub fn of(
        context: &'a Context<'a>,
        source: &'a SourceFile,
        imports: &'a [Import<'a>],
        surprise: Surprise<'a>,
    ) -> Self {
        let (code, impacts, abouts) = Default::default();
        Self { context, source, code, imports, surprise, path: source.path().into(), impacts, abouts }
    }

    fn code(&self) -> Option<&Text<'static>> {
        let blanked = || self.source.language().map(|language| Text::new(language.blank(self.source.file())));
        self.code.get_or_init(blanked).as_ref()
    }

    /// The findings of a statement: `group` is what one rule forbids in it, `hits` is all of the file. `advises` is whether
    /// it is said what must change beside it.
    pub fn statement(
        &self,
        suggester: &Suggester<'_>,
        advises: bool,
        group: &[&Hit<'_, '_>],
        hits: &[Hit<'_, '_>],
    ) -> Result<Vec<Finding>, TreeError> {
        let Some(first) = group.first() else { return Ok(Vec::new()) };
        let statement = self.imports[first.index].statement.clone();
        let is_call = matches!(self.imports[first.index].kind, Kind::Dynamic | Kind::String);
        let is_same = |import: &&Import<'_>| !is_call && import.statement == statement;
        let before = self.imports[..first.index].iter().rev().take_while(is_same).count();
        let after = self.imports[first.index + 1..].iter().take_while(is_same).count();
        let whole = first.index - before..first.index + after + 1;
        if whole.len() <= MAX_NAMES {
            let others = hits.partition_point(|hit| hit.index < whole.start);
            let others = hits[others..].iter().take_while(|hit| hit.index < whole.end);
            let rule = first.judged.decision.rule_index;
            let others: Vec<_> = others.filter(|hit| !is_call && hit.judged.decision.rule_index != rule).collect();
            return self.part(suggester, advises, group, whole, Some(&others));
        }
        let parts = group.chunk_by(|left, right| left.index / MAX_NAMES == right.index / MAX_NAMES);
        let mut findings = Vec::with_capacity(group.len());
        for (number, part) in parts.enumerate() {
            let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
            let others = (number < MAX_PARTS).then_some(&[][..]);
            findings.append(&mut self.part(suggester, advises, part, first.index..last.index + 1, others)?);
        }
        Ok(findings)
    }

    /// The findings of a statement that has the imports `rows`, or of some of them. `others` are what other rules forbid
    /// in it; without them nothing is said of what to write.
    fn part(
        &self,
        suggester: &Suggester<'_>,
        advises: bool,
        group: &[&Hit<'_, '_>],
        rows: Range<usize>,
        others: Option<&[&Hit<'_, '_>]>,
    ) -> Result<Vec<Finding>, TreeError> {
        let Some(statement) = self.imports.get(rows.start).map(|import| import.statement.clone()) else {
            return Ok(Vec::new());
        };
        let mut notes = Vec::new();
        let changes = match others {
            Some(_) => suggester.changes(group, rows.start)?,
            None => Err("the statement has too many names: rewrite the rest in the same way".to_owned()),
        };
        let language = suggester.language;
        let rewrite = match changes {
            Ok(changes) if changes.is_empty() => Rewrite::default(),
            Ok(mut changes) => {
                if let Some(others) = others {
                    suggester.add_others(&mut changes, others, rows.start)?;
                }
                let code = advises.then(|| self.code()).flatten();
                let (code, of_file) = code.map(|code| (code.bytes(), self.imports)).unwrap_or_default();
                let file = self.source.file();
                let statement = Statement { file, code, imports: &self.imports[rows], of_file };
                let mut rewrite = language.rewrite(&statement, &changes, suggester.around)?;
                if rewrite.text.is_empty() && rewrite.note.is_none() {
                    rewrite.note = Some(NO_STATEMENT.to_owned());
                }
                rewrite
            }
            Err(objection) => {
                notes.push(objection);
                Rewrite::default()
            }
        };
        notes.extend(rewrite.note);
        let replacement: Option<Arc<str>> = Some(rewrite.text).filter(|text| !text.is_empty()).map(Into::into);
        let notes: Vec<Arc<str>> = notes.into_iter().map(Into::into).collect();
        let snippet = Snippet::of(self.source.text(), &statement);
        let mut findings = Vec::new();
        for hit in group {
            let decision = &hit.judged.decision;
            let own = decision.entry.own.as_deref();
            let mut finding =
                self.finding((decision.rule_index, decision.rule, own), decision.severity, hit.judged.kind);
            let import = &self.imports[hit.index];
            finding.notes.extend(decision.excuse.map(Excuse::note));
            finding.notes.extend(self.surprise.why(hit.fresh, Some((import, hit.written)))?);
            if let Some(eased) = hit.fresh.eased {
                finding.soften(Severity::Warn, eased.note());
            }
            finding.block_from = decision.block_from;
            finding.place = self.place(import.span.start);
            finding.statement = self.place(statement.start);
            finding.end = self.end(&statement);
            finding.name = import.name.as_deref().map(|name| lang::shortened(name).into());
            (finding.text, finding.text_place) = snippet.around(import.span.start);
            finding.import = Some(hit.judged.path(language));
            finding.entry = hit.judged.entry().map(Arc::from);
            finding.local = hit.written.local;
            finding.instead = decision.entry.use_instead_path().map(Arc::from);
            finding.replacement.clone_from(&replacement);
            finding.notes.extend(notes.iter().cloned());
            if hit.judged.kind == Kind::Wildcard {
                let note = format!("the star may bring `{}`: {}", decision.entry.path, language.instead_of_star());
                finding.notes.push(note.into());
            } else if hit.judged.by_star {
                let note = format!("the star brings what `{}` forbids", decision.entry.path);
                finding.notes.push(note.into());
            }
            findings.push(finding);
        }
        Ok(findings)
    }

    /// The finding of a file that is what a rule forbids, told at its first line.
    pub fn module(&self, language: &dyn Language, judged: &Judged<'_, '_>, fresh: Fresh) -> Result<Finding, TreeError> {
        let decision = &judged.decision;
        let own = decision.entry.own.as_deref();
        let mut finding = self.finding((decision.rule_index, decision.rule, own), decision.severity, judged.kind);
        finding.block_from = decision.block_from;
        finding.notes.extend(decision.excuse.map(Excuse::note));
        if fresh.on_added_line {
            finding.notes.extend(self.surprise.why(fresh, None)?);
        } else if self.source.text().line_count() > 0 {
            finding.notes.push("this file is not new, but its path is: the packages around it have changed".into());
        }
        let path = judged.path(language);
        finding.notes.push(format!("this file is `{path}` itself").into());
        finding.import = Some(path);
        finding.entry = judged.entry().map(Arc::from);
        finding.instead = decision.entry.use_instead_path().map(Arc::from);
        Ok(finding)
    }

    /// The finding of a line that a rule matches.
    pub fn line(&self, matched: &LineMatch<'_>, fresh: Fresh) -> Result<Finding, TreeError> {
        let mut finding = self.finding((matched.rule_index, matched.rule, None), matched.severity, Kind::Line);
        finding.notes.extend(matched.excuse.map(Excuse::note));
        finding.notes.extend(self.surprise.why(fresh, None)?);
        finding.block_from = matched.block_from;
        let start = self.source.text().start_of(matched.line);
        let range = start + matched.range.start..start + matched.range.end;
        finding.impact = self.impacts().of_line(self.source.text(), self.code(), range);
        let line = self.source.text().line(matched.line).trim_ascii_end();
        let indentation = line.len() - line.trim_ascii_start().len();
        finding.place = self.place(start + matched.range.start);
        finding.statement = finding.place;
        let line = start + indentation..start + line.len();
        finding.end = self.end(&line);
        (finding.text, finding.text_place) = Snippet::of(self.source.text(), &line).around(start + matched.range.start);
        Ok(finding)
    }

    /// A finding with what the rule and its entry give; where it stands is for the caller.
    fn finding(&self, (index, rule, own): (usize, &Rule, Option<&Own>), severity: Severity, kind: Kind) -> Finding {
        let start = Place { line: 1, column: 1 };
        let about = || {
            let of_own = |text: fn(&Own) -> &Option<String>| own.and_then(|own| text(own).clone());
            Arc::new(About {
                name: self.context.effective.policy().name_of(rule),
                reason: of_own(|own| &own.reason).or_else(|| rule.reason.clone()),
                see: of_own(|own| &own.see).or_else(|| rule.see.clone()),
                owner: of_own(|own| &own.owner).or_else(|| rule.owner.clone()),
                advice: of_own(|own| &own.advice).or_else(|| rule.advice.clone()),
            })
        };
        let about =
            Arc::clone(self.abouts.borrow_mut().entry((index, own.map(std::ptr::from_ref))).or_insert_with(about));
        Finding {
            notes: about.advice.as_deref().map(Arc::from).into_iter().collect(),
            rule: about,
            severity,
            kind,
            impact: self.impacts().of_kind(kind),
            path: Arc::clone(&self.path),
            place: start,
            statement: start,
            end: start,
            text: Arc::new([]),
            text_place: start,
            import: None,
            entry: None,
            name: None,
            local: false,
            instead: None,
            replacement: None,
            block_from: None,
            commit: None,
        }
    }

    fn impacts(&self) -> &Impacts {
        self.impacts.get_or_init(|| Impacts::of(self.context, &self.path))
    }

    /// Where a statement ends: on the line of its last byte, and before the end of that line.
    fn end(&self, statement: &Range<usize>) -> Place {
        let line = self.source.text().line_of(statement.end.saturating_sub(1).max(statement.start));
        let end_of_line = self.source.text().start_of(line) + self.source.text().line(line).len();
        Place { line, column: self.source.text().column_of(statement.end.min(end_of_line)) }
    }

    fn place(&self, offset: usize) -> Place {
        snippet::place(self.source.text(), offset)
    }
}
