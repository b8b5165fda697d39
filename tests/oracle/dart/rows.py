"""Dart's rows by tree-sitter-dart. Run with the interpreter that `grammars` of ../shared/fetch.sh prints."""
import ast

import grammar

ENDINGS = ["dart"]
DART = grammar.load("tree_sitter_dart")
FORMS = {"library_import": "import", "library_export": "export", "part_directive": "include"}


def literal(node):
    """The text of string literals behind each other: Dart's escapes without interpolation are those of Python."""
    text, parts = grammar.text(node), []
    while text := text.strip():
        for quote in ("'''", '"""', "'", '"'):
            raw = text.startswith("r" + quote)
            if raw or text.startswith(quote):
                start = len(quote) + raw
                end = start
                while not text.startswith(quote, end):
                    end += 1 if raw or text[end] != "\\" else 2
                content = text[start:end]
                parts.append(content if raw else unescaped(content))
                text = text[end + len(quote):]
                break
        else:
            raise ValueError(text)
    return "".join(parts)


def unescaped(content):
    at, text = 0, ""
    while at < len(content):
        if content[at] != "\\":
            text += content[at]
            at += 1
        elif content[at + 1] == "u" and content[at + 2] == "{":
            end = content.index("}", at)
            text += chr(int(content[at + 3 : end], 16))
            at = end + 1
        elif content[at + 1] in "xu":
            length = 2 if content[at + 1] == "x" else 4
            text += chr(int(content[at + 2 : at + 2 + length], 16))
            at += 2 + length
        else:
            escape = content[at + 1]
            text += ast.literal_eval(f"'\\{escape}'") if escape in "nrtbfv" else escape
            at += 2
    return text


def parsed(blob):
    root = grammar.tree(DART, blob)
    if root is None or b"\r" in blob.replace(b"\r\n", b""):
        yield None
        return
    for node in grammar.walk(root):
        form = FORMS.get(node.type)
        if form is None:
            continue
        uris = [part for part in grammar.walk(node, skip={"uri"}) if part.type == "uri"]
        specification = grammar.child(node, "import_specification") or node
        prefix, shown, deferred = None, [], False
        for child in specification.children:
            if child.type == "identifier":
                prefix = grammar.text(child)
            if child.type == "combinator" and child.children[0].type == "show":
                shown += [part for part in child.children if part.type == "identifier"]
        # annotations stand before the keyword
        keyword = next(part for part in grammar.walk(node) if part.type in ("import", "export", "part"))
        line, last = grammar.line(keyword), grammar.last_line(node)
        for uri in uris:
            module = literal(uri)
            if shown:
                for name in shown:
                    yield [form, module, grammar.text(name), prefix, 0, line, grammar.line(name)], last
            else:
                name = None if prefix or form == "include" else "*"
                yield [form, module, name, prefix, 0, line, grammar.line(uri)], last


def rows_of(path, blob):
    found = list(parsed(blob))
    return None if None in found else [row for row, _ in found]


def statements_of(path, blob):
    found = list(parsed(blob))
    return None if None in found else [(row[5], last, row) for row, last in found]
