// Reads paths from its input, a line each, and prints for each a line of JSON: its path and its rows, or null where
// TypeScript reports a parse error. A row is kind, module, name, alias, level, line, name_line, and the lines that the
// whole statement starts and ends on. With --uses the rows are those of what imports bind. The rules for calls are those of src/lang/javascript, told by the tree instead of
// the text; scripts of components are cut out by the components' own compilers.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const modules = process.env.ORACLE_MODULES;
const load = createRequire(modules ? path.join(path.resolve(modules), "x.js") : import.meta.url);
const ts = load("typescript");
const Kind = ts.SyntaxKind;

const MOCKS = new Set(["mock", "doMock", "unmock", "doUnmock", "dontMock", "deepUnmock", "setMock", "unstable_mockModule",
    "requireActual", "requireMock", "createMockFromModule", "genMockFromModule", "importActual", "importMock"]);

function decoded(blob) {
    if (blob[0] === 0xff && blob[1] === 0xfe) return blob.subarray(2).toString("utf16le");
    if (blob[0] === 0xfe && blob[1] === 0xff) return Buffer.from(blob.subarray(2)).swap16().toString("utf16le");
    const text = blob.toString("utf8");
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Where lines start: after \n, \r\n and a lone \r. */
function lineStarts(text) {
    const starts = [0];
    const end = /\r\n|\n|\r/g;
    while (end.exec(text)) starts.push(end.lastIndex);
    return starts;
}

const isText = (node) => node !== undefined && ts.isStringLiteralLike(node);
const isName = (node, name) => ts.isIdentifier(node) && node.text === name;

/** A node and all beneath it, in the order of the text. */
function* walk(root) {
    const stack = [root];
    while (stack.length > 0) {
        const node = stack.pop();
        yield node;
        const children = [];
        ts.forEachChild(node, (child) => void children.push(child));
        for (let at = children.length; at-- > 0;) stack.push(children[at]);
    }
}

/** The names that an assignment to this sets. */
function* assigned(target) {
    const stack = [target];
    while (stack.length > 0) {
        const node = stack.pop();
        if (ts.isIdentifier(node)) yield node;
        else if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) stack.push(node.expression);
        else if (ts.isArrayLiteralExpression(node)) stack.push(...node.elements);
        else if (ts.isObjectLiteralExpression(node)) stack.push(...node.properties);
        else if (ts.isShorthandPropertyAssignment(node)) stack.push(node.name);
        else if (ts.isPropertyAssignment(node)) stack.push(node.initializer);
        else if (ts.isBinaryExpression(node) && node.operatorToken.kind === Kind.EqualsToken) stack.push(node.left);
    }
}

class File {
    constructor(name, text, starts, kind) {
        this.types = kind === ts.ScriptKind.TS || kind === ts.ScriptKind.TSX;
        const comments = this.types ? ts.JSDocParsingMode.ParseNone : ts.JSDocParsingMode.ParseAll;
        const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: comments };
        this.source = ts.createSourceFile(name, text, options, true, kind);
        this.text = text;
        this.starts = starts;
        this.rows = [];
        this.claimed = new Set();
        /** The modules behind each local name. */
        this.modules = new Map();
        /** The nodes by which imports bind them. */
        this.own = new Set();
        /** Whether the statement that is read imports types. */
        this.only = false;
        /** Functions whose first parameter is a module: the module, and whether something else binds its name there. */
        this.callbacks = new Map();
    }

    line(at) {
        let low = 0, high = this.starts.length;
        while (high - low > 1) {
            const middle = (low + high) >> 1;
            if (this.starts[middle] <= at) low = middle; else high = middle;
        }
        return low + 1;
    }

    begin(node) {
        return node.getStart(this.source);
    }

    push(kind, module, name, alias, start, end, span) {
        if (alias && kind !== "export" && (!name || name === "default")) {
            this.modules.set(alias, [...(this.modules.get(alias) ?? []), [module, start, this.only || kind === "type-only"]]);
        }
        const row = [kind, module, name ?? null, alias ?? null, 0, this.line(start), this.line(span), this.line(start), this.line(end)];
        this.rows.push([start, row]);
    }

    find() {
        for (const reference of this.source.referencedFiles) {
            const module = /^[./]/.test(reference.fileName) ? reference.fileName : `./${reference.fileName}`;
            this.push("type-only", module, null, null, reference.pos, reference.end, reference.pos);
        }
        for (const reference of this.source.typeReferenceDirectives) {
            this.push("type-only", reference.fileName, null, null, reference.pos, reference.end, reference.pos);
        }
        for (const node of walk(this.source)) this.visit(node);
        // two sorts of references, and names before the call that they are taken from
        this.rows.sort((a, b) => a[0] - b[0]);
        return this.rows.map((row) => row[1]);
    }

    /** What is used of the modules behind local names that nothing else binds. Call find() before. */
    uses() {
        const found = [];
        for (const node of walk(this.source)) this.callback(node);
        for (const node of walk(this.source)) {
            for (const name of this.boundHere(node)) {
                const around = this.around(node, name);
                if (around) around.bound = true; else this.modules.delete(name);
            }
            let [name, member] = ts.isQualifiedName(node) ? [node.left, node.right] : [null, null];
            if (ts.isPropertyAccessExpression(node)) [name, member] = [node.expression, node.name];
            if (ts.isElementAccessExpression(node) && isText(node.argumentExpression)) [name, member] = [node.expression, node.argumentExpression];
            // `d["X"]`, where `d` is a type
            if (ts.isIndexedAccessTypeNode(node) && ts.isTypeReferenceNode(node.objectType) && isText(node.indexType.literal)) {
                [name, member] = [node.objectType.typeName, node.indexType.literal];
            }
            if (name && ts.isNonNullExpression(name)) name = name.expression;
            if (name && ts.isIdentifier(name) && (ts.isIdentifier(member) || isText(member)) && !ts.isJsxClosingElement(node.parent)) {
                found.push([name, [member]]);
            }
            if (ts.isIdentifier(node)) found.push([node, this.taken(node)]);
        }
        const rows = [];
        const add = (module, only, start, member) => rows.push([this.begin(member), [only ? "type-only" : "attribute", module, member.text, null, 0,
            this.line(start), this.line(this.begin(member))]]);
        for (const [name, members] of found) {
            if (members.length === 0) continue;
            const around = this.around(name, name.text);
            const start = Math.min(this.begin(name), this.begin(members[0].pattern ?? name));
            if (around) {
                if (!around.bound) for (const member of members) add(around.module, false, start, member);
                continue;
            }
            const modules = (this.modules.get(name.text) ?? []).sort((a, b) => a[1] - b[1]);
            for (const [module, , only] of modules.filter((one, at) => modules.findIndex((other) => other[0] === one[0]) === at)) {
                for (const member of members) add(module, only, start, member);
            }
        }
        for (const [callback, { module }] of this.callbacks) {
            const pattern = callback.parameters[0].name;
            for (const member of this.names_of(pattern)) add(module, false, this.begin(pattern), member);
        }
        return rows.sort((a, b) => a[0] - b[0]).map(([, row]) => row);
    }

    /** The function that `import("m").then(…)` calls. */
    callback(node) {
        if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== "then") return;
        const call = node.expression.expression, callback = node.arguments[0];
        if (!ts.isCallExpression(call) || call.expression.kind !== Kind.ImportKeyword || !isText(call.arguments[0])) return;
        if (!callback || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback)) || callback.parameters.length === 0) return;
        this.callbacks.set(callback, { module: call.arguments[0].text, bound: false });
        this.own.add(callback.parameters[0].name);
    }

    /** The innermost callback around a node whose parameter is a module of this name. */
    around(node, name) {
        for (let at = node; at.parent; at = at.parent) {
            const callback = at.parent.body === at ? this.callbacks.get(at.parent) : undefined;
            if (callback && at.parent.parameters[0].name.text === name) return callback;
        }
        return null;
    }

    /** The names that a pattern takes from the value that this identifier is. */
    taken(node) {
        let value = node;
        while (ts.isAsExpression(value.parent) || ts.isSatisfiesExpression(value.parent) || ts.isNonNullExpression(value.parent)) value = value.parent;
        const parent = value.parent;
        let target = null;
        if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === Kind.EqualsToken && parent.right === value) target = parent.left;
        if ("initializer" in parent && parent.initializer === value && parent.type === undefined) target = parent.name;
        if (!target || this.typed(target)) return [];
        const names = this.names_of(target);
        if (names.length > 0) names[0].pattern = target;
        return names;
    }

    names_of(target) {
        if (ts.isObjectBindingPattern(target)) {
            const names = target.elements.filter((element) => !element.dotDotDotToken).map((element) => element.propertyName ?? element.name);
            return names.filter((name) => ts.isIdentifier(name) || isText(name));
        }
        if (!ts.isObjectLiteralExpression(target)) return [];
        return target.properties.map((property) => property.name).filter((name) => name && (ts.isIdentifier(name) || isText(name)));
    }

    /** The names that a node binds, but by importing. */
    boundHere(node) {
        const declares = ts.isParameter(node) || ts.isBindingElement(node) || ts.isVariableDeclaration(node) || ts.isEnumDeclaration(node)
            || ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)
            || ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node);
        if (declares && node.name && !this.own.has(node.name)) return ts.isIdentifier(node.name) ? [node.name.text] : [];
        let target = null;
        if (ts.isBinaryExpression(node) && ts.isAssignmentOperator(node.operatorToken.kind)) target = node.left;
        if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
            if (node.operator === Kind.PlusPlusToken || node.operator === Kind.MinusMinusToken) target = node.operand;
        }
        if (ts.isForOfStatement(node) || ts.isForInStatement(node)) target = node.initializer;
        const names = [];
        for (const part of target && !this.own.has(target) ? assigned(target) : []) if (!this.own.has(part)) names.push(part.text);
        return names;
    }

    visit(node) {
        for (const tag of (this.types ? [] : (node.jsDoc ?? [])).flatMap((comment) => comment.tags ?? [])) {
            if (ts.isJSDocImportTag(tag) && !this.claimed.has(tag.pos)) this.importTag(tag);
            this.claimed.add(tag.pos);
        }
        switch (node.kind) {
            case Kind.ImportDeclaration: return this.import(node);
            case Kind.ExportDeclaration: return this.export(node);
            case Kind.ImportEqualsDeclaration: return this.importEquals(node);
            case Kind.ImportType: return this.importType(node);
            case Kind.CallExpression:
            case Kind.NewExpression: return this.call(node);
        }
    }

    names(elements, form, only, module, start, end) {
        for (const element of elements) {
            const name = element.propertyName ?? element.name;
            const kind = only || element.isTypeOnly ? "type-only" : "import";
            this.push(form ?? kind, module, name.text, element.propertyName && element.name.text, start, end, this.begin(name));
        }
    }

    import(node) {
        const clause = node.importClause, specifier = node.moduleSpecifier;
        if (!isText(specifier)) return;
        const [module, start, end] = [specifier.text, this.begin(node), specifier.end];
        const kind = clause?.isTypeOnly ? "type-only" : "import";
        const bindings = clause?.namedBindings;
        if (clause?.name) this.push(kind, module, "default", clause.name.text, start, end, this.begin(clause.name));
        if (bindings && ts.isNamespaceImport(bindings)) {
            this.push(kind, module, null, bindings.name.text, start, end, this.begin(specifier));
        } else if (bindings) {
            this.names(bindings.elements, null, clause.isTypeOnly, module, start, end);
        }
        if (!clause?.name && !(bindings && (ts.isNamespaceImport(bindings) || bindings.elements.length > 0))) {
            this.push(kind, module, null, null, start, end, this.begin(specifier));
        }
    }

    importTag(tag) {
        const before = this.rows.length;
        this.only = true;
        this.import(tag);
        this.only = false;
        for (const [, row] of this.rows.slice(before)) row[0] = "type-only";
        this.rows = this.rows.filter(([, row], at) => at < before || row[2] !== null || row[3] !== null);
    }

    export(node) {
        const clause = node.exportClause, specifier = node.moduleSpecifier;
        if (!specifier || !isText(specifier)) return;
        const [module, start, end] = [specifier.text, this.begin(node), specifier.end];
        if (!clause) {
            const star = node.getChildren(this.source).find((child) => child.kind === Kind.AsteriskToken);
            this.push("export", module, "*", null, start, end, this.begin(star));
        } else if (ts.isNamespaceExport(clause)) {
            this.push("export", module, null, clause.name.text, start, end, this.begin(specifier));
        } else if (clause.elements.length > 0) {
            this.names(clause.elements, "export", node.isTypeOnly, module, start, end);
        } else {
            this.push("export", module, null, null, start, end, this.begin(specifier));
        }
    }

    importEquals(node) {
        const reference = node.moduleReference;
        if (!ts.isExternalModuleReference(reference) || !isText(reference.expression)) return;
        const word = node.getChildren(this.source).find((child) => child.kind === Kind.ImportKeyword);
        const string = reference.expression;
        this.only = node.isTypeOnly;
        this.push("require", string.text, null, node.name.text, this.begin(word), reference.end, this.begin(string));
        this.only = false;
    }

    importType(node) {
        const literal = node.argument?.literal;
        if (!literal || !isText(literal)) return;
        let name = node.qualifier;
        while (name && ts.isQualifiedName(name)) name = name.left;
        const start = node.isTypeOf ? this.text.indexOf("import", this.begin(node) + 6) : this.begin(node);
        this.push("type-only", literal.text, name?.text, null, start, (name ?? literal).end, this.begin(name ?? literal));
    }

    call(node) {
        const callee = node.expression, argument = node.arguments?.[0];
        if (argument === undefined) return;
        const start = this.begin(node.kind === Kind.NewExpression ? callee : node);
        const plain = (kind, text) => this.push(kind, text.text, null, null, start, text.end, this.begin(text));
        const member = ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.name) ? callee.name.text : null;
        const calledBy = (node, name) => isName(node, name) || (ts.isPropertyAccessExpression(node) && isName(node.name, name));
        const named = () => this.named(node);
        if (node.kind === Kind.NewExpression && isName(callee, "URL")) return this.url(node);
        if (ts.isParenthesizedExpression(callee) && isName(callee.expression, "require")) {
            if (isText(argument)) this.bound("require", node, argument, named(), null);
        } else if (ts.isCallExpression(callee) && calledBy(callee.expression, "createRequire")) {
            if (isText(argument)) this.bound("require", node, argument, named(), null);
        } else if (calledBy(callee, "getBuiltinModule")) {
            if (isText(argument)) this.bound("require", node, argument, named(), null);
        } else if (member === "module" && calledBy(callee.expression, "mock")) {
            if (isText(argument)) plain("mock", argument);
        } else if (/^(context|ensure)$/.test(member) && isName(callee.expression, "require")) {
            this.listed("require", argument, plain);
        } else if (/^glob(Eager)?$/.test(member) && ts.isMetaProperty(callee.expression)) {
            this.listed("dynamic", argument, plain);
        } else if (callee.kind === Kind.ImportKeyword || (ts.isMetaProperty(callee) && callee.name.text === "defer")) {
            if (isText(argument) && !this.claimed.has(node)) this.dynamic(node, argument);
        } else if (isName(callee, "require")) {
            if (isText(argument)) this.bound("require", node, argument, this.named(node), null);
        } else if (member === "resolve" && (isName(callee.expression, "require"))) {
            if (isText(argument)) plain("require", argument);
        } else if (member === "resolve" && ts.isMetaProperty(callee.expression)) {
            if (isText(argument)) plain("dynamic", argument);
        } else if (MOCKS.has(member) && (isName(callee.expression, "jest") || isName(callee.expression, "vi"))) {
            const inner = ts.isCallExpression(argument) && argument.expression.kind === Kind.ImportKeyword ? argument : null;
            if (isText(argument)) plain("mock", argument);
            if (inner && isText(inner.arguments[0])) {
                plain("mock", inner.arguments[0]);
                this.claimed.add(inner);
            }
        }
    }

    /** `new URL("x", import.meta.url)` */
    url(node) {
        const [text, base] = node.arguments;
        const beside = base && node.arguments.length === 2 && ts.isPropertyAccessExpression(base) && ts.isMetaProperty(base.expression);
        if (!isText(text) || !beside || base.name.text !== "url") return;
        if (/(^|\/)\.{0,2}$/.test(text.text)) return;
        const module = /^[./#?]|^[a-z][a-z0-9+.-]+:/i.test(text.text) ? text.text : `./${text.text}`;
        this.push("dynamic", module, null, null, this.begin(node), node.end, this.begin(text));
    }

    /** A string, or a list that begins with strings. */
    listed(kind, argument, plain) {
        if (isText(argument)) plain(kind, argument);
        if (!ts.isArrayLiteralExpression(argument)) return;
        const end = argument.elements.findIndex((element) => !isText(element));
        const texts = end < 0 ? argument.elements : argument.elements.slice(0, end);
        for (const text of texts.filter(({ text }) => !text.startsWith("!"))) plain(kind, text);
    }

    /** The `.a` behind a call with one argument. */
    named(node) {
        const parent = node.parent;
        if (node.arguments.length > 1 || !ts.isPropertyAccessExpression(parent) || parent.expression !== node) return null;
        return ts.isIdentifier(parent.name) ? parent : null;
    }

    dynamic(node, argument) {
        const waits = node.parent;
        if (!ts.isAwaitExpression(waits)) {
            const start = this.begin(node);
            return this.push("dynamic", argument.text, null, null, start, argument.end, this.begin(argument));
        }
        const braced = waits.parent, taken = braced.parent;
        const named = ts.isParenthesizedExpression(braced) && ts.isPropertyAccessExpression(taken) && taken.expression === braced
            && ts.isIdentifier(taken.name);
        this.bound("dynamic", node, argument, named ? taken : null, named ? null : waits);
    }

    /** Rows of a call: for each name that is taken from it, or for itself. `waits`: the `await` before it. */
    bound(kind, node, argument, named, waits) {
        let value = named ?? waits ?? node;
        while (ts.isAsExpression(value.parent) || ts.isSatisfiesExpression(value.parent)) value = value.parent;
        const parent = value.parent;
        let target = null;
        if (ts.isBinaryExpression(parent)) {
            const assigns = parent.operatorToken.kind === Kind.EqualsToken && parent.right === value;
            target = assigns && !this.typed(parent.left) ? parent.left : null;
        } else if ("initializer" in parent && parent.initializer === value && parent.type === undefined) {
            target = ts.isPropertyAssignment(parent) ? null : parent.name;
        } else if (ts.isShorthandPropertyAssignment(parent) && parent.objectAssignmentInitializer === value) {
            target = parent.name;
        }
        let start = this.begin(node.kind === Kind.NewExpression ? node.expression : node);
        const entries = target && !named ? this.entries(target) : null;
        if (entries && entries.length > 0) {
            start = this.begin(target);
            const list = parent.parent;
            const first = ts.isVariableDeclaration(parent) && ts.isVariableDeclarationList(list) && list.declarations[0] === parent;
            if (first && /^(const|let|var)\b/.test(this.text.slice(this.begin(list)))) start = this.begin(list);
            for (const [, , , own] of entries) this.own.add(own);
            for (const [name, alias, span] of entries) this.push(kind, argument.text, name, alias, start, node.end, this.begin(span));
            return;
        }
        const alias = target && ts.isIdentifier(target) ? target.text : null;
        if (alias !== null) this.own.add(target);
        const span = named ? named.name : argument;
        this.push(kind, argument.text, named?.name.text, alias, start, span.end, this.begin(span));
    }

    /** Whether the text before an assignment's left side would make it a type. */
    typed(node) {
        return this.types && /[:|&<>]\s*$/.test(this.text.slice(Math.max(0, node.getFullStart() - 100), this.begin(node)));
    }

    /** Name, alias and place of each part of a pattern; null where it is none that can be read. */
    entries(target) {
        const found = [];
        const named = (name) => (ts.isIdentifier(name) || isText(name) ? name.text : null);
        const add = (key, value, span) => {
            if (named(key) === null) return false;
            found.push([named(key), value && ts.isIdentifier(value) ? value.text : null, span, value ?? key]);
            return true;
        };
        if (ts.isObjectBindingPattern(target)) {
            for (const element of target.elements) {
                if (element.dotDotDotToken) found.push([null, element.name.text, element.name, element.name]);
                else if (!add(element.propertyName ?? element.name, element.propertyName && element.name, element.propertyName ?? element.name)) return null;
            }
            return found;
        }
        if (!ts.isObjectLiteralExpression(target)) return null;
        for (const property of target.properties) {
            if (ts.isSpreadAssignment(property) && ts.isIdentifier(property.expression)) {
                found.push([null, property.expression.text, property.expression, property.expression]);
            } else if (ts.isShorthandPropertyAssignment(property)) {
                add(property.name, null, property.name);
            } else if (ts.isPropertyAssignment(property)) {
                let value = property.initializer;
                if (ts.isBinaryExpression(value) && value.operatorToken.kind === Kind.EqualsToken) value = value.left;
                if (!add(property.name, value, property.name)) return null;
            } else {
                return null;
            }
        }
        return found;
    }
}

const KINDS = { ts: ts.ScriptKind.TS, tsx: ts.ScriptKind.TSX };

function kindOf(name) {
    if (name.endsWith(".tsx")) return ts.ScriptKind.TSX;
    return /\.[mc]?ts$/.test(name) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
}

/** The scripts of a component: offset, text and kind of each; throws where its compiler takes it for broken. */
async function scripts(name, text) {
    if (name.endsWith(".vue")) {
        const { descriptor, errors } = load("@vue/compiler-sfc").parse(text, { sourceMap: false, ignoreEmpty: false });
        if (errors.length > 0) throw errors[0];
        const blocks = [descriptor.script, descriptor.scriptSetup].filter((block) => block && !block.src);
        return blocks.map((block) => [block.loc.start.offset, block.content, KINDS[block.lang] ?? ts.ScriptKind.JS]);
    }
    const found = [];
    if (name.endsWith(".svelte")) {
        let from = 0;
        await load("svelte/compiler").preprocess(text, {
            script: ({ content, attributes }) => {
                const at = text.indexOf(`>${content}</script`, from) + 1;
                from = at + content.length;
                found.push([at, content, attributes.lang === "ts" ? ts.ScriptKind.TS : ts.ScriptKind.JS]);
            },
        });
        return found;
    }
    const { parse } = load("@astrojs/compiler");
    const { ast, diagnostics } = await parse(text, { position: true });
    if (diagnostics.some((diagnostic) => diagnostic.severity === 1)) throw new Error("astro");
    const bytes = Buffer.from(text);
    const stack = [ast];
    while (stack.length > 0) {
        const node = stack.pop();
        if (node.type === "frontmatter") {
            found.push([text.indexOf("---") + 3, node.value, ts.ScriptKind.TS]);
        } else if (node.type === "element" && node.name === "script" && node.children.length > 0) {
            const start = bytes.subarray(0, node.position.start.offset).toString().length;
            const content = node.children.map((child) => child.value).join("");
            const data = node.attributes.some(({ name, value }) => name === "type" && /json|template|html/.test(value));
            if (!data) found.push([text.indexOf(content, start), content, ts.ScriptKind.TS]);
        }
        for (const child of node.children ?? []) stack.push(child);
    }
    return found.sort((a, b) => a[0] - b[0]);
}

async function rowsOf(name) {
    const text = decoded(readFileSync(name));
    const starts = lineStarts(text);
    let parts = [[0, text, kindOf(name)]];
    if (/\.(vue|svelte|astro)$/.test(name)) {
        try {
            parts = await scripts(name, text);
        } catch {
            return null;
        }
    }
    const rows = [];
    for (const [offset, content, kind] of parts) {
        const padded = offset > 0 ? text.slice(0, offset).replace(/[^\r\n]/g, " ") + content : content;
        const file = new File(/\.(vue|svelte|astro)$/.test(name) ? `${name}.ts` : name, padded, starts, kind);
        if (file.source.parseDiagnostics.length > 0) return null;
        const found = file.find();
        rows.push(...(process.argv.includes("--uses") ? file.uses() : found));
    }
    return rows;
}

for (const name of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    process.stdout.write(`${JSON.stringify({ path: name, rows: await rowsOf(name) })}\n`);
}
