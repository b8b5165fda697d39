// Writes files in which regular expressions, divisions, templates and elements follow the ends of expressions and
// statements of every kind, and only what acorn and TypeScript both accept:
//
//     node hostile.mjs FOLDER COUNT
//
// Each has quotes in what follows: a scanner that takes a division for a regular expression, or the reverse, loses the
// imports behind it or finds some in strings. The seed is fixed.
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const [folder, count] = process.argv.slice(2);
const modules = process.env.ORACLE_MODULES;
const load = createRequire(modules ? path.join(path.resolve(modules), "x.js") : import.meta.url);
const ts = load("typescript");
const acorn = load("acorn");
const jsx = acorn.Parser.extend(load("acorn-jsx")());

let state = 20240607;
function below(most) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
}
const one = (list) => list[below(list.length)];

const FUNCTIONS = ["function () {}", "function f() {}", "function f({ a }, [b], c = {}) { return {} }", "async function () {}",
    "function* () {}", "async function* f() {}", "class {}", "class A {}", "class extends B {}", "class A extends B.C {}",
    "class A extends f({}) {}", "class extends class {} {}", "class extends function () {} {}", "class extends {}.x {}",
    "class A extends (b, {}) {}", "class A { m() {} static {} static s = {}; get g() { return 1 } #p = function () {} }"];
const EXPRESSIONS = ["a", "this", "1", "1.", ".5", "0x1f", "1n", "\"s\"", "'\\''", "`t`", "`${a}`", "`${{}}`", "tag`t`", "/r/g", "/[/]/",
    "[]", "[a]", "{}", "{ a }", "{ a: {} }", "{ a() {} }", "{ get a() { return 1 } }", "{ [a]: function () {} }", "(a)", "({})", "(a, b)",
    "a.b", "a?.b", "a[0]", "a()", "a({})", "a.return", "a.if(b)", "a.function", "a.class", "new A", "new A()", "new.target", "import.meta",
    "a++", "a--", "() => {}", "() => a", "() => ({})", "async () => {}", "a => a", "(a ? {} : {})", "<e/>", "<e>it's</e>", "<></>",
    "<e a={{}}>{/* ' */}</e>", "<e.f g-h='\"'/>", "\\u{61}", "\\u0061b", "of", "get", "async", "let", "super.x", "a!", "#p in a",
    ...FUNCTIONS];
const BEFORE = ["", "", "x = ", "x += ", "x = a, ", "x = a ? b : ", "x = a ? {} : ", "x = a ? ", "!", "- ", "typeof ", "void ", "delete ", "await ", "yield ",
    "return ", "throw ", "(", "[", "f(", "f(a, ", "`${", "x = { a: ", "x = { a, ...", "x = [...", "a in ", "a instanceof ", "a && ",
    "a ?? ", "new ", "() => ", "async a => ", "export default ", "case ", "for (x of ", "for (x in ", "for (;", "for (const { a } of ",
    "if (a) ", "else ", "do ", "while (a) ", "l: ", "k: l: ", "var x = ", "const { a } = ", "class X extends ", "class X { x = ", "x = <e a={", "x = <e>{",
    "import x from \"m\"\n", "export { a }\n", "export {}; ", "case 1: ", "default: ", "case a ? b : c: ", "debugger\n", "a\n", "a\n++", "a ++\n", "with (a) "];
const STATEMENTS = ["{}", "{ a }", "{ a: b }", ";", "if (a) {}", "if (a) {} else {}", "if (a);", "for (;;) {}", "for (a of b) {}", "for await (a of b) {}",
    "while (a) {}", "do {} while (a)", "do a; while (a);", "switch (a) {}", "switch (a) { case 1: {} default: {} }", "try {} catch {}",
    "try {} catch (e) {}", "try {} finally {}", "l: {}", "l: k: {}", "l: for (;;) {}", "function f() {}", "async function f() {}", "function* f() {}",
    "class A {}", "class A extends B {}", "class A extends class {} {}", "export {}", "export { a }", "export default function () {}",
    "export default class {}", "export default {}", "export default a", "import \"m\"", "import a from \"m\"", "import { a } from \"m\" with { type: \"json\" }",
    "import * as a from 'm'", "export * from \"m\"", "var a", "let a = {}", "const { a } = {}", "a", "a++", "break l", "continue l", "break", "continue",
    "debugger", "return", "return a", "throw a", "a = () => {}", "a = b => {}", "x = { m() {} }", "x = class { m() {} }", "x = function () {}", "a\n++b"];
const GAPS = ["", " ", "\n", "\n\n", "\t", " /* ' */ ", " /* / */ ", "/*\n\"*/", " // '\n", "\n// `\n/* \" */", "\u2028", "\u00a0", ";", "; ", ";\n", "\n;"];
// In each, one reading leaves a require in code that the other puts into a string, a template or a regular expression.
const AFTER = ["/'/; require('R')", "/\"/.x; require('R')", "/`/g; require('R')", "/[/'\"`]/; require('R')", "/(/; require('R') // )", "/\\/'/; require('R')",
    "/ 1; \"/'\"; require('R')", "/ b / c; '/\"'; require('R')", "/1; `/'`; require('R')", "/ {} / 1; \"/'\"; require('R')",
    "/ function () {} / 1; \"/'\"; require('R')", "/=/'/; require('R')", "/= 2; \"/'\"; require('R')", "< b; \"'<'\"; require('R')",
    "< b / c > d; '/'; require('R')", "<e>it's {require('R')} `</e>", "<e a='\"'/>; require('R')", "<>'</>; require('R')", "`'${require('R')}'`; require('R')",
    "`/`; require('R') // `", "(/'/); require('R')", "[/'/]; require('R')", "++/'/.x; require('R')", "- /'/; require('R')", "? /'/ : /\"/; require('R')",
    ", /'/; require('R')", "=> {} \n /'/; require('R')", "=> ({} / 1); \"/'\"; require('R')", ": /'/; require('R')", ": {} /'/; require('R')",
    ": {} / 1; \"/'\"; require('R')", ".x / 1; \"/'\"; require('R')", "() / 1; \"/'\"; require('R')", "`t` / 1; \"/'\"; require('R')", "--> '"];
const AROUND = ["B", "B", "B", "function z() { B }", "async function z() { l: for (;;) { B } }", "function* z() { B }", "{ B }", "x = () => { B }", "x = { m() { B } }",
    "class Z { m() { B } }", "class Z { static { B } }", "if (a) { B } else { B }", "switch (a) { case 1: B }", "switch (a) { default: { B } case 2: }",
    "l: for (;;) { B }", "x = `${(() => { B })()}`", "x = <e a={() => { B }}/>", "(B)", "x = function () { B } / 1", "for (;;) { try { B } catch { B } }",
    "x = { a: class { m() { B } } }"];

/** What closes the brackets that a beginning leaves open. */
function closed(before) {
    if (before.startsWith("for (;")) return ";) {}";
    if (before.startsWith("for (")) return ") {}";
    if (before === "case ") return ": ";
    if (before === "class X extends ") return " {}";
    if (before === "class X { x = ") return "; }";
    if (before === "x = <e a={") return "}/>";
    if (before === "x = <e>{") return "}</e>";
    if (before === "`${") return "}`";
    return before.endsWith("(") || before === "f(a, " ? ")" : before.endsWith("[") || before === "x = [..." ? "]" : before.startsWith("x = { ") ? " }" : "";
}

function body() {
    let text = "";
    for (let parts = 1 + below(3); parts-- > 0;) {
        const before = one(BEFORE), end = closed(before), inside = below(2) === 0;
        const part = below(3) === 0 ? one(STATEMENTS) : before + one(EXPRESSIONS) + (inside ? "" : end);
        text += part + one(GAPS) + one(AFTER).replaceAll("R", () => `r${below(1000)}`) + (inside && !STATEMENTS.includes(part) ? end : "") + one(["\n", "; ", "\n"]);
    }
    return text;
}

function isAccepted(text, isModule) {
    const options = { ecmaVersion: "latest", sourceType: isModule ? "module" : "script", allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: isModule, allowSuperOutsideMethod: true };
    try {
        jsx.parse(text, options);
    } catch {
        return false;
    }
    const source = ts.createSourceFile("x.jsx", text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JSX);
    return source.parseDiagnostics.length === 0;
}

mkdirSync(folder, { recursive: true });
let written = 0, tried = 0;
while (written < Number(count) && tried < 400 * Number(count)) {
    tried += 1;
    const inner = body();
    const text = one(AROUND).replace("B", () => inner).replace("B", () => body());
    if (!isAccepted(text, /\b(import|export)\b|await/.test(text))) continue;
    writeFileSync(path.join(folder, `${written}.jsx`), text);
    written += 1;
}
console.log(`${written} hostile files of ${tried} texts`);
process.exit(written < Number(count) ? 1 : 0);
