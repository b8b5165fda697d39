"""The rows of Scala files, as scalameta's parser has them: rows.js does the work, many files a process."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "shared"))

import printed  # noqa: E402

ENDINGS = ["scala"]
QUOTES = "'\""
BATCH = 300
COMMAND = ["node", "--stack-size=50000", os.path.join(HERE, "rows.js")]


def rows_of_all(paths):
    return printed.without_lines(statements_of_all(paths))


def statements_of_all(paths):
    return printed.rows(COMMAND, paths)
