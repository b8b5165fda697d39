//! Where functions begin and end.

use super::*;
use crate::lang::File;

/// Returns for each `HERE` whether it is inside a function.
fn inside(text: &str) -> Vec<bool> {
    let file = File { path: b"x.ts", text: text.as_bytes() };
    let found = functions(&super::super::blank::bare(file));
    memchr::memmem::find_iter(text.as_bytes(), b"HERE").map(|at| found.holds(at)).collect()
}

#[test]
fn bodies_of_functions_are_inside() {
    for text in [
        "function f() { HERE }",
        "async function* f(a = {}) { if (x) { HERE } }",
        "const f = function () { return HERE }",
        "const f = () => { HERE }",
        "const f = async a => HERE",
        "const f = () =>\n  HERE",
        "const f = (a: b): c => HERE",
        "const f = () => a.b\n  .c(HERE)",
        "const f = () => ({ a: HERE })",
        "const o = { m() { HERE } }",
        "const o = { get [a]() { HERE }, class: 1 }",
        "class A { m() { HERE } }",
        "class A extends b(C) { static async *#m() { HERE } }",
        "class A { f = () => HERE; }",
        "function f(): Promise<{ a: B }> { HERE }",
        "function f(): { a: string } { HERE }",
        "function f(a: string): a is B { HERE }",
        "function f(): () => void { HERE }",
        "function f(): A[] | 'b' { HERE }",
        "function f() {\n class A { x = HERE }\n}",
        "`${() => { HERE }}`",
        "(function () { HERE })()",
        "const f = <A,>(a: A): { b: A } => { HERE }",
        "switch (x) { case f(a): return () => HERE }",
    ] {
        assert_eq!(inside(text), [true], "{text}");
    }
}

#[test]
fn blocks_and_classes_are_not() {
    for text in [
        "HERE",
        "if (a) { HERE }",
        "if (a(b)) { HERE } else { HERE }",
        "for await (const a of b()) { HERE }",
        "try { HERE } catch (e) { HERE } finally { HERE }",
        "switch (f(x)) { case g(x): { HERE } }",
        "const o = { a: f(x), b: { c: HERE } }",
        "class A { x = HERE; static { HERE } m() {} y = HERE }",
        "class A extends mixin(B) { x = HERE }",
        "const a = c ? f(x) : { b: HERE }",
        "const f = () => 1\nHERE",
        "const f = () => a(b)\nconst c = HERE",
        "const f = () => 1; HERE",
        "g(() => 1, HERE); (() => 2)(HERE)",
        "function f() {} HERE",
        "function f(): void\nfunction f(a?: any): void {}\nHERE",
        "type F = () => void\nHERE",
        "namespace N { HERE }",
        "const s = '() => {'; HERE; /=> {/.test(s); HERE",
        "} HERE ) ] HERE",
        "f(`}${a}{`, HERE)",
    ] {
        assert!(!inside(text).contains(&true), "{text}: {:?}", inside(text));
    }
}
