"""Which changes make a slow step run. `.ci/run quick` runs this."""
import os
import subprocess
import tempfile
import unittest

import main
import stamps
import steps

TOP = main.TOP


class Repository(unittest.TestCase):
    """A repository of a few files."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = folder.name
        subprocess.run(["git", "init", "--quiet", self.top], check=True)
        self.write("src/lang/go/mod.rs", "fn scan() {}\n")
        self.write("src/lang/lex.rs", "fn step() {}\n")
        self.write("src/lang/go/tests/cases.txt", "=== a\n")
        self.write("src/lang/go/tests/unit.rs", "fn test() {}\n")

    def write(self, path, text):
        path = os.path.join(self.top, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def digest(self, *globs):
        return stamps.digest(self.top, stamps.files(self.top), globs)

    def chosen(self, *globs):
        return stamps.chosen(stamps.files(self.top), globs)


class Inputs(Repository):
    GO = ("src/lang/*.rs", "src/lang/go/", "!src/lang/go/**/tests/*.rs")

    def test_globs_choose(self):
        self.assertEqual(self.chosen(*self.GO), ["src/lang/go/mod.rs", "src/lang/go/tests/cases.txt", "src/lang/lex.rs"])
        self.assertEqual(self.chosen("src/**/mod.rs"), ["src/lang/go/mod.rs"])
        self.assertEqual(self.chosen("src/lang/go/**/mod.rs"), ["src/lang/go/mod.rs"])

    def test_a_star_stays_in_its_folder(self):
        self.assertEqual(self.chosen("src/lang/*.rs"), ["src/lang/lex.rs"])

    def test_a_glob_that_names_nothing_is_a_mistake(self):
        for glob in ("src/lang/gone.rs", "src/lang/g", "src/lang/gone/"):
            with self.assertRaises(SystemExit):
                self.chosen("src/", glob)
        self.assertEqual(self.chosen("src/lang/*.rs", "!src/lang/gone/"), ["src/lang/lex.rs"])

    def test_what_is_read_counts(self):
        before = self.digest(*self.GO)
        self.assertEqual(self.digest(*self.GO), before)
        for path in ("src/lang/go/mod.rs", "src/lang/lex.rs", "src/lang/go/tests/cases.txt", "src/lang/go/new.rs"):
            self.write(path, f"fn changed() {{}} // {path}\n")
            after = self.digest(*self.GO)
            self.assertNotEqual(after, before, path)
            before = after

    def test_a_new_name_counts(self):
        before = self.digest(*self.GO)
        os.rename(os.path.join(self.top, "src/lang/lex.rs"), os.path.join(self.top, "src/lang/steps.rs"))
        self.assertNotEqual(self.digest(*self.GO), before)

    def test_a_deleted_file_counts(self):
        subprocess.run(["git", "-C", self.top, "add", "."], check=True)
        before = self.digest(*self.GO)
        os.remove(os.path.join(self.top, "src/lang/go/tests/cases.txt"))
        self.assertNotEqual(self.digest(*self.GO), before)

    def test_what_is_not_read_does_not_count(self):
        before = self.digest(*self.GO)
        self.write("src/lang/rust/mod.rs", "fn other() {}\n")
        self.write("src/lang/go/tests/unit.rs", "fn other() {}\n")
        self.write(".gitignore", "*.log\n")
        self.write("src/lang/go/x.log", "log\n")
        self.assertEqual(self.digest(*self.GO), before)

    def test_committing_does_not_count(self):
        before = self.digest(*self.GO)
        subprocess.run(["git", "-C", self.top, "add", "."], check=True)
        self.assertEqual(self.digest(*self.GO), before)

    def test_words_of_comments_do_not_count(self):
        before = self.digest(*self.GO)
        self.write("src/lang/go/mod.rs", "//! Go.\nfn scan() {}\n    // a remark\n")
        self.assertEqual(self.digest(*self.GO), before)
        self.write("src/lang/go/tests/cases.txt", "=== a\n// of the case\n")
        self.assertNotEqual(self.digest(*self.GO), before)


class Due(unittest.TestCase):
    NOW = {name: "1" for name in "abcdefgh"}

    def runs(self, stamped, turn=0):
        return [step for step, (runs, _) in stamps.due(self.NOW, stamped, turn).items() if runs]

    def test_without_stamps_all_run(self):
        self.assertEqual(sorted(self.runs({})), list("abcdefgh"))

    def test_changed_ones_run_and_three_others(self):
        reasons = stamps.due(self.NOW, {**self.NOW, "e": "0"}, 0)
        self.assertEqual(reasons["e"], (True, "inputs changed since its stamp"))
        self.assertEqual([step for step, (_, reason) in reasons.items() if reason == stamps.TURN], list("abc"))
        self.assertEqual(sum(runs for runs, _ in reasons.values()), 4)

    def test_each_has_its_turn(self):
        seen = [self.runs(self.NOW, turn) for turn in range(8)]
        self.assertTrue(all(len(steps) == stamps.TURNS for steps in seen))
        self.assertEqual(set().union(*seen[:3]), set("abcdefgh"))
        self.assertEqual(self.runs(self.NOW, 5), self.runs(self.NOW, 13))

    def test_fewer_than_three_others(self):
        self.assertEqual(sorted(self.runs({"a": "1"})), list("abcdefgh"))
        self.assertEqual(stamps.due({}, {}, 7), {})


class Table(unittest.TestCase):
    def test_what_is_written_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "stamps")
            self.assertEqual(stamps.read(path), {})
            stamps.write(path, {"oracle:b": "2", "fuzz:a": "1"})
            self.assertEqual(stamps.read(path), {"oracle:b": "2", "fuzz:a": "1"})

    def test_steps_and_their_inputs_are_there(self):
        every = steps.full(TOP, "host", "/scratch", None)
        paths = stamps.files(TOP)
        names = [step.name for step in every]
        self.assertEqual(len(names), len(set(names)))
        for step in every:
            self.assertLessEqual({*step.needs, *step.after}, set(names), step.name)
            if step.inputs:
                self.assertTrue(stamps.chosen(paths, step.inputs), step.name)
        self.assertIn("oracle:go", names)
        self.assertIn("fuzz:java", names)

    def test_one_oracle_is_fetched_ahead(self):
        every = steps.full(TOP, "host", "/scratch", None)
        planned = steps.one_ahead([step for step in every if step.name.split(":")[-1] in ("c", "go", "php")])
        waits = {step.name: step.after for step in planned if step.lane == "fetch"}
        self.assertEqual(waits, {"fetch:c": (), "fetch:go": (), "fetch:php": ("oracle:c",)})


if __name__ == "__main__":
    unittest.main()
