//! Uses of a text, as far as they are asked for.

use super::*;
use crate::lang::rust::Rust;
use crate::lang::{File, Language};

/// Returns the uses, where those that begin with one of `names` and those through any import are
/// asked for.
fn found(text: &str, names: &[&str]) -> Vec<String> {
    let file = File { path: b"src/x.rs", text: text.as_bytes() };
    let imports = Rust.imports(file);
    let through = vec![true; imports.len()];
    let begins = |path: &[&str]| names.contains(&path[0]);
    let uses = Rust.uses(file, &imports, Asked { through: &through, begins: &begins });
    let path = |row: Import<'_>| {
        assert_eq!((row.kind, row.level, row.alias), (Kind::Attribute, 0, None));
        format!("{}::{}", row.module.as_deref().unwrap_or_default(), row.name.unwrap_or_default())
    };
    uses.into_iter().map(path).collect()
}

#[test]
fn paths_are_told_as_far_as_they_are_asked_for() {
    for (text, expected) in [
        ("fn f() { std::process::exit(1) }", &["std::process::exit"][..]),
        ("fn f() { gix::Repository::open::<A>() + log::x() }", &["gix::Repository::open"]),
        ("fn f(x: ::gix::A) -> ::gix::B { x }", &["::gix::A", "::gix::B"]),
        ("fn f(x: &dyn ::gix::A) -> Box<dyn ::gix::B> { x }", &["::gix::A", "::gix::B"]),
        ("impl<T> ::gix::A for T {} type B = Vec<T>::gix::C;", &["::gix::A"]),
        ("fn f() { <gix::T as gix::X>::y(); <A>::gix::z(); }", &["gix::T", "gix::X"]),
        (
            "fn f() { crate::git::open(); self::a::b; super::c(); $crate::d::e!() }",
            &["crate::git::open", "self::a::b", "super::c", "$crate::d::e"],
        ),
        ("#[gix::x] #[derive(gix::Y, Z)] struct A { b: gix :: C }", &["gix::x", "gix::Y", "gix::C"]),
        (
            "m! { gix::a, \"gix::b\", r\"gix::c\", 'g', $x::gix::d, #y::gix::e, gix::$z, gix::f::$z }",
            &["gix::a", "gix::f"],
        ),
        ("x.gix::<A>(); y.0.gix::a; 0..gix::b; z.gix::c", &["gix::b"]),
        ("// gix::a\n/* gix::b */ r#gix::r#type; agix::c; gix_::d; 1gix::e", &["gix::type"]),
        ("pub(in crate::a) fn f() {} pub(crate) struct B(pub crate::C);", &["crate::C"]),
        ("struct A(pub (crate::B, u8)); m! { $ crate :: c :: d; use #x::{gix::a, y}; }", &["crate::B", "$crate::c::d"]),
        ("fn f() { gix } gix!{} other::x() Self::gix()", &[]),
        (
            "mod gix; mod a { gix::b() } fn f() { gix::c() } mod own; fn g() { own::d() }",
            &["gix::b", "gix::c", "own::d"],
        ),
        ("struct gix; fn f() { gix::a() }", &[]),
        ("fn f<gix: T>() { gix::a() }", &[]),
        ("fn f() { let gix = 1; fn gix() {} gix::a(gix) }", &["gix::a"]),
    ] {
        assert_eq!(found(text, &["gix", "std"]), expected, "{text}");
    }
}

#[test]
fn what_imports_bind_is_told_by_its_whole_path() {
    for (text, expected) in [
        ("use crate::git; fn f() { git::open() }", &["crate::git::open"][..]),
        ("use std::process as p; fn f() { p::exit(1); process::abort() }", &["std::process::exit"]),
        ("use a::{self, b::C}; a::d(C::e)", &["a::d", "a::b::C::e"]),
        ("use a::B as _; use a::*; B::c()", &[]),
        ("use crate::git; mod git {} fn f() { git::open() }", &["crate::git::open"]),
        ("use crate::Git; struct Git; fn f() { Git::open() }", &[]),
        ("fn f() { use a::b; b::c() } fn g() { b::d() }", &["a::b::c"]),
        ("use a::b; fn f() { use c::b; b::d() } fn g() { b::e() }", &["c::b::d", "a::b::e"]),
        ("#[cfg(x)] use a::b; #[cfg(not(x))] use c::b; b::d()", &["a::b::d", "c::b::d"]),
        ("use a::b; mod m { fn f() { b::c() } }", &[]),
        ("use self::a::b; mod m { use super::*; fn f() { b::c() } }", &["super::self::a::b::c"]),
        ("use a::b; mod m { use super::*; mod n { use super::*; b::c() } mod o { b::d() } }", &["a::b::c"]),
    ] {
        assert_eq!(found(text, &[]), expected, "{text}");
    }
}
