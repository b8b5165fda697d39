"""Writes a repository of N Python modules in one folder, for `git fast-import`."""

import sys

out = sys.stdout.buffer


def data(content: str) -> None:
    raw = content.encode()
    out.write(b"data %d\n%s\n" % (len(raw), raw))


count = int(sys.argv[1])
out.write(b"commit refs/heads/main\ncommitter b <b@example.org> 1700000000 +0000\n")
data("generated")
for number in range(count):
    out.write(b"M 100644 inline src/module_%05d.py\n" % number)
    lines = [f"import os\nfrom app.part_{number % 97} import Part\nfrom app.kind_{number % 89} import name_{number}\n"]
    lines += [f"\n\ndef f{line}(x):\n    return x + {line * number}\n" for line in range(20)]
    data("".join(lines))
