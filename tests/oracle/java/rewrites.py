#!/usr/bin/env python3
"""Checks what importgate writes instead of Java's imports with the JDK's compiler: see ../shared/rewritten.py.

    rewrites.py [--binary FILE] [--files N] [--show N] FOLDER…
"""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))

import rewritten  # noqa: E402
import rows as oracle  # noqa: E402

MOVED = {
    # packages, with all that is in them
    "java.util": "com.acme.tools", "java.io": "io", "com.google.common": "org.example.common", "org.junit": "org.example.check",
    "sun": "com.acme.inner.sun", "com.facebook.react.bridge": "bridge.native_",
    "com.sun": "org.example.star", "java.lang": "com.acme.tongue", "java.security": "safe", "javax": "jakarta", "jdk": "com.acme.kit",
    # classes: to a package's, to a nested one, a nested one to a package's, members and nested classes kept
    "java.util.List": "com.acme.Sequence", "java.util.Map": "com.acme.Outer.Table", "java.util.Map.Entry": "com.acme.Pair",
    "java.io.IOException": "com.acme.Outer$Failure", "java.awt.event.ActionEvent": "straße.Ereignis",
    # members
    "java.util.stream.Collectors.toList": "com.acme.Lists.collected", "java.util.Objects.requireNonNull": "com.acme.Objects.checked",
    # to what no import can name: a class without a package, a word of the language
    "java.net": "net", "java.net.URL": "Url", "java.nio.charset.StandardCharsets": "Charsets", "java.awt.image": "com.acme.native.image",
}
ODD = [
    "import java . util /* .List */ . List ;",
    "import java.util // .List;\n    .Map\n    .Entry;",
    "import/**/static/**/java.util.Map.Entry.*;",
    "import static\njava.util.Map.*;",
    "import static java.util.Map.Entry;",
    "import static java.util.stream.Collectors.toList;",
    "import static java.util.stream.Collectors.toList.*;",
    "\\u0069mport java.\\u0075til.List;",
    "import st\\u0061tic java.util.Map.*;",
    "import \\u0073tatic java.util.Map.Entry.comparingByKey\\u003b",
    "import java\\u002eutil\\uuu002e*;",
    "import java.util.stra\\u00dfe.List;",
    "import java.ut\u00adil.straße.$List$;",
    "import java.util.module.sealed.record;",
    "import static java.net.URL.*;",
    "import java.net.URL.*;",
    "import static java.net.URL.open;",
    "import static java.nio.charset.StandardCharsets.*;",
    "import java.awt.image.Kernel;",
]
KEYWORDS = {"native"}


def wanted(row, path):
    _, star, static = row
    segments = path.split(".")
    return None if KEYWORDS & set(segments) or (len(segments) == 1 and not star) else (path, star, static)


if __name__ == "__main__":
    rewritten.Check("java", "java", MOVED, ODD, oracle.bound_of_all, wanted).main(oracle)
