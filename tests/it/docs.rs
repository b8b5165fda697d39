//! Documentation compared with the program: `docs/languages.md` has a correct row and a page for each language.

use std::fs;
use std::path::Path;

use importgate::lang::{self, Language};
use importgate::policy::Policy;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the words of a table cell that are formatted as code.
fn code(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn page(language: &dyn Language) -> String {
    format!("languages/{}.md", language.notation().language)
}

#[test]
fn the_table_of_languages_is_the_programs() {
    let document = read("languages.md");
    let rows: Vec<Vec<&str>> = document
        .lines()
        .filter(|line| line.starts_with("| [`"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let names: Vec<_> = rows.iter().map(|row| code(row[0])[0]).collect();
    let known: Vec<_> = lang::LANGUAGES.iter().map(|language| language.notation().language).collect();
    assert_eq!(names, known, "one row for each language, in the order of the program");
    for (row, language) in rows.iter().zip(lang::LANGUAGES) {
        let (notation, name) = (language.notation(), row[0]);
        assert!(name.contains(&format!("({})", page(*language))), "{name} links to its page");
        assert_eq!(code(name)[1..], *notation.aliases, "{name}: other names");
        let files: Vec<_> = language.about().extensions.iter().map(|ending| format!(".{ending}")).collect();
        let files = files.iter().map(String::as_str).chain(language.about().file_names.iter().copied());
        assert_eq!(code(row[1]), files.collect::<Vec<_>>(), "{name}: files");
        assert_eq!(code(row[2]), language.about().interpreters, "{name}: programs of first lines");
        let paths = code(row[3]);
        assert!(!paths.is_empty(), "{name}: an example of a path");
        for path in paths {
            let segments = (notation.split)(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let segments: Vec<_> = segments.iter().map(String::as_str).collect();
            assert_eq!((notation.join)(&segments), path, "{name}: a path as reports write it");
        }
    }
}

#[test]
fn the_policies_in_the_pages_of_languages_are_valid() {
    for language in lang::LANGUAGES {
        let page = page(*language);
        let text = read(&page);
        let policies: Vec<_> = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(!policies.is_empty(), "{page} has a policy to copy");
        for rules in policies {
            let source =
                if rules.contains("importgate = 1") { rules.to_owned() } else { format!("importgate = 1\n{rules}") };
            if let Err(invalid) = Policy::parse(&source, &page, &lang::notations()) {
                panic!("{page}: {invalid}");
            }
        }
    }
}

#[test]
fn no_two_languages_claim_a_file_or_a_program() {
    let mut claims = Vec::new();
    for language in lang::LANGUAGES {
        let endings = language.about().extensions.iter().map(|ending| format!(".{ending}"));
        let names = language.about().file_names.iter().map(|&name| name.to_owned());
        let programs = language.about().interpreters.iter().map(|program| format!("#!{program}"));
        claims.extend(endings.chain(names).chain(programs));
        claims.push(language.notation().language.to_owned());
        claims.extend(language.notation().aliases.iter().map(|&alias| alias.to_owned()));
    }
    let all = claims.len();
    claims.sort();
    claims.dedup();
    assert_eq!(claims.len(), all, "{claims:?}");
}
