// Compares the paths that `importgate imports` resolves with TypeScript's and Node's own resolution.
//
//     node resolve.mjs BINARY TYPESCRIPT IMPORT-META-RESOLVE TREE…
//
// TYPESCRIPT and IMPORT-META-RESOLVE are the folders of those packages, a TREE is the top of a git repository. For each
// specifier that an oracle resolves to a file of the tree, that file's path, without its ending and `/index`, must be
// among the paths that importgate gives. Prints the totals and the first differences; exits with 1 for any.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [binary, typescript, importMetaResolve, ...trees] = process.argv.slice(2);
const ts = createRequire(path.join(typescript, "package.json"))(typescript);
const { resolve: resolveEsm } = await import(pathToFileURL(path.join(importMetaResolve, "index.js")));

const SOURCE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;
const CODE = /\.(?:d\.[cm]?ts|[cm]?ts|tsx|[cm]?js|jsx)$/;
const BATCH = 200;
const SHOWN = 30;

function sources(folder) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "node_modules" && entry.name !== ".git") found.push(...sources(file));
    else if (entry.isFile() && SOURCE.test(entry.name)) found.push(file);
  }
  return found;
}

// The path of a file as a rule names it; this is the definition, written a second time.
function canonical(tree, file) {
  const segments = path.relative(tree, file).split(path.sep);
  let name = segments.pop();
  // the declaration of a file that is no code
  name = name.replace(/(?<=.)\.d\.([^.]+)\.ts$/, ".$1");
  name = name.length > 1 && CODE.test(name.slice(1)) ? name.replace(CODE, "") : name;
  name = name.replace(/(?<=.)\.d$/, "");
  segments.push(name);
  while (segments.at(-1) === "index") segments.pop();
  if (!segments.length) segments.push("index");
  return ["."].concat(segments).join("/");
}

function rowsOf(tree, files) {
  const rows = [];
  for (let at = 0; at < files.length; at += BATCH) {
    const batch = files.slice(at, at + BATCH);
    const out = execFileSync(binary, ["imports", ...batch], { cwd: tree, maxBuffer: 1 << 30, encoding: "utf8" });
    for (const line of out.split("\n")) if (line) rows.push(JSON.parse(line));
  }
  return rows;
}

// The options of the nearest configuration, or of those that it refers to.
const configs = new Map();
function optionsFor(tree, folder) {
  if (configs.has(folder)) return configs.get(folder);
  let found;
  for (const name of ["tsconfig.json", "jsconfig.json"]) {
    const file = path.join(folder, name);
    if (!found && fs.existsSync(file)) found = read(file);
  }
  found ??= folder === tree ? [{}] : optionsFor(tree, path.dirname(folder));
  configs.set(folder, found);
  return found;
}

function read(file) {
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, path.dirname(file), undefined, file);
  const { paths, baseUrl, pathsBasePath } = parsed.options;
  const references = parsed.projectReferences ?? [];
  if (!paths && !baseUrl && references.length) {
    return references.flatMap((reference) => {
      const project = ts.resolveProjectReferencePath(reference);
      return fs.existsSync(project) ? read(project) : [];
    });
  }
  return [{ paths, baseUrl, pathsBasePath }];
}

function typescriptFiles(tree, file, specifier) {
  const found = [];
  for (const aliases of optionsFor(tree, path.dirname(file))) {
    for (const moduleResolution of [ts.ModuleResolutionKind.Bundler, ts.ModuleResolutionKind.Node10]) {
      const options = {
        ...aliases, moduleResolution, module: ts.ModuleKind.ESNext, allowJs: true, resolveJsonModule: true,
        allowImportingTsExtensions: true, noEmit: true,
      };
      const { resolvedModule } = ts.resolveModuleName(specifier, file, options, ts.sys);
      if (resolvedModule) found.push(resolvedModule.resolvedFileName);
    }
  }
  return found;
}

function nodeFiles(file, specifier, kind) {
  try {
    if (kind === "require") return [createRequire(file).resolve(specifier)];
    const url = resolveEsm(specifier, pathToFileURL(file).href);
    return url.startsWith("file:") ? [fileURLToPath(url)] : [];
  } catch {
    return [];
  }
}

const totals = { files: 0, specifiers: 0, resolved: 0, aliased: 0, first: 0, differences: 0 };
const shown = [];
for (const given of trees) {
  const tree = fs.realpathSync(given);
  const files = sources(tree);
  totals.files += files.length;
  const asked = new Set();
  for (const row of rowsOf(tree, files)) {
    const key = `${row.path}\0${row.module}\0${row.kind === "require"}`;
    if (row.module === null || asked.has(key)) continue;
    asked.add(key);
    totals.specifiers += 1;
    const specifier = row.module.replace(/\?.*$/, "");
    const inTree = (found) => {
      const relative = path.relative(tree, found);
      return !relative.startsWith("..") && !/(^|[\\/])node_modules[\\/]/.test(relative) && fs.existsSync(found) && fs.statSync(found).isFile();
    };
    const found = [...typescriptFiles(tree, row.path, specifier), ...nodeFiles(row.path, row.module, row.kind)];
    const expected = new Set(found.filter(inTree).map((found) => canonical(tree, found)));
    if (!expected.size) continue;
    totals.resolved += 1;
    totals.aliased += /^\.\.?(\/|$)/.test(specifier) ? 0 : 1;
    const name = row.name === null || row.name === "*" ? "" : `#${row.name}`;
    const got = row.resolved.map((resolved) => (name && resolved.endsWith(name) ? resolved.slice(0, -name.length) : resolved));
    totals.first += expected.has(got[0]) ? 1 : 0;
    const missing = [...expected].filter((wanted) => !got.includes(wanted));
    if (missing.length) {
      totals.differences += 1;
      if (shown.length < SHOWN) shown.push(`${path.relative(tree, row.path)} (${path.basename(tree)}): ${row.module}\n  missing ${missing}\n  got     ${got}`);
    }
  }
}
for (const line of shown) console.log(line);
console.log(JSON.stringify(totals));
process.exit(totals.differences || !totals.resolved ? 1 : 0);
