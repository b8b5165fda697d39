//! The gate on a server: judges what a push brings by the admin's configuration, which no push can change.
//!
//! [`push`] parses what git sends, [`receive`] judges it to an [`outcome`], `lanes` splits it by what judges it, `judging` judges its tips, `rewritten` what a forced
//! push replaces, `shadow` what further policies say, for the log alone; [`authority`] selects the policies, `effect` is what a
//! push does to the repository's own, `protected` what is told of that; [`config`] is the server configuration, [`locate`] finds it, [`references`] tells which
//! references do not count, [`allow`] is break-glass, [`host`] how hosts name things, [`log`] is the push log, for which `ungated` counts commits without a
//! local gate.

pub mod allow;
pub mod authority;
pub mod config;
mod effect;
mod excused;
pub mod host;
mod input;
mod judging;
mod known;
mod lanes;
pub mod locate;
pub mod log;
pub mod outcome;
mod protected;
pub mod push;
pub mod receive;
pub mod references;
pub(crate) mod rewritten;
pub mod shadow;
mod skew;
mod ungated;
