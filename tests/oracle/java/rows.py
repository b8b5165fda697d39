"""The rows of Java files, as the JDK's compiler has them: Rows.java does the work, many files a process."""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ENDINGS = ["java"]
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
        path, kind, module, name, *lines = cells
        first, name_line, last = map(int, lines)
        found[path].append((first, last, [kind, module, name or None, None, 0, first, name_line]))
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
    """For each import of a file: its path, whether it has a star, and whether it is static."""
    def bound(kind, module, name):
        star = name == "*"
        return module if star or not name else f"{module}.{name}", star, kind == "static"

    found = without_lines(run(paths, "bound"))
    return {path: [bound(*row[:3]) for row in rows] if rows is not None else None for path, rows in found.items()}
