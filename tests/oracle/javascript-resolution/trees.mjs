// Makes trees of files with imports in them: every way in which tsconfig.json and package.json rename things, at random.
//
//     node trees.mjs FOLDER COUNT SEED
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const [folder, count, seed] = process.argv.slice(2);
let state = Number(seed) || 1;
// mulberry32
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let value = Math.imul(state ^ (state >>> 15), 1 | state);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
}
const below = (limit) => Math.floor(random() * limit);
const pick = (list) => list[below(list.length)];
const chance = (part) => random() < part;

const FOLDERS = ["src", "lib", "core", "app", "a", "b.c", "@x", "index", "types"];
const NAMES = ["index", "a", "b", "main", "x.y", "util", "core", "types", "manager"];
const ENDINGS = ["ts", "ts", "ts", "tsx", "js", "jsx", "mjs", "mts", "cts", "cjs", "d.ts", "json"];
const CODE = /\.(?:d\.[cm]?ts|[cm]?ts|tsx|[cm]?js|jsx)$/;

function places() {
  const folders = [""];
  for (let number = 4 + below(8); number > 0; number -= 1) folders.push(path.posix.join(pick(folders), pick(FOLDERS)));
  return [...new Set(folders)].filter((folder) => folder.split("/").length < 5);
}

const relative = (from, to) => {
  const way = path.posix.relative(from, to);
  return way.startsWith("..") ? way : `./${way}`;
};

function configuration(at, folders, bases) {
  const options = {};
  if (chance(0.4)) options.baseUrl = pick([".", "./src", relative(at, pick(folders)), "${configDir}/src"]);
  if (chance(0.8)) {
    options.paths = {};
    for (let number = 1 + below(4); number > 0; number -= 1) {
      const exact = chance(0.2);
      const pattern = exact
        ? pick(["~main", "core", "@", "lib/a"])
        : pick(["@/*", "~/*", "@core/*", "*", "lib/*", "@/core/*", "*.js", "x-*", "#in/*", "a*c"]);
      const targets = [];
      for (let target = 1 + below(2); target > 0; target -= 1) {
        const base = relative(at, pick(folders));
        targets.push(`${chance(0.1) ? `\${configDir}/${pick(folders)}` : base}/${exact ? pick(NAMES) : "*"}`);
      }
      options.paths[pattern] = targets;
    }
  }
  const config = { compilerOptions: options };
  if (bases.length && chance(0.5)) {
    const base = () => relative(at, pick(bases)).replace(/\.json$/, chance(0.5) ? "" : ".json");
    config.extends = chance(0.3) ? [base(), base()] : base();
    if (chance(0.5)) delete options.paths;
    if (chance(0.5)) delete options.baseUrl;
  }
  return `// made up\n${JSON.stringify(config, null, 2).replace(/"\n/g, chance(0.5) ? '", /* more */\n' : '"\n').replace(/,( \/\* more \*\/)?\n(\s*)([\]}])/g, ",$1\n$2$3")}`;
}

function manifest(at, folders, name) {
  const target = () => `${relative(at, pick(folders.filter((folder) => !relative(at, folder).startsWith(".."))) ?? at)}`.replace(/\/?$/, "/");
  const imports = {};
  for (let number = below(4); number > 0; number -= 1) {
    imports[pick(["#in/*", "#lib/*", "#core/x/*", "#c/*.js"])] = chance(0.5)
      ? `${target()}*${pick([".ts", ".js", ""])}`
      : { node: `${target()}*.js`, default: [`${target()}*.ts`] };
    imports[pick(["#main", "#util"])] = `${target()}${pick(NAMES)}.${pick(["ts", "js"])}`;
  }
  const exports = { ".": `${target()}index.ts`, "./*": `${target()}*.ts`, "./lib/*.js": { import: `${target()}*.js`, types: `${target()}*.ts` } };
  return JSON.stringify({ name, ...(Object.keys(imports).length && { imports }), ...(chance(0.7) && { exports }) });
}

function specifiers(file, files, names) {
  const at = path.posix.dirname(file) === "." ? "" : path.posix.dirname(file);
  const found = [];
  for (let number = 0; number < 14; number += 1) {
    const other = pick(files);
    const bare = other.replace(CODE, "");
    const spelt = pick([
      bare, bare, bare, bare.replace(/\/index$/, ""), `${bare}.js`, `${bare}.ts`, other, `${bare}.mjs`, `${bare}.jsx`,
      path.posix.dirname(other), `${path.posix.dirname(other)}/`,
    ]);
    found.push(relative(at, spelt).replace(/\/?\.$/, (end) => end));
    const tail = spelt.split("/").slice(below(spelt.split("/").length)).join("/");
    const alias = pick(["@/", "~/", "@core/", "", "lib/", "@/core/", "x-", "#in/", "#lib/", "#core/x/", "#c/", ...names.map((name) => `${name}/`)]);
    found.push(alias + tail);
  }
  found.push("~main", "core", "@", "lib/a", "#main", "#util", ...names, ".", "..", "./", "abc");
  return [...new Set(found.filter((specifier) => specifier && !/["\\\n]/.test(specifier)))];
}

for (let number = 0; number < Number(count); number += 1) {
  const tree = path.join(folder, `tree-${number}`);
  const folders = places();
  const files = new Set();
  for (const at of folders) {
    for (let left = 1 + below(4); left > 0; left -= 1) files.add(path.posix.join(at, `${pick(NAMES)}.${pick(ENDINGS)}`));
  }
  const write = (name, text) => {
    const file = path.join(tree, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  const bases = [];
  for (let left = below(3); left > 0; left -= 1) {
    const base = path.posix.join(pick(folders), `base${left}.json`);
    write(base, configuration(path.posix.dirname(base), folders, bases));
    bases.push(base);
  }
  const names = [];
  folders.forEach((at, index) => {
    if (index === 0 || chance(0.25)) write(path.posix.join(at, chance(0.8) ? "tsconfig.json" : "jsconfig.json"), configuration(at || ".", folders, bases));
    if (index === 0 || chance(0.15)) {
      names.push(pick(["app", "@acme/app", "pkg", "@acme/core"]));
      write(path.posix.join(at, "package.json"), manifest(at || ".", folders, names.at(-1)));
    }
  });
  const list = [...files];
  for (const file of list) {
    const lines = specifiers(file, list, names).map((specifier) => `import ${JSON.stringify(specifier)};\n`);
    write(file, file.endsWith(".json") ? "{}" : lines.join(""));
  }
  execFileSync("git", ["init", "--quiet", tree]);
}
