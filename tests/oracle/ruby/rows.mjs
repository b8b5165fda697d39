// Rows of Ruby files by Prism, the parser of Ruby itself: reads paths from standard input, one a line, and prints for
// each a line of JSON: its rows, or null where Prism finds an error.
//
//     node rows.mjs FOLDER-OF-@ruby/prism
import { readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const { loadPrism } = await import(pathToFileURL(resolve(process.argv[2], "src/index.js")));
let parse = await loadPrism();

/** The text of a literal that is nothing else, or of several behind each other. */
function literal(node) {
  switch (node?.constructor.name) {
    case "ParenthesesNode": {
      const body = node.body?.body;
      return body?.length === 1 ? literal(body[0]) : null;
    }
    case "StringNode": {
      const opening = node.openingLoc && slice(node.openingLoc);
      return opening && /^(["']|%[^\w]|%[qQ])/.test(opening) ? node.unescaped.value : null;
    }
    case "InterpolatedStringNode": {
      // adjacent literals, or one that interpolates
      if (node.openingLoc) return null;
      const parts = node.parts.map(literal);
      return parts.includes(null) ? null : parts.join("");
    }
  }
  return null;
}

let source;
const slice = (location) => source.subarray(location.startOffset, location.startOffset + location.length).toString();

/** The receiver of `require`: none, Kernel or self. */
function isKernel(node) {
  switch (node?.constructor.name) {
    case undefined:
    case "SelfNode":
      return true;
    case "ConstantReadNode":
      return node.name === "Kernel";
    case "ConstantPathNode":
      return !node.parent && node.name === "Kernel";
  }
  return false;
}

function row(call) {
  const given = call.arguments_?.arguments_ ?? [];
  const safe = call.callOperatorLoc && slice(call.callOperatorLoc) === "&.";
  if (safe || call.name.endsWith("=")) return null;
  const begins = call.receiver?.location ?? call.messageLoc;
  if (call.name === "autoload") {
    const name = given[0]?.constructor.name === "SymbolNode" ? given[0].unescaped.value : literal(given[0]);
    const path = literal(given[1]);
    return name === null || path === null ? null : ["import", path, name, null, 0, begins, given[1].location];
  }
  if (!["require", "require_relative", "require_dependency", "load"].includes(call.name) || !isKernel(call.receiver)) return null;
  const path = literal(given[0]);
  if (path === null) return null;
  const form = call.name === "load" ? "include" : "require";
  return [form, path, null, null, call.name === "require_relative" ? 1 : 0, begins, given[0].location];
}

function rowsOf(blob) {
  const text = blob.toString();
  source = Buffer.from(text);
  const result = parse(text, { encoding: false, filepath: "x.rb" });
  if (result.errors.length) return null;
  const starts = [0];
  for (let at = 0; at < source.length; at++) {
    if (source[at] === 10 || (source[at] === 13 && source[at + 1] !== 10)) starts.push(at + 1);
  }
  const line = (location) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= location.startOffset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const found = [];
  const waiting = [result.value];
  while (waiting.length) {
    const node = waiting.pop();
    if (node.constructor.name === "CallNode") {
      const cells = row(node);
      if (cells) {
        const [at, place] = cells.slice(5);
        found.push([at.startOffset, [...cells.slice(0, 5), line(at), line(place)], line({ startOffset: node.location.startOffset + node.location.length - 1 })]);
      }
    }
    // compactChildNodes leaves out the branches of `case`
    for (const child of node.childNodes()) if (child) waiting.push(child);
  }
  return found.sort(([a], [b]) => a - b).map(([, cells, end]) => ({ cells, end }));
}

for await (const path of createInterface({ input: process.stdin })) {
  let rows = null;
  try {
    rows = rowsOf(readFileSync(path));
  } catch {
    // a parser that ran out of memory is of no use any more
    parse = await loadPrism();
  }
  const line = Buffer.from(JSON.stringify(rows) + "\n");
  for (let at = 0; at < line.length; ) at += writeSync(1, line, at);
}
