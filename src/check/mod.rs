//! Imports × policy → occurrences → findings.
//!
//! [`scan`] finds the occurrences of one file, [`ratchet`] keeps those that are new, [`detail`] says what to write;
//! [`brought`] tells which commit brought it, [`restored`] whether that is a rollback.

pub mod brought;
mod counts;
pub mod detail;
mod excerpt;
mod instead;
pub mod limits;
mod origin;
pub mod ratchet;
pub mod restored;
pub mod scan;
mod wanted;
