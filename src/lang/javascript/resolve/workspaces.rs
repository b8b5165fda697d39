//! Other packages of the same repository, as `workspaces` of a `package.json` or `pnpm-workspace.yaml` name their folders.
//!
//! A tree can be asked for a folder, but not for what lies in it: of `packages/*` those folders are tried that are called
//! like the package (`@acme/core` in `packages/core` or `packages/acme-core`), and their `package.json` must say so.

use serde_json::Value;

use crate::tree::TreeError;

use super::lookup::{Lookups, below};
use super::package::Package;
use super::specifier::joined;

/// Patterns beyond are not looked at.
const MAX_PATTERNS: usize = 32;
/// Longer patterns are not looked at either.
const MAX_PATTERN_BYTES: usize = 512;

/// Where other packages may stand.
#[derive(Default)]
pub(super) struct Workspaces {
    /// Folders from the top of the repository; a last segment `*` or `**` stands for a name.
    patterns: Vec<Vec<String>>,
}

impl Workspaces {
    /// Those of the nearest `package.json` above that names any.
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

    /// The package of this name.
    pub(super) fn package(&self, name: &str, lookups: &Lookups<'_>) -> Result<Option<Package>, TreeError> {
        let own = name.rsplit('/').next().unwrap_or(name);
        let with_scope = name.trim_start_matches('@').replace('/', "-");
        for pattern in &self.patterns {
            let Some((last, above)) = pattern.split_last().filter(|_| !lookups.are_spent()) else { continue };
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

/// The items of the list `packages:`, as pnpm writes it: one a line.
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
