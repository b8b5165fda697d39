//! The policy: what is forbidden, where, from when, and what to write instead. The only place that knows TOML.
