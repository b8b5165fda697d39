"""The steps of .ci/run, in the order of their lanes.

A row with `inputs` is run by its stamp (see stamps.py). To add a fuzz target: a row in FUZZ with what it reads; an oracle is
found by its folder under tests/oracle, and OWN_INPUTS says what it reads beside its language.
"""
import dataclasses
import glob
import os

from lanes import Step

MAX_PROGRAM_BYTES = 8_000_000
# Files per language; without it the oracles take all, which is what docs/languages.md counts.
ORACLE_FILES = "24000"

RELEASE = "target/release/importgate"
# Code that all scanners depend on; its tests are run by cargo.
SHARED_CODE = ("src/lang/*.rs", "!src/lang/testing.rs", "src/kind.rs", "src/notation.rs", "src/text.rs", "src/tree.rs",
               "src/words.rs")
IMPORTS_COMMAND = ("src/cli/imports.rs",)
JVM = ("src/lang/jvm/", "!src/lang/jvm/**/tests/*.rs")
# What manifests are made of is held once for all files that share them.
HELD = ("src/held.rs",)
OWN_INPUTS = {"go": HELD, "java": JVM, "javascript": HELD, "kotlin": JVM, "scala": JVM}
# The longest oracles come first; those that need most of the disk are apart from each other.
ORDER = ("javascript", "python", "rust", "javascript-resolution", "c", "java", "go", "kotlin", "csharp")


def scanner(language):
    own = OWN_INPUTS.get(language, ())
    cases = (f"tests/cases/{language}/", f"!tests/cases/{language}/commits*.txt")
    return (*SHARED_CODE, f"src/lang/{language}/", f"!src/lang/{language}/**/tests/*.rs", f"!src/lang/{language}/**/tests.rs", *cases, *own)


def oracles(top, scratch, kept):
    """A step for each folder under tests/oracle, and one that fetches its packages in a lane beside."""
    names = [os.path.basename(os.path.dirname(path)) for path in sorted(glob.glob(os.path.join(top, "tests/oracle/*/run")))]
    names.sort(key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    steps = []
    for name in names:
        folder = kept or os.path.join(scratch, name)
        language = name.partition("-")[0]
        inputs = (*scanner(language), *IMPORTS_COMMAND, "tests/oracle/shared/", f"tests/oracle/{name}/")
        env = {"IMPORTGATE": os.path.join(top, RELEASE), "ORACLE_APT": kept or os.path.join(scratch, "apt")}
        if name != "python":
            env["ORACLE_FILES"] = ORACLE_FILES
        run = ("bash", f"tests/oracle/{name}/run")
        steps.append(Step(f"fetch:{name}", (*run, "--fetch", folder), lane="fetch", env=env))
        steps.append(Step(f"oracle:{name}", (*run, folder), needs=("release build", f"fetch:{name}"), inputs=inputs, env=env,
                          scratch="" if kept else folder))
    return steps


def one_ahead(planned):
    """The steps, so that an oracle's packages come when the one before the last has ended: the disk is bounded."""
    oracles = [step.name.removeprefix("fetch:") for step in planned if step.name.startswith("fetch:")]
    waits = {f"fetch:{name}": (f"oracle:{oracles[at - 2]}",) for at, name in enumerate(oracles) if at >= 2}
    return [dataclasses.replace(step, after=waits.get(step.name, step.after)) for step in planned]


def fuzz_targets(top):
    """A step for each scanner, and for each further row of FUZZ."""
    languages = [os.path.basename(os.path.dirname(path)) for path in sorted(glob.glob(os.path.join(top, "src/lang/*/mod.rs")))]
    targets = {language: scanner(language) for language in languages if language != "jvm"} | FUZZ
    return [Step(f"fuzz:{name}", ("fuzz/run", "--smoke", name), lane="side", inputs=(*inputs, "fuzz/"))
            for name, inputs in targets.items()]


INDEX_READER = ("src/git/index/", "!src/git/index/**/tests.rs", "!src/git/index/testing.rs", "src/git/file.rs")
PACK_READER = ("src/git/odb/", "src/git/file.rs")
# Sources read by the targets that are no scanners.
FUZZ = {
    "index": INDEX_READER,
    "cache-tree": INDEX_READER,
    "pack-index": PACK_READER,
    "pack-entry": PACK_READER,
    "delta-chain": PACK_READER,
}


def shell(script, *arguments):
    return ("bash", "-euc", script, "bash", *arguments)


def smaller(path):
    """Pages that are touched are most of a hook's time: the program must stay small."""
    script = 'size=$(wc -c <"$1"); echo "$1: $size bytes of $2 at most"; [ "$size" -lt "$2" ]'
    return shell(script, path, str(MAX_PROGRAM_BYTES))


def quick():
    return [
        Step("format", ("cargo", "fmt", "--check")),
        Step("ci's own tests", ("python3", "-m", "unittest", "discover", "--quiet", "--start-directory", ".ci")),
        Step("lints", ("cargo", "clippy", "--locked", "--all-targets", "--", "-D", "warnings")),
        Step("tests", ("cargo", "test", "--locked")),
        # Built by cargo test.
        Step("importgate on importgate", ("target/debug/importgate", "check", "--all"), needs=("tests",)),
    ]


def full(top, host, scratch, kept):
    """All steps. `scratch` is a folder for what is fetched, `kept` one that keeps it."""
    static = f"target/{host}/release/importgate"
    managers = os.path.join(kept or scratch, "hook-managers")
    root = os.geteuid() == 0
    servers = ("tests/servers/run", "--install", static)
    without_root = ("echo", "NOT RUN: it makes users, so it needs root")
    return [
        *quick(),
        Step("docs", ("cargo", "doc", "--locked", "--no-deps", "--lib", "--document-private-items"), env={"RUSTDOCFLAGS": "-D warnings"}),
        Step("shell scripts", shell(
            # Files that begin with a shebang of sh or bash.
            'git grep -lE "^#!.*[/ ](ba)?sh$" | while read -r script; do\n'
            '    case $(head -n 1 "$script") in *bash) bash -n "$script" ;; *sh) sh -n "$script" ;; esac; done\n'
            'for script in $(git ls-files "*.sh"); do bash -n "$script"; done')),
        Step("dependencies", ("bash", ".ci/deny"), lane="fetch"),
        Step("hook managers", ("tests/hook-managers/run", "--fetch", managers), lane="fetch"),
        Step("server packages", ("tests/servers/run", "--packages") if root else without_root, lane="fetch"),
        Step("release build", ("cargo", "build", "--release", "--locked"), lane="side"),
        Step("size", smaller(RELEASE), lane="side", needs=("release build",)),
        Step("oracle: rewritten statements of Python", ("python3", "tests/oracle/python/rewrites.py")),
        *oracles(top, scratch, kept),
        # Builds the static program.
        Step("demo", ("./install.sh", "--demo"), lane="side"),
        Step("size of the static program", smaller(static), lane="side", needs=("demo",)),
        Step("servers", servers if root else without_root, lane="side", needs=("demo", "server packages")),
        Step("versions beside each other", ("tests/servers/skew", RELEASE), lane="side", needs=("release build",)),
        Step("beside hook managers", ("tests/hook-managers/run", managers, static), lane="side", needs=("demo", "hook managers"),
             scratch="" if kept else managers),
        *fuzz_targets(top),
    ]
