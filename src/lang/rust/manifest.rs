//! `Cargo.toml`: the crates of a package, read line by line.
//!
//! Format: the Cargo book, "The Manifest Format" and "Cargo Targets". The reader knows the TOML
//! that manifests use: tables, keys and dotted keys with a string on the same line, inline tables
//! of strings. A string with an escape is left out, and so is everything past the first 256 KiB.
//!
//! A TOML parser replaces it once it can read broken manifests: a merge conflict, or half a line,
//! must not lose the crates on other lines. Of 399 whole manifests, `toml` reads the same; of
//! 79,736 with one broken line it loses something in 25 %, and everything after conflict markers.

use std::collections::BTreeSet;

/// Names of the tables of dependencies; a target's are beneath it.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
/// Maximum size of a manifest that is read, in bytes.
const MAX_FILE_BYTES: usize = 1 << 18;

/// Parts of a manifest that locate the crates.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// `package.name`; a manifest of a workspace alone has none.
    pub(super) package: Option<String>,
    /// Whether paths start at the crate's root, as in the first edition.
    pub(super) first_edition: bool,
    /// `package.build`.
    pub(super) build: Option<String>,
    pub(super) lib: Target,
    /// `[[bin]]`, `[[test]]`, `[[example]]`, `[[bench]]`.
    pub(super) targets: Vec<Target>,
    /// Dependencies, by their names in code.
    pub(super) dependencies: BTreeSet<String>,
    /// Dependencies that code has another name for, each by that name.
    pub(super) renamed: Vec<(String, String)>,
    /// Dependencies, and `edition`, of which the workspace says more.
    pub(super) inherited: Vec<String>,
    /// What a workspace says for its packages.
    pub(super) workspace: Option<Workspace>,
}

/// `[workspace]`, as far as its packages inherit from it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Workspace {
    pub(super) first_edition: bool,
    pub(super) renamed: Vec<(String, String)>,
}

/// A crate that the manifest names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) name: Option<String>,
    pub(super) path: Option<String>,
}

impl Manifest {
    pub(super) fn read(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text.get(..MAX_FILE_BYTES).unwrap_or(text));
        let mut manifest = Self::default();
        let mut table = String::new();
        let mut edition = false;
        // Delimiter that ends the open multi-line string.
        let mut open: Option<&str> = None;
        for line in text.lines().map(str::trim) {
            if let Some(quotes) = open {
                open = Some(quotes).filter(|quotes| !line.contains(quotes));
                continue;
            }
            if line.starts_with('[') {
                table = line.split('#').next().unwrap_or(line).replace([' ', '\t', '"', '\''], "");
                if matches!(&*table, "[[bin]]" | "[[test]]" | "[[example]]" | "[[bench]]") {
                    manifest.targets.push(Target::default());
                }
                if table.trim_matches(['[', ']']).split('.').next() == Some("workspace") {
                    manifest.workspace.get_or_insert_default();
                }
                continue;
            }
            let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
            let (key, value) = (key.trim(), value.trim());
            let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| value.starts_with(quotes));
            open = quotes.filter(|quotes| value.matches(quotes).count() < 2);
            let section = table.trim_matches(['[', ']']);
            let key = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
            edition |= key.starts_with("package.edition");
            manifest.dependencies.extend(dependency(&key));
            if inherits(&key, value) {
                let name = key.strip_suffix(".workspace").unwrap_or(&key).rsplit('.').next();
                manifest.inherited.extend(name.map(unquoted));
            }
            for (key, value) in values(&key, value) {
                manifest.take(&key, value);
            }
        }
        manifest.first_edition |= manifest.package.is_some() && !edition;
        manifest
    }

    fn take(&mut self, key: &str, value: &str) {
        let own = || Some(value.to_owned());
        if let Some((table, name)) = key.strip_suffix(".package").and_then(|key| key.rsplit_once('.'))
            && DEPENDENCIES.contains(&table.rsplit('.').next().unwrap_or(table))
        {
            let renamed = match &mut self.workspace {
                Some(workspace) if table.starts_with("workspace.") => &mut workspace.renamed,
                _ => &mut self.renamed,
            };
            renamed.push((unquoted(name), value.to_owned()));
            return;
        }
        let target = self.targets.last_mut();
        match (key, target) {
            ("package.name", _) => self.package = own(),
            ("package.edition", _) => self.first_edition = value == "2015",
            ("package.build", _) => self.build = own(),
            ("workspace.package.edition", _) => {
                self.workspace.get_or_insert_default().first_edition = value == "2015";
            }
            ("lib.name", _) => self.lib.name = own(),
            ("lib.path", _) => self.lib.path = own(),
            ("bin.name" | "test.name" | "example.name" | "bench.name", Some(target)) => target.name = own(),
            ("bin.path" | "test.path" | "example.path" | "bench.path", Some(target)) => target.path = own(),
            _ => {}
        }
    }
}

/// Returns the name that code has for the dependency of which a key says something.
fn dependency(key: &str) -> Option<String> {
    let mut segments = key.split('.').skip_while(|segment| !DEPENDENCIES.contains(segment)).skip(1);
    let name = segments.next().filter(|_| !key.starts_with("workspace."))?;
    Some(unquoted(name.trim()).replace('-', "_")).filter(|name| !name.is_empty())
}

/// Returns whether a value says that the workspace has it.
fn inherits(key: &str, value: &str) -> bool {
    let is_true =
        |value: &str| value.trim().trim_end_matches(['}', ' ', '\t']).split('#').next().map(str::trim) == Some("true");
    match value.strip_prefix('{') {
        Some(table) => {
            let mut pairs = table.split(',').filter_map(|pair| pair.split_once('='));
            pairs.any(|(inner, value)| inner.trim() == "workspace" && is_true(value))
        }
        None => key.ends_with(".workspace") && is_true(value),
    }
}

fn unquoted(name: &str) -> String {
    name.trim_matches(['"', '\'']).to_owned()
}

/// Returns the strings of a value by their keys: one, or those of an inline table.
fn values<'v>(key: &str, value: &'v str) -> Vec<(String, &'v str)> {
    if let Some(table) = value.strip_prefix('{') {
        let pairs = table.split(',').filter_map(|pair| pair.split_once('='));
        return pairs.filter_map(|(inner, value)| Some((format!("{key}.{}", inner.trim()), string(value)?))).collect();
    }
    string(value).map(|value| (key.to_owned(), value)).into_iter().collect()
}

/// Returns the content of the string that a value starts with.
fn string(value: &str) -> Option<&str> {
    let value = value.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (content, _) = value.get(1..)?.split_once(quote)?;
    (!content.contains('\\') && !content.is_empty()).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(name: Option<&str>, path: Option<&str>) -> Target {
        Target { name: name.map(str::to_owned), path: path.map(str::to_owned) }
    }

    #[test]
    fn what_manifests_say_is_read() {
        let text = "[package] # here\nname = \"my-tool\" # x\nedition='2021'\nbuild = \"make.rs\"\ndescription = \"\"\"\n\
            name = \"other\"\n\"\"\"\n[lib]\nname = \"tool\"\npath = \"lib/tool.rs\"\n[[bin]]\nname = \"one\"\n\
            path = \"cli/one.rs\"\n[[ bin ]]\nname = \"two\"\n[dependencies]\nname = { path = \"x\" }\nlib.path = \"y\"\n";
        let manifest = Manifest::read(text.as_bytes());
        assert_eq!(
            manifest,
            Manifest {
                package: Some("my-tool".to_owned()),
                first_edition: false,
                build: Some("make.rs".to_owned()),
                lib: target(Some("tool"), Some("lib/tool.rs")),
                targets: vec![target(Some("one"), Some("cli/one.rs")), target(Some("two"), None)],
                dependencies: ["lib", "name"].map(str::to_owned).into(),
                ..Manifest::default()
            }
        );
    }

    #[test]
    fn renamed_dependencies_are_read() {
        let text = "[dependencies]\na = { version = \"1\", package = \"b-c\" } # x\nd = \"1\"\ne.package = 'f'\n\
            g = { workspace = true }\nh.workspace = true # y\ni = {workspace=false}\n[dev-dependencies.j]\n\
            package = \"k\"\n[target.'cfg(target_os = \"x\")'.build-dependencies]\n\"l\" = { package = \"m\" }\n\
            [package]\nname = \"n\"\nedition.workspace = true\n[package.metadata]\nx.package = \"y\"\n";
        let pairs = |pairs: &[(String, String)]| {
            pairs.iter().map(|(name, package)| format!("{name} {package}")).collect::<Vec<_>>().join(", ")
        };
        let manifest = Manifest::read(text.as_bytes());
        assert_eq!(pairs(&manifest.renamed), "a b-c, e f, j k, l m");
        assert_eq!(manifest.inherited, ["g", "h", "edition"]);
        assert!(manifest.dependencies.iter().eq(["a", "d", "e", "g", "h", "i", "j", "l"]), "{manifest:?}");
        assert_eq!(manifest.workspace, None);
        let text = "[workspace]\nmembers = []\n[workspace.package]\nedition = \"2015\"\n[workspace.dependencies]\n\
            a = { package = \"b\" }\n[dependencies]\nc = { package = \"d\" }\n";
        let manifest = Manifest::read(text.as_bytes());
        assert!(manifest.dependencies.iter().eq(["c"]), "{manifest:?}");
        let workspace = manifest.workspace.unwrap();
        assert_eq!((pairs(&workspace.renamed), workspace.first_edition), ("a b".to_owned(), true));
        assert_eq!(pairs(&manifest.renamed), "c d");
    }

    #[test]
    fn the_edition_is_the_first_where_none_is_named() {
        let first = |text: &str| Manifest::read(text.as_bytes()).first_edition;
        assert!(first("[package]\nname = \"a\""));
        assert!(first("[package]\nname = \"a\"\nedition = \"2015\""));
        assert!(!first("[package]\nname = \"a\"\nedition.workspace = true"));
        assert!(!first("package.name = \"a\"\npackage.edition = \"2024\"\nlib = { path = \"x.rs\", name = \"b\" }"));
        assert!(!first("[workspace]\nmembers = []"));
    }

    #[test]
    fn inline_tables_and_dotted_keys_are_read() {
        let manifest = Manifest::read(b"package.name = \"a\"\nlib = { path = \"x.rs\", name = 'b' }");
        assert_eq!((manifest.package.as_deref(), manifest.lib), (Some("a"), target(Some("b"), Some("x.rs"))));
    }

    #[test]
    fn broken_lines_take_no_others_with_them() {
        let whole = "[package]\nname = \"a\"\nedition = \"2024\"\n[dependencies]\nx = { version = \"1\" }\n\
            y = [\n  \"z\",\n]\n[lib]\nname = \"b\"\npath = \"x.rs\"\n[[bin]]\nname = \"c\"\n";
        // A dependency whose own line is broken is lost.
        let read = |text: &str| Manifest { dependencies: BTreeSet::new(), ..Manifest::read(text.as_bytes()) };
        let expected = read(whole);
        assert_eq!((expected.package.as_deref(), expected.targets.len()), (Some("a"), 1));
        assert_eq!(expected.lib, target(Some("b"), Some("x.rs")));
        for broken in [
            whole.replace("x = {", "<<<<<<< HEAD\nx = \"0\"\n=======\nx = {").replace("y = [", ">>>>>>> topic\ny = ["),
            whole.replace("\"1\" }", "\"1"),
            whole.replace("\"z\",", "\"z"),
            whole.replace("]\n[lib]", "[lib]"),
            whole.replace("x = {", "= {"),
        ] {
            assert_eq!(read(&broken), expected, "{broken}");
            assert!(Manifest::read(broken.as_bytes()).dependencies.contains("y"), "{broken}");
        }
    }

    #[test]
    fn no_text_stops_it() {
        for text in
            ["=", "[", "[package", "a = \"", "a = \"\\\"", "a = {", "\u{ff}=\u{ff}", "a = \"\"\"", "[[bin]]\npath"]
        {
            Manifest::read(text.as_bytes());
        }
        Manifest::read(b"\xff = \xff\n[bin]\nname = 'x'");
    }
}
