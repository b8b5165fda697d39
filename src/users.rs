//! Whose home is where, for the static program alone.
//!
//! glibc looks users up through the name service switch, which loads shared libraries of the host into a static program: that
//! needs the very glibc that it was built with (glibc's manual, 30.1 "NSS Basics"), and a tenth of a megabyte of code. These two
//! stand in its place. The home of who runs this is `HOME`, as git has it; others are looked up in `/etc/passwd` (passwd(5)).
#![allow(unsafe_code, reason = "the C library's own functions, as POSIX has them (getpwuid_r, getpwnam)")]

use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;

use libc::{passwd, size_t, uid_t};

/// Finds no user, so that a home is known by `HOME` alone.
///
/// # Safety
/// `result` must be null or may be written to.
#[unsafe(no_mangle)]
unsafe extern "C" fn getpwuid_r(
    _: uid_t,
    _: *mut passwd,
    _: *mut c_char,
    _: size_t,
    result: *mut *mut passwd,
) -> c_int {
    // SAFETY: the caller's promise
    if let Some(result) = unsafe { result.as_mut() } {
        *result = ptr::null_mut();
    }
    0
}

/// The home of the user `name`; the other members are empty. Kept for good: a run asks for a few at most.
///
/// # Safety
/// `name` must be null or a string that ends in NUL.
#[unsafe(no_mangle)]
unsafe extern "C" fn getpwnam(name: *const c_char) -> *mut passwd {
    if name.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: the caller's promise
    let name = unsafe { CStr::from_ptr(name) }.to_bytes();
    let users = std::fs::read("/etc/passwd").unwrap_or_default();
    let Some(home) = home(&users, name).and_then(|home| CString::new(home).ok()) else { return ptr::null_mut() };
    let none = CString::default().into_raw();
    Box::into_raw(Box::new(passwd {
        pw_name: none,
        pw_passwd: none,
        pw_uid: uid_t::MAX,
        pw_gid: libc::gid_t::MAX,
        pw_gecos: none,
        pw_dir: home.into_raw(),
        pw_shell: none,
    }))
}

/// The sixth of the fields of the line that begins with `name`.
fn home<'a>(users: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    users.split(|&byte| byte == b'\n').find_map(|line| {
        let mut fields = line.split(|&byte| byte == b':');
        (fields.next()? == name).then(|| fields.nth(4)).flatten()
    })
}
