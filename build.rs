//! Leaves out of the released program the tables that unwinding needs, a tenth of it: a panic aborts.
//!
//! An option of LLD, which is Rust's own linker on x86-64 Linux since 1.90. With another one the program is as it would be.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/no-unwinding.ld");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let lld = is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu");
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let another =
        ["linker=", "linker-flavor", "fuse-ld", "link-self-contained"].iter().any(|flag| flags.contains(flag))
            || env::var_os("RUSTC_LINKER").is_some();
    if lld && !another && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,--script={}/src/no-unwinding.ld", env!("CARGO_MANIFEST_DIR"));
    }
}
