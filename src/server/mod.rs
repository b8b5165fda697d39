//! The gate on a server: what its admin decides, which no push can change.
