// Parses every statement of tests/cases/javascript/rewrites.txt and what is written instead with TypeScript, and compares what each
// name means: the old path, as the entry of the policy moves it, must be the new path.
//
//     node rewrites.mjs TYPESCRIPT TABLE
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [typescript, table] = process.argv.slice(2);
const ts = createRequire(path.join(typescript, "package.json"))(typescript);
const FOLDER = "src/app";

// The cases of a file, each with its sections by keyword; tests/cases/README.md has the format.
function cases(text) {
  return text.split(/^=== .*\n/m).slice(1).map((part) => {
    const sections = [...part.matchAll(/^--- (\S+) ?(.*)\n([^]*?)(?=^--- |(?![^]))/gm)];
    return Object.fromEntries(sections.map(([, keyword, argument, text]) => [keyword, { argument, text: text.trim() }]));
  });
}

// The path that a specifier means from src/app/page.ts, with the aliases that the head of the table names.
function meant(specifier) {
  let text = specifier.replace(/^.*!/, "").replace(/\?.*$/, "");
  const from = (base) => `./${path.posix.join(base)}`;
  if (/^\.\.?(\/|$)/.test(text)) text = from(`${FOLDER}/${text}`);
  else if (text.startsWith("@/")) text = from(`src/${text.slice(2)}`);
  else if (text.startsWith("#in/")) text = from(`src/in/${text.slice(4)}`);
  else return text.replace(/^node:/, "");
  return text.replace(/\/$/, "").replace(/\.(d\.[cm]?ts|[cm]?[jt]s|[jt]sx)$/, "").replace(/\/index$/, "");
}

// For each name that is bound or handed on: what it means, and how.
function bindings(text) {
  const source = ts.createSourceFile("page.tsx", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  if (source.parseDiagnostics.length) throw new Error(`${text}: ${source.parseDiagnostics[0].messageText}`);
  const found = new Map();
  const add = (local, module, name, how) => found.set(local, { path: meant(module) + (name ? `#${name}` : ""), how });
  const named = (elements, module, how) => {
    for (const element of elements) {
      const only = how.includes("type") || element.isTypeOnly ? " type" : "";
      add(element.name.text, module, (element.propertyName ?? element.name).text, how.replace(" type", "") + only);
    }
  };
  let calls = 0;
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const module = node.moduleSpecifier.text;
      const clause = node.importClause;
      const how = `import${clause?.isTypeOnly ? " type" : ""}`;
      if (!clause) add(`bare ${calls++}`, module, "", how);
      if (clause?.name) add(clause.name.text, module, "default", how);
      const bound = clause?.namedBindings;
      if (bound && ts.isNamespaceImport(bound)) add(bound.name.text, module, "", how);
      if (bound && ts.isNamedImports(bound)) named(bound.elements, module, how);
    } else if (ts.isExportDeclaration(node)) {
      const module = node.moduleSpecifier.text;
      const how = `export${node.isTypeOnly ? " type" : ""}`;
      if (!node.exportClause) add("*", module, "", how);
      else if (ts.isNamespaceExport(node.exportClause)) add(node.exportClause.name.text, module, "", how);
      else named(node.exportClause.elements, module, how);
    } else if (ts.isImportEqualsDeclaration(node)) {
      add(node.name.text, node.moduleReference.expression.text, "", "import");
    } else if (ts.isImportTypeNode(node)) {
      add(`type ${calls++}`, node.argument.literal.text, node.qualifier?.text ?? "", "type");
    } else if (ts.isCallExpression(node) && ts.isStringLiteralLike(node.arguments[0])) {
      const module = node.arguments[0].text;
      let holder = node.parent;
      while (ts.isAwaitExpression(holder) || ts.isParenthesizedExpression(holder)) holder = holder.parent;
      if (ts.isPropertyAccessExpression(holder)) add(`call ${calls++}`, module, holder.name.text, "call");
      else if (ts.isVariableDeclaration(holder) && ts.isObjectBindingPattern(holder.name)) {
        for (const element of holder.name.elements) add(element.name.text, module, (element.propertyName ?? element.name).text, "call");
      } else add(`call ${calls++}`, module, "", "call");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const beneath = (path, entry) => path === entry || path.startsWith(`${entry}/`) || path.startsWith(`${entry}#`);
let wrong = 0;
const all = cases(fs.readFileSync(table, "utf8"));
for (const sections of all) {
  const [statement, expected] = [sections.file.text, sections.rewritten.text.replace(/^! .*$/gm, "").trim()];
  const [entry, instead] = [sections.forbid.argument, sections["use-instead"].argument];
  try {
    const alias = entry.startsWith("@/") ? (text) => text.replace("@/", "./src/") : (text) => text;
    const move = (path) => (beneath(path, alias(entry)) ? alias(instead) + path.slice(alias(entry).length) : path);
    // a type needs a declaration around it
    const isType = /^type /.test(statement);
    const [old, now] = [bindings(statement), bindings(isType ? `type T = typeof ${expected}` : expected)];
    if ([...old.keys()].sort().join() !== [...now.keys()].sort().join()) throw new Error(`binds ${[...now.keys()]}`);
    for (const [local, { path, how }] of old) {
      const got = now.get(local);
      if (got.path !== move(path) || got.how !== how) throw new Error(`${local} means ${got.how} ${got.path}, not ${how} ${move(path)}`);
    }
  } catch (error) {
    wrong += 1;
    console.log(`${statement}\n${expected}\n  ${error.message}`);
  }
}
console.log(`${all.length} statements, ${wrong} wrong`);
process.exit(wrong || all.length < 50 ? 1 : 0);
