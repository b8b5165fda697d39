//! Packages that a URL names in their registry: `npm:react@18/jsx-runtime`, `jsr:@std/path@^1`.
//!
//! Sources: Deno documentation, "Modules and dependencies"; the documentation of JSR, "Using packages".

use super::specifier::{in_package, joined, of_scheme, package_length};

/// Returns the paths of a URL: as written, without the version, and the package alone.
pub(super) fn paths(url: &str) -> Vec<Vec<String>> {
    let mut paths = vec![of_scheme(url)];
    let Some((scheme, rest)) = url.split_once(':') else { return paths };
    if let Some(package) = joined(&[], rest).map(without_version).map(in_package) {
        paths.push(of_scheme(&format!("{scheme}:{}", package.join("/"))));
        paths.push(package);
    }
    paths
}

/// Removes the version of a package: `react@18/jsx-runtime` is `react/jsx-runtime`.
fn without_version(mut segments: Vec<String>) -> Vec<String> {
    let last = package_length(&segments) - 1;
    if let Some(name) = segments.get_mut(last)
        && let Some(at) = name.rfind('@').filter(|&at| at > 0)
    {
        name.truncate(at);
    }
    segments
}
