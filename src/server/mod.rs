//! The gate on a server: what a push brings, judged by what its admin decides, which no push can change.
//!
//! [`push`] is what git hands over, [`receive`] the line that it takes, [`authority`] the policies that judge it;
//! [`config`] is the admin's file, [`locate`] finds it, [`allow`] is who may pass all the same, [`log`] keeps a line of
//! each push.

pub mod allow;
pub mod authority;
pub mod config;
pub mod locate;
pub mod log;
pub mod push;
pub mod receive;
