"""The rows of Kotlin files, as the compiler of Kotlin has them: Rows.java does the work, many files a process."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "shared"))

import printed  # noqa: E402

ENDINGS = ["kt", "kts"]
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
    """For each import of a file: its path, whether it has a star, and the name that it binds."""
    def bound(module, name, alias):
        return module, name == "*", None if name else alias or module.rsplit(".", 1)[-1]

    return {path: [bound(*row[1:4]) for row in rows] if rows is not None else None for path, rows in rows_of_all(paths).items()}
