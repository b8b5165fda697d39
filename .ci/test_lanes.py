"""How steps run in lanes. `.ci/run quick` runs this."""
import contextlib
import io
import os
import tempfile
import unittest

import lanes
import main
from lanes import Step


class Lanes(unittest.TestCase):
    def run_steps(self, steps, **options):
        with tempfile.TemporaryDirectory() as folder:
            out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
            run = lanes.Run(folder, folder, **options)
            with contextlib.redirect_stdout(out):
                run.all(steps)
                status = main.report(run, steps, None)
            out.seek(0)
            return {name: result.status for name, result in run.results.items()}, status, out.read()

    def test_steps_pass(self):
        results, status, out = self.run_steps([Step("a", ("echo", "hello")), Step("b", ("true",), needs=("a",))])
        self.assertEqual((results, status), ({"a": "passed", "b": "passed"}, 0))
        self.assertIn("hello", out)

    def test_a_failure_in_a_lane_beside_ends_the_run_with_its_log(self):
        steps = [Step("long", ("sleep", "600")), Step("after", ("true",)), Step("bad", ("sh", "-c", "echo why; exit 3"), lane="side")]
        results, status, out = self.run_steps(steps)
        self.assertEqual((results, status), ({"bad": "failed", "long": "stopped", "after": "left out"}, 1))
        self.assertIn("why", out)

    def test_going_on_leaves_out_what_needs_the_failed_one(self):
        steps = [Step("bad", ("false",)), Step("needs it", ("true",), needs=("bad",)), Step("waits for it", ("true",), after=("bad",))]
        results, status, _ = self.run_steps(steps, keep_going=True)
        self.assertEqual((results, status), ({"bad": "failed", "needs it": "left out", "waits for it": "passed"}, 1))

    def test_a_step_waits_for_another_lane(self):
        steps = [Step("reads", ("cat", "made"), needs=("makes",)), Step("makes", ("sh", "-c", "echo 7 >made"), lane="side")]
        results, status, _ = self.run_steps(steps)
        self.assertEqual((results, status), ({"makes": "passed", "reads": "passed"}, 0))

    def test_the_time_is_over(self):
        results, status, out = self.run_steps([Step("long", ("sleep", "600"))], seconds=0.01)
        self.assertEqual((results, status), ({"long": "stopped"}, 1))
        self.assertIn("the time is over", out)

    def test_only_what_passed_is_told(self):
        passed = []
        self.run_steps([Step("good", ("true",)), Step("bad", ("false",))], on_pass=lambda step: passed.append(step.name))
        self.assertEqual(passed, ["good"])

    def test_scratch_goes(self):
        with tempfile.TemporaryDirectory() as folder:
            scratch = os.path.join(folder, "packages")
            os.mkdir(scratch)
            self.run_steps([Step("bad", ("false",), scratch=scratch)])
            self.assertFalse(os.path.exists(scratch))

    def test_there_is_no_input(self):
        self.assertEqual(self.run_steps([Step("reads", ("sh", "-c", "! read line"))])[1], 0)


class Limits(unittest.TestCase):
    def test_a_slow_run_fails(self):
        run = lanes.Run("/", "/")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(main.report(run, [], 70), 0)
            run.start -= 71 * 60
            self.assertEqual(main.report(run, [], 70), 1)
        self.assertIn("longer than 70 minutes", out.getvalue())

    def test_tests_are_counted(self):
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 3 passed; 2 failed; 0 ignored\n")
            log.flush()
            self.assertEqual(main.counted(log.name), [15, 2, 1])

    def test_what_was_left_out_is_told(self):
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write("test a ... ok\nNOT TESTED: the moon\nnot tested: x\nNOT RUN: it needs root\n")
            log.flush()
            results = [lanes.Result("passed", 1, log.name), lanes.Result("left out")]
            self.assertEqual(main.untested(results), ["NOT TESTED: the moon", "NOT RUN: it needs root"])


if __name__ == "__main__":
    unittest.main()
