"""The rows of C# files by tree-sitter's grammar: an oracle for tests/oracle/shared."""
import bisect
import re
import unicodedata

import grammar

ENDINGS = ["cs", "csx"]
CSHARP = grammar.load("tree_sitter_c_sharp")
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
LINE_END = re.compile(rb"\r\n|\n|\r")
NAMES = {"identifier", "qualified_name", "generic_name", "alias_qualified_name"}


class Places:
    def __init__(self, blob):
        self.ends = [match.end() for match in LINE_END.finditer(blob)]

    def line(self, offset):
        return bisect.bisect_right(self.ends, offset) + 1


def plain(identifier):
    """An identifier as C# compares it: escapes read, formatting characters left out."""
    name = ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), grammar.text(identifier).removeprefix("@"))
    return "".join(sign for sign in name if unicodedata.category(sign) != "Cf")


def path(node):
    """The dotted name of a name's node, without type arguments and without the alias of an assembly."""
    if node.type == "identifier":
        return [plain(node)]
    if node.type == "generic_name":
        return [plain(node.named_children[0])]
    if node.type == "alias_qualified_name":
        return path(node.child_by_field_name("name"))
    return path(node.child_by_field_name("qualifier")) + path(node.child_by_field_name("name"))


def first(node):
    """The first identifier of a name that counts."""
    if node.type == "alias_qualified_name":
        return first(node.child_by_field_name("name"))
    if node.type == "qualified_name":
        return first(node.child_by_field_name("qualifier"))
    return node


def names(node):
    """The outermost names of types in a node, and those in their arguments."""
    found, left = [], [node]
    while left:
        node = left.pop()
        if node.type in NAMES:
            if grammar.text(node) != "dynamic":
                found.append(node)
            # arguments anywhere within the name
            inner = [node]
            while inner:
                part = inner.pop()
                for child in part.children:
                    (left if child.type == "type_argument_list" else inner).append(child)
        elif node.type == "tuple_element":
            left.append(node.child_by_field_name("type"))
        elif node.type not in ("calling_convention", "function_pointer_calling_convention"):
            left.extend(node.named_children)
    return sorted(found, key=lambda node: node.start_byte)


def directive(node, places):
    alias = node.child_by_field_name("name")
    target = next((child for child in reversed(node.named_children) if child.type != "comment" and child != alias), None)
    if target is None:
        return []
    inner = target
    # `A?`, `A[]` and `A*` are of the type that they hold
    while inner.type in ("array_type", "nullable_type", "pointer_type"):
        inner = inner.child_by_field_name("type") or inner.named_children[0]
    rows = []
    for name in names(target):
        own = name == inner
        star = "*" if own and alias is None else None
        local = plain(alias) if own and alias is not None else None
        start = places.line(node.start_byte)
        rows.append(["import", ".".join(path(name)), star, local, 0, start, places.line(first(name).start_byte)])
    return rows


def read(blob):
    root = grammar.tree(CSHARP, blob)
    if root is None:
        return None
    places = Places(blob)
    nodes = [node for node in grammar.walk(root, skip={"using_directive", "block"}) if node.type == "using_directive"]
    return [(places.line(node.start_byte), places.line(node.end_byte - 1), row)
            for node in nodes for row in directive(node, places)]


def rows_of(path, blob):
    found = read(blob)
    return found and [row for *_, row in found] if found is not None else None


def statements_of(path, blob):
    return read(blob)
