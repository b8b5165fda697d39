#!/usr/bin/env python3
"""Checks what importgate writes instead of Kotlin's imports with Kotlin's own compiler: see ../shared/rewritten.py.

    rewrites.py [--binary FILE] [--files N] [--show N] FOLDER…
"""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))

import rewritten  # noqa: E402
import rows as oracle  # noqa: E402

MOVED = {
    # packages, with all that is in them
    "org.jetbrains.kotlin": "com.acme.tongue", "com.intellij": "com.acme.in.ide", "java.util": "tools", "org.junit": "org.example.check",
    "kotlin.coroutines": "com.acme.as.is", "com.facebook.react.bridge": "bridge.native",
    # classes and members: the same last name, another, one without a package, a nested one, a word of the language
    "java.util.List": "com.acme.Sequence", "java.util.Map": "com.acme.Outer.Table", "java.util.Map.Entry": "com.acme.Pair",
    "java.io.File": "com.acme.File", "java.io": "Io", "java.lang.reflect.Method": "com.acme.ReflectMethod",
    "java.lang.reflect.Array": "com.acme.object", "org.jetbrains.kotlin.psi.psiUtil.parents": "com.acme.Tree.above",
    "java.lang.Math": "Mathematics", "java.net.URL": "straße.Größe", "java.net.URI": "адрес.Ссылка",
    "org.jetbrains.kotlin.codegen.when": "com.acme.in.when",
}
ODD = [
    "import java /* .List */ . util . List",
    "import java.util\n    .List // as Map",
    "import java.util.List\n    as Map",
    "import java.util.List as Sequence",
    "import java.util.List as `object`",
    "import java.util.List as `a list`",
    "import java.lang.reflect.Array as `object`",
    "import java.util.Map.Entry as E;",
    "import java.util.Map.*;",
    "import java.util.Map.Entry.*",
    "import java.`util`.`Map`.`Entry`",
    "import java.util.`in`.`is`.`List`",
    "import java.util.`in`.*",
    "import java.util.`a b`.`c-d`",
    "import java.util.`a–b`.`€` as `…`",
    "import java.util.`Outer$Inner`",
    "import java.util.`1st`",
    "import java.util.straße.Größe",
    "import java.util.имя.名前",
    "import java.util.`कि`",
    "import java.util.import.as_.get",
    "import java.util.value.data.open as inner",
]


def wanted(row, path):
    _, star, local = row
    return path, star, local


if __name__ == "__main__":
    rewritten.Check("kotlin", "kt", MOVED, ODD, oracle.bound_of_all, wanted).main(oracle)
