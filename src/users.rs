//! User lookup without the name service switch, for the statically linked program only.
//!
//! glibc looks users up through the name service switch, which loads shared libraries of the host even into a static
//! program: that needs the exact glibc it was built with (glibc's manual, 30.1 "NSS Basics"), and adds about 100 KB of
//! code. These two functions replace it. The current user's home is `HOME`, as in git; other users are looked up in
//! `/etc/passwd` (passwd(5)).
#![allow(unsafe_code, reason = "the C library's own functions, as POSIX has them (getpwuid_r, getpwnam)")]

use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;

use libc::{passwd, size_t, uid_t};

/// Finds no user, so that the current user's home is `HOME` only.
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
    // SAFETY: guaranteed by the caller
    if let Some(result) = unsafe { result.as_mut() } {
        *result = ptr::null_mut();
    }
    0
}

/// Returns an entry with the home of the user `name`; the other fields are empty. The entry is leaked: a run needs a few
/// at most.
///
/// # Safety
/// `name` must be null or a string that ends in NUL.
#[unsafe(no_mangle)]
unsafe extern "C" fn getpwnam(name: *const c_char) -> *mut passwd {
    if name.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: guaranteed by the caller
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

/// Returns the sixth field of the line for `name`.
fn home<'a>(users: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    users.split(|&byte| byte == b'\n').find_map(|line| {
        let mut fields = line.split(|&byte| byte == b':');
        (fields.next()? == name).then(|| fields.nth(4)).flatten()
    })
}
