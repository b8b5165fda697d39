//! importgate stops forbidden imports at the gate.
//!
//! Data takes one line:
//! git source → changed files → added lines → imports → findings → verdict → report.

pub mod git;
pub mod hooks;
pub mod kind;
pub mod lang;
pub mod notation;
pub mod policy;
pub mod text;
pub mod tree;
