//! The gate on a server: what its admin decides, which no push can change.
//!
//! [`config`] is the admin's file, [`locate`] finds it, [`allow`] is who may pass all the same, [`log`] keeps a line of
//! each push.

pub mod allow;
pub mod config;
pub mod locate;
pub mod log;
