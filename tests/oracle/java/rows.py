"""The rows of Java files, as the JDK's compiler has them: Rows.java does the work, many files a process."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "shared"))

import printed  # noqa: E402

ENDINGS = ["java"]
QUOTES = "'\""
BATCH = 1000
COMMAND = [os.environ.get("JAVA", "java"), "-Xss64m", "-cp", os.environ["IMPORTGATE_ROWS"], "Rows"]


def rows_of_all(paths):
    return printed.without_lines(statements_of_all(paths))


def statements_of_all(paths):
    return printed.rows(COMMAND, paths)


def uses_of_all(paths):
    return printed.without_lines(printed.rows([*COMMAND, "uses"], paths))


def bound_of_all(paths):
    """For each import of a file: its path, whether it has a star, and whether it is static."""
    def bound(kind, module, name):
        star = name == "*"
        return module if star or not name else f"{module}.{name}", star, kind == "static"

    found = printed.without_lines(printed.rows([*COMMAND, "bound"], paths))
    return {path: [bound(*row[:3]) for row in rows] if rows is not None else None for path, rows in found.items()}
