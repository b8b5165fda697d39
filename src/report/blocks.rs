//! Blocks: what is told of one statement by one rule, whatever the number of its names.

use std::collections::{BTreeMap, HashMap};

use super::Report;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::policy::{RuleName, Severity};

/// The findings of one rule in one statement, by place.
pub(super) type Block<'f> = Vec<&'f Finding>;

/// Groups findings into blocks, those that people see. Blocking ones come first, because the headline names the first
/// and the limit must not hide them.
pub(super) fn told(report: &Report) -> Vec<Block<'_>> {
    let mut blocks = of(report.findings.iter().filter(|finding| finding.severity >= Severity::Warn));
    blocks.sort_by_key(|block| std::cmp::Reverse(worst(block)));
    blocks
}

/// Groups findings into blocks, in their order.
fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<Block<'f>> {
    let findings: Vec<&Finding> = findings.collect();
    let mut blocks: Vec<Block<'f>> = Vec::new();
    for statement in findings.chunk_by(|left, right| same_statement(left, right)) {
        let mut by_rule: HashMap<&RuleName, usize> = HashMap::new();
        for finding in statement {
            let place = *by_rule.entry(&finding.rule.name).or_insert(blocks.len());
            match blocks.get_mut(place) {
                Some(block) => block.push(finding),
                None => blocks.push(vec![finding]),
            }
        }
    }
    blocks
}

fn same_statement(left: &Finding, right: &Finding) -> bool {
    // A finding for the file as a module must not merge with one for the statement on its first line, nor a line that a
    // rule matches with an import that begins there.
    let form = |finding: &Finding| (finding.kind == Kind::Module, finding.kind == Kind::Line);
    left.path == right.path && left.statement == right.statement && left.end == right.end && form(left) == form(right)
}

/// Returns the highest severity of a block.
pub(super) fn worst(block: &[&Finding]) -> Severity {
    block.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Warn)
}

/// Numbers of one severity: of blocks, and of the names in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Blocks whose highest severity it is.
    pub blocks: usize,
    /// Findings of that severity.
    pub names: usize,
}

/// Numbers by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What blocks.
    pub blocked: Count,
    /// What warns.
    pub warned: Count,
    /// What is only counted.
    pub tracked: Count,
}

impl Counts {
    fn of(&mut self, severity: Severity) -> &mut Count {
        match severity {
            Severity::Block => &mut self.blocked,
            Severity::Warn => &mut self.warned,
            Severity::Track | Severity::Off => &mut self.tracked,
        }
    }

    fn add(&mut self, block: &[&Finding]) {
        self.of(worst(block)).blocks += 1;
        for finding in block {
            self.of(finding.severity).names += 1;
        }
    }

    /// Returns the number of blocks of any severity.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.blocked.blocks + self.warned.blocks + self.tracked.blocks
    }

    /// Returns the number of findings of any severity.
    #[must_use]
    pub fn names(&self) -> usize {
        self.blocked.names + self.warned.names + self.tracked.names
    }
}

/// Numbers of one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Blocks and names.
    pub counts: Counts,
    /// Files that have any.
    pub files: usize,
}

impl Report {
    /// Returns the numbers of blocks and names that are listed.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        of(self.findings.iter()).iter().for_each(|block| counts.add(block));
        counts
    }

    /// Returns the numbers of each rule that has findings, by its name.
    #[must_use]
    pub fn totals(&self) -> BTreeMap<&RuleName, Total> {
        let mut totals: BTreeMap<&RuleName, (Total, Option<&[u8]>)> = BTreeMap::new();
        for block in of(self.findings.iter()) {
            let Some(first) = block.first() else { continue };
            let (total, last) = totals.entry(&first.rule.name).or_default();
            total.counts.add(&block);
            // Findings are sorted by file.
            total.files += usize::from(last.replace(&first.path) != Some(&first.path));
        }
        totals.into_iter().map(|(rule, (total, _))| (rule, total)).collect()
    }
}
