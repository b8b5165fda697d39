//! Which files are tests, by the habits of a language.

use super::Language;

/// Names of test folders and of test files without their ending; each may have one `*`.
#[derive(Clone, Copy, Debug)]
pub struct TestHabits {
    /// Folders, anywhere above the file.
    pub folders: &'static [&'static str],
    /// Files.
    pub names: &'static [&'static str],
}

/// The habits where no language is known.
const ANY: TestHabits = TestHabits { folders: &["test", "tests", "spec"], names: &[] };

/// Returns whether the file at `path` is a test by the habits of its language.
#[must_use]
pub fn is_test(path: &[u8], language: Option<&dyn Language>) -> bool {
    let habits = language.map_or(ANY, |language| language.about().tests);
    let mut parts: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
    let name = parts.pop().unwrap_or_default();
    let stem = &name[..name.iter().rposition(|&byte| byte == b'.').unwrap_or(name.len())];
    let any = |patterns: &[&str], text: &[u8]| patterns.iter().any(|pattern| matches(pattern, text));
    parts.into_iter().any(|folder| any(habits.folders, folder)) || any(habits.names, stem)
}

fn matches(pattern: &str, text: &[u8]) -> bool {
    match pattern.split_once('*') {
        None => text == pattern.as_bytes(),
        Some((start, end)) => {
            let rest = text.strip_prefix(start.as_bytes());
            rest.is_some_and(|rest| rest.ends_with(end.as_bytes()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::of_path;

    #[test]
    fn tests_are_known_by_the_habits_of_each_language() {
        let tests = [
            "tests/a.py",
            "app/test_a.py",
            "a_test.py",
            "conftest.py",
            "app/tests.py",
            "src/a.test.ts",
            "src/__tests__/a.jsx",
            "x/a_test.go",
            "src/test/java/a/B.java",
            "src/main/java/BTest.java",
            "src/commonTest/kotlin/B.kt",
            "spec/a_spec.rb",
            "lib/a_spec.rb",
            "tests/ATest.php",
            "Acme.Tests/B.cs",
            "test/a.dart",
            "src/a/tests.rs",
            "tests/a.rs",
            "KitTests/A.swift",
            "src/a_test.cc",
            "src/test/scala/ASpec.scala",
            "tests/x.txt",
        ];
        for path in tests {
            assert!(is_test(path.as_bytes(), of_path(path.as_bytes())), "{path}");
        }
        let others = [
            "app/latest.py",
            "app/testing.py",
            "app/attestation/a.py",
            "src/test.ts",
            "src/contest.js",
            "a/tester.go",
            "a.go",
            "src/main/java/Testimonial.java",
            "lib/spec.rb",
            "lib/inspector.rb",
            "src/Latest.php",
            "src/attest.rs",
            "x.txt",
        ];
        for path in others {
            assert!(!is_test(path.as_bytes(), of_path(path.as_bytes())), "{path}");
        }
    }
}
