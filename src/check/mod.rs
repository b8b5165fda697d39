//! Imports × policy → occurrences → findings.
//!
//! [`scan`] finds the occurrences of one file, [`ratchet`] keeps those that are new, [`detail`] says what to write.

pub mod detail;
mod excerpt;
mod instead;
mod origin;
pub mod ratchet;
pub mod scan;
