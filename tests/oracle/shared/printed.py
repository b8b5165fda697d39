"""What oracles in other programs print, as rows: for each file its path alone, then a line of cells for each row."""
import subprocess


def rows(command, paths):
    """For each path, `(first line, last line, row)` of each statement's name; `None` for a file that was not printed.

    The command gets the paths on its standard input. Its cells, parted by tabs, are path, kind, module, name, alias (which
    may be left out), line, line of the name, last line.
    """
    text = "".join(f"{path}\n" for path in paths)
    out = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
    found = {path: None for path in paths}
    for line in out.split("\n"):
        cells = line.rstrip("\r").split("\t")
        if len(cells) == 1:
            if cells[0]:
                found[cells[0]] = []
            continue
        path, kind, module, name, *alias, first, name_line, last = cells
        first, name_line, last = int(first), int(name_line), int(last)
        alias = alias[0] if alias else None
        found[path].append((first, last, [kind, module, name or None, alias or None, 0, first, name_line]))
    return found


def without_lines(found):
    return {path: rows and [row for *_, row in rows] if rows is not None else None for path, rows in found.items()}
