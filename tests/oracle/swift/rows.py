"""Swift's rows by tree-sitter-swift. Run with the interpreter that `grammars` of ../shared/fetch.sh prints."""
import grammar

ENDINGS = ["swift"]
SWIFT = grammar.load("tree_sitter_swift")
KINDS = ("typealias", "struct", "class", "enum", "protocol", "let", "var", "func")


def parsed(blob):
    if b"\r" in blob.replace(b"\r\n", b""):
        return
    root = grammar.tree(SWIFT, blob)
    if root is None:
        yield None
        return
    for node in grammar.walk(root):
        if node.type == "import_declaration":
            path = grammar.child(node, "identifier")
            names = [grammar.text(part).strip("`") for part in path.children if part.type != "."]
            scoped = grammar.child(node, *KINDS) is not None and len(names) > 1
            name = names.pop() if scoped else None
            modifiers = grammar.child(node, "modifiers")
            exported = modifiers is not None and b"@_exported" in modifiers.text
            kind = "export" if exported else "import"
            yield [kind, ".".join(names), name, None, 0, grammar.line(node), grammar.line(path)], grammar.last_line(node)


def rows_of(path, blob):
    found = list(parsed(blob))
    return None if None in found else [row for row, _ in found]


def statements_of(path, blob):
    found = list(parsed(blob))
    return None if None in found else [(row[5], last, row) for row, last in found]
