//! What is excused once its commit is known leaves its place to the next occurrence of its key, so that as many are told
//! as are new: which of several equal ones is the new one is a guess.

use std::collections::HashMap;

use super::search_key::search_keys;
use crate::check::context::Context;
use crate::check::diagnostics;
use crate::check::netting::NewOccurrences;
use crate::check::occurrence::Key;
use crate::finding::Finding;
use crate::tree::TreeError;

/// How many findings of each key are excused.
#[derive(Debug, Default)]
pub struct Excused(HashMap<Key, usize>);

impl Excused {
    /// Those of `findings` that `is_excused` says so of, by their places.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn of(
        context: &Context<'_>,
        findings: &[Finding],
        mut is_excused: impl FnMut(&Finding) -> bool,
    ) -> Result<Self, TreeError> {
        let mut excused = HashMap::new();
        let places: Vec<bool> = findings.iter().map(&mut is_excused).collect();
        if places.contains(&true) {
            for (wanted, _) in search_keys(context, findings)?.iter().zip(places).filter(|(_, excused)| *excused) {
                if let Some(wanted) = wanted {
                    *excused.entry(wanted.key.0).or_insert(0) += 1;
                }
            }
        }
        Ok(Self(excused))
    }

    /// The findings of what is new in place of the excused ones, as far as `keep` leaves them: of each key as many.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn replaced(
        mut self,
        context: &Context<'_>,
        new: NewOccurrences,
        keep: impl FnOnce(Vec<Finding>) -> Result<Vec<Finding>, TreeError>,
    ) -> Result<Vec<Finding>, TreeError> {
        if self.0.is_empty() || new.spare.is_empty() {
            return Ok(Vec::new());
        }
        let mut next = diagnostics::findings(context, &new.into_spare())?;
        let mut is_of_key = search_keys(context, &next)?
            .into_iter()
            .map(|wanted| wanted.is_some_and(|wanted| self.0.contains_key(&wanted.key.0)));
        next.retain(|_| is_of_key.next() == Some(true));
        let mut next = keep(next)?;
        let mut wanted = search_keys(context, &next)?.into_iter();
        next.retain(|_| {
            let left = wanted.next().flatten().and_then(|wanted| self.0.get_mut(&wanted.key.0));
            left.is_some_and(|left| {
                let is_told = *left > 0;
                *left -= usize::from(is_told);
                is_told
            })
        });
        Ok(next)
    }
}
