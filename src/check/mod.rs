//! Imports × policy → occurrences → findings.
//!
//! [`source_file`] makes a file ready, [`scan`] finds its occurrences, [`netting`] keeps those that are new, [`detail`] writes them out;
//! [`brought`] tells which commit brought it, [`restored`] whether that is a rollback,
//! [`superseded`] what a branch that has merged main may no longer do.

pub mod brought;
mod counts;
pub mod detail;
mod excerpt;
mod instead;
pub mod limits;
pub mod netting;
pub mod occurrence;
mod origin;
mod page;
pub mod restored;
pub mod scan;
pub mod source_file;
pub mod superseded;
mod trail;
mod wanted;
