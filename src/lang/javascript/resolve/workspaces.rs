//! Other packages of the same repository, in the folders that `workspaces` of a `package.json` or
//! `pnpm-workspace.yaml` list.
//!
//! A tree can look up a folder, but not list it: for `packages/*`, the folders named like the
//! package are tried (`@acme/core` in `packages/core` or `packages/acme-core`), and their
//! `package.json` must have its name.

use serde_json::Value;

use crate::tree::TreeError;

use super::lookup::{Lookups, below};
use super::package::Package;
use super::specifier::joined;

/// Maximum number of patterns.
const MAX_PATTERNS: usize = 32;
/// Maximum length of a pattern, in bytes; longer ones are ignored.
const MAX_PATTERN_BYTES: usize = 512;

/// Folders that may contain other packages.
#[derive(Default)]
pub(super) struct Workspaces {
    /// Folders from the top of the repository; a last segment `*` or `**` stands for a name.
    patterns: Vec<Vec<String>>,
}

impl Workspaces {
    /// Reads the workspaces of the nearest `package.json` above that lists any.
    pub(super) fn around(folder: &[String], lookups: &Lookups<'_>) -> Result<Self, TreeError> {
        for length in (0..=folder.len()).rev() {
            let folder = folder.get(..length).unwrap_or_default();
            let Some(package) = Package::at(folder, lookups)? else { continue };
            let field = package.json().get("workspaces");
            let listed = field.and_then(|field| field.as_array().or_else(|| field.get("packages")?.as_array()));
            let texts: Vec<String> = match listed {
                Some(listed) => listed.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                None => match lookups.text(&below(&folder.join("/"), "pnpm-workspace.yaml"))? {
                    Some(text) => listed_in_yaml(&text),
                    None => continue,
                },
            };
            let patterns = texts.iter().filter(|text| text.len() <= MAX_PATTERN_BYTES).take(MAX_PATTERNS);
            let patterns = patterns.filter_map(|text| joined(folder, text)).collect();
            return Ok(Self { patterns });
        }
        Ok(Self::default())
    }

    /// Returns the package named `name`.
    pub(super) fn package(&self, name: &str, lookups: &Lookups<'_>) -> Result<Option<Package>, TreeError> {
        let own = name.rsplit('/').next().unwrap_or(name);
        let with_scope = name.trim_start_matches('@').replace('/', "-");
        for pattern in &self.patterns {
            let Some((last, above)) = pattern.split_last().filter(|_| !lookups.is_exhausted()) else { continue };
            let names: &[&str] = match last.as_str() {
                "*" | "**" if own == with_scope => &[own],
                "*" | "**" => &[own, &with_scope],
                literal => &[literal],
            };
            for folder_name in names {
                let mut folder = above.to_vec();
                folder.push((*folder_name).to_owned());
                let package = Package::at(&folder, lookups)?;
                if let Some(package) = package.filter(|package| package.name() == Some(name)) {
                    return Ok(Some(package));
                }
            }
        }
        Ok(None)
    }
}

/// Returns the items of the list `packages:` in pnpm's layout, one per line.
fn listed_in_yaml(text: &str) -> Vec<String> {
    let lines = text.lines().skip_while(|line| line.trim_end() != "packages:").skip(1);
    let items = lines.filter(|line| !line.trim().is_empty()).map_while(|line| line.trim_start().strip_prefix("- "));
    let items = items.map(|item| item.trim().trim_matches(['"', '\'']));
    items.filter(|item| !item.starts_with('!')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_pnpm_is_read() {
        let text = "# x\npackages:\n  - 'packages/*'\n\n  - \"apps/web\"\n  - '!**/test'\ncatalog:\n  - no\n";
        assert_eq!(listed_in_yaml(text), ["packages/*", "apps/web"]);
    }
}
