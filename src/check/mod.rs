//! Imports × policy → occurrences → findings.
//!
//! [`source_file`] makes a file ready, [`scan`] finds its occurrences, [`netting`] keeps those that are new,
//! [`diagnostics`] writes findings of them, and [`provenance`] tells which commit brought each.

pub mod absent;
mod ahead;
pub mod context;
pub mod diagnostics;
pub mod forbidden;
pub mod limits;
pub mod netting;
pub mod occurrence;
pub mod once;
pub mod provenance;
pub mod scan;
pub mod source_file;
mod threads;
pub mod written;
