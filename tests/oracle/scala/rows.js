// Prints what `importgate imports` should print for Scala files, as scalameta's parser (Scala 2.13) reads them: paths come
// on standard input, a line each. Columns, parted by tabs: path, kind, module, name, alias, line, line of the name, last
// line. A file that the parser takes has a row with its path alone before them, one with errors none.
'use strict';
const fs = require('fs');
const { parseSource } = require(process.env.IMPORTGATE_SCALAMETA);

const CLASS_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;

function dotted(term) {
  switch (term.type) {
    case 'Term.Name':
      return term.value;
    case 'Term.Select':
      return `${dotted(term.qual)}.${dotted(term.name)}`;
    case 'Term.This':
      return term.qual.value ? `${term.qual.value}.this` : 'this';
    case 'Term.Super':
      return 'super';
    default:
      return `?${term.type}`;
  }
}

function constant(term) {
  if (term.type === 'Lit.String') return term.value;
  if (term.type !== 'Term.ApplyInfix' || term.op.value !== '+') return null;
  const values = term.argClause ? term.argClause.values : term.args;
  const [left, right] = [constant(term.lhs), values.length === 1 ? constant(values[0]) : null];
  return left === null || right === null ? null : left + right;
}

function rowsOf(path) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(path));
  } catch {
    return null;
  }
  let tree;
  try {
    tree = parseSource(text);
  } catch {
    return null;
  }
  if (tree.error) return null;
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\r|\n/g)) starts.push(end.index + end[0].length);
  const line = (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  const found = [];
  const add = (kind, module, name, alias, statement, nameAt) => {
    const cells = [path, kind, module, name || '', alias || '', line(statement.start), line(nameAt), line(statement.end - 1)];
    found.push([nameAt, cells.join('\t')]);
  };
  const importers = (node, kind) => {
    for (const importer of node.importers) {
      const module = dotted(importer.ref);
      for (const importee of importer.importees) {
        const { start } = importee.pos;
        const between = text.slice(importer.ref.pos.end, start).replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
        const grouped = between.includes('{');
        if (importee.type === 'Importee.Wildcard') add(kind, module, '*', null, node.pos, start);
        else if (importee.type === 'Importee.Rename') add(kind, module, importee.name.value, importee.rename.value, node.pos, start);
        else if (importee.type === 'Importee.Name' && grouped) add(kind, module, importee.name.value, null, node.pos, start);
        else if (importee.type === 'Importee.Name') add(kind, `${module}.${importee.name.value}`, null, null, node.pos, importer.pos.start);
        else if (importee.type.startsWith('Importee.Given')) add(kind, module, 'given', null, node.pos, start);
      }
    }
  };
  const call = (node) => {
    const member = node.fun.type === 'Term.Select';
    const name = member ? node.fun.name : node.fun;
    if (name.type !== 'Term.Name' || (name.value !== 'forName' && name.value !== 'loadClass')) return;
    const values = node.argClause ? node.argClause.values : node.args;
    if (!values.length || text[node.argClause ? node.argClause.pos.start : name.pos.end] !== '(') return;
    if (name.value === 'forName' && !(member && ['Class', 'java.lang.Class'].includes(dotted(node.fun.qual)))) return;
    let module = constant(values[0]);
    if (module === null) return;
    const array = /^\[+L(.*);$/s.exec(module);
    if (array) module = array[1];
    const start = name.value === 'forName' ? node.fun.pos.start : name.pos.start;
    if (CLASS_NAME.test(module)) add('dynamic', module, null, null, { start, end: node.pos.end }, values[0].pos.start);
  };
  const stack = [tree];
  while (stack.length) {
    const node = stack.pop();
    if (node.type === 'Import') importers(node, 'import');
    else if (node.type === 'Export') importers(node, 'export');
    else if (node.type === 'Term.Apply') call(node);
    for (const value of Object.values(node)) if (value && typeof value === 'object') stack.push(value);
  }
  return found.sort((a, b) => a[0] - b[0]).map(([, row]) => row);
}

const out = [];
for (const path of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const rows = rowsOf(path);
  if (rows) out.push(path, ...rows);
}
fs.writeSync(1, out.length ? `${out.join('\n')}\n` : '');
