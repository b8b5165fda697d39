//! Names of packages, by their paths. Only a package's own files say its name for sure.
//!
//! Source: Go Modules Reference, "Major version suffixes"; `ImportPathToAssumedName` of goimports.

use std::borrow::Cow;

/// Returns the usual name of a package, by its path: its last segment, before a major version.
/// `None` if that is not a name (`go-isatty`): only the package's own files know it.
pub(super) fn package_name(path: &str) -> Option<&str> {
    let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
    let name = if is_major(last) && !before.is_empty() {
        before.rsplit_once('/').map_or(before, |(_, last)| last)
    } else if let Some((name, version)) = last.rsplit_once('.')
        && path.starts_with("gopkg.in/")
        && version.strip_prefix('v').is_some_and(is_number)
    {
        name
    } else {
        last
    };
    is_identifier(name).then_some(name)
}

fn is_major(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| is_number(number) && !matches!(number, "0" | "1"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(sign: char) -> bool {
    sign == '_' || sign.is_alphanumeric()
}

/// Returns whether a text is an identifier other than `_`.
pub(super) fn is_identifier(text: &str) -> bool {
    text != "_" && text.chars().all(is_name) && text.chars().next().is_some_and(|first| !first.is_numeric())
}

/// Returns the names that a package may have by its path, the usual one first. A version may be a package of its own
/// (`k8s.io/api/core/v1`) or a folder of one (`google.golang.org/api/compute/v1`), and many leave out that they are
/// written in Go (`go-isatty`, `nats.go`).
pub(super) fn package_names<'p>(path: &'p str) -> Vec<Cow<'p, str>> {
    let mut names: Vec<Cow<'p, str>> = Vec::new();
    let mut add = |name: Cow<'p, str>| {
        if is_identifier(&name) && !names.contains(&name) {
            names.push(name);
        }
    };
    let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
    package_name(path).into_iter().for_each(|name| add(Cow::Borrowed(name)));
    let version = last.strip_prefix('v').is_some_and(is_number) && !before.is_empty();
    let base = if version { before.rsplit_once('/').map_or(before, |(_, last)| last) } else { last };
    let base = base.split_once(".v").filter(|_| path.starts_with("gopkg.in/")).map_or(base, |(name, _)| name);
    let bare = ["go-", "golang-"].iter().find_map(|prefix| base.strip_prefix(prefix)).unwrap_or(base);
    let bare = ["-go", ".go"].iter().find_map(|suffix| bare.strip_suffix(suffix)).unwrap_or(bare);
    if !is_identifier(base) || version {
        add(Cow::Borrowed(bare));
        add(Cow::Owned(bare.replace('-', "")));
        add(Cow::Borrowed(bare.split(|sign: char| !is_name(sign)).next().unwrap_or_default()));
    }
    if version {
        add(Cow::Borrowed(last));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_by_their_paths() {
        for (path, name) in [
            ("fmt", Some("fmt")),
            ("net/http", Some("http")),
            ("x.org/a/v2", Some("a")),
            ("x.org/a/v1", Some("v1")),
            ("v2", Some("v2")),
            ("gopkg.in/yaml.v3", Some("yaml")),
            ("x.org/yaml.v3", None),
            ("x.org/go-isatty", None),
            ("x.org/go-a/v2", None),
            ("x.org/é1", Some("é1")),
            ("", None),
            ("C", Some("C")),
        ] {
            assert_eq!(package_name(path), name, "{path}");
        }
    }

    #[test]
    fn a_path_may_suggest_several_names() {
        for (path, names) in [
            ("fmt", "fmt"),
            ("x.org/go", "go"),
            ("google.golang.org/api/compute/v1", "v1 compute"),
            ("k8s.io/api/autoscaling/v2", "autoscaling v2"),
            ("k8s.io/api/autoscaling/v2beta1", "v2beta1"),
            ("x.org/go-isatty", "isatty"),
            ("x.org/go-redis/v9", "redis v9"),
            ("x.org/nats.go", "nats"),
            ("x.org/jwt-go/v4", "jwt v4"),
            ("x.org/golang-lru", "lru"),
            ("x.org/json-patch", "jsonpatch json"),
            ("gopkg.in/src-d/go-git.v4", "git"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("x.org/-", ""),
            ("v2", "v2"),
        ] {
            let found = package_names(path);
            let mut found: Vec<_> = found.iter().map(AsRef::as_ref).collect();
            let mut names: Vec<_> = names.split_whitespace().collect();
            assert_eq!(found.first(), names.first(), "{path}");
            found.sort_unstable();
            names.sort_unstable();
            assert_eq!(found, names, "{path}");
        }
    }
}
