"""The rows of Kotlin files, as the compiler of Kotlin has them: Rows.java does the work, many files a process."""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ENDINGS = ["kt", "kts"]
QUOTES = "'\""
BATCH = 1000


def run(paths, *arguments):
    command = [os.environ.get("JAVA", "java"), "-Xss64m", "-cp", os.environ["IMPORTGATE_ROWS"], "Rows", *arguments]
    text = "".join(f"{path}\n" for path in paths)
    out = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
    found = {path: None for path in paths}
    for line in out.split("\n"):
        cells = line.rstrip("\r").split("\t")
        if len(cells) == 1:
            if cells[0]:
                found[cells[0]] = []
            continue
        path, kind, module, name, alias, *lines = cells
        first, name_line, last = map(int, lines)
        found[path].append((first, last, [kind, module, name or None, alias or None, 0, first, name_line]))
    return found


def without_lines(found):
    return {path: rows and [row for *_, row in rows] if rows is not None else None for path, rows in found.items()}


def rows_of_all(paths):
    return without_lines(run(paths))


def statements_of_all(paths):
    return run(paths)


def uses_of_all(paths):
    return without_lines(run(paths, "uses"))


def bound_of_all(paths):
    """For each import of a file: its path, whether it has a star, and the name that it binds."""
    def bound(module, name, alias):
        return module, name == "*", None if name else alias or module.rsplit(".", 1)[-1]

    return {path: [bound(*row[1:4]) for row in rows] if rows is not None else None for path, rows in rows_of_all(paths).items()}
