"""Trees of tree-sitter, for oracles: run these with the interpreter that `grammars` of fetch.sh prints.

    import grammar
    SCALA = grammar.load("tree_sitter_scala")

    def rows_of(path, blob):
        root = grammar.tree(SCALA, blob)
        if root is None:
            return None
        for node in grammar.walk(root, skip={"block_comment"}):
            if node.type == "import_declaration": …
"""
import importlib


def load(package, language="language"):
    """A parser of the wheel's grammar; `language` names it where a wheel has several (`language_php`)."""
    from tree_sitter import Language, Parser

    return Parser(Language(getattr(importlib.import_module(package), language)()))


def tree(parser, blob):
    """The root of the tree, or `None` where the grammar does not take the whole text."""
    root = parser.parse(blob).root_node
    return None if root.has_error else root


def walk(root, skip=frozenset()):
    """The nodes beneath `root` in the order of the text, itself first; nothing beneath those of the types in `skip`."""
    cursor = root.walk()
    while True:
        node = cursor.node
        yield node
        if node.type not in skip and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def text(node):
    return node.text.decode("utf-8", "replace")


def line(node):
    """The line that the node starts on, from 1. tree-sitter counts `\\n` alone; see to lone `\\r` yourself."""
    return node.start_point[0] + 1


def last_line(node):
    """The line of the node's last byte, from 1."""
    row, column = node.end_point
    return row + 1 if column else row


def child(node, *types):
    """The first child of one of these types, or `None`."""
    return next((child for child in node.children if child.type in types), None)
