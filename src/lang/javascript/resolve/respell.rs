//! Respelling: another path, written in the style of a specifier.

use crate::tree::TreeError;

use super::FromFile;
use super::specifier::{CODE, stem};

impl FromFile<'_> {
    /// Returns the path in the style of `core`, if that uses an alias that reaches it, and whether
    /// an ending of the file belongs to it.
    pub(in super::super) fn through_alias(
        &self,
        core: &str,
        path: &[String],
    ) -> Result<Option<(String, bool)>, TreeError> {
        let has_ending = |star: &str| {
            let name = star.rsplit('/').next().unwrap_or(star);
            stem(name) != name
        };
        if core.starts_with('#')
            && let Some(key) = self.package()?.and_then(|package| package.key(core))
        {
            let targets = key.targets.iter().filter_map(|target| star_of(target, path)).next();
            return Ok(targets.map(|star| (format!("{}{star}{}", key.prefix, key.suffix), has_ending(key.star))));
        }
        for config in self.configs()? {
            // `baseUrl` and the pattern `*` match every package, and not all bundlers know them.
            if config.meanings(core, &self.lookups)?.is_empty() {
                continue;
            }
            for (alias, old) in config.aliases(core) {
                let star = alias.targets.iter().find_map(|target| star_of(target, path));
                if let Some(star) = star {
                    return Ok(Some((alias.spelt(&star), has_ending(old))));
                }
            }
            let rest = config.base().and_then(|base| path.strip_prefix(base));
            if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
                return Ok(Some((rest.join("/"), core.contains('/') && has_ending(core))));
            }
        }
        if core.starts_with('/') {
            let folder = self.package()?.map_or(&[][..], |package| &package.folder);
            let rest = path.strip_prefix(folder).filter(|rest| !rest.is_empty());
            return Ok(rest.map(|rest| (format!("/{}", rest.join("/")), has_ending(core))));
        }
        Ok(None)
    }
}

/// Returns what the star of a target stands for in `path`, if the path matches.
fn star_of(target: &[String], path: &[String]) -> Option<String> {
    let target = target.join("/");
    let (prefix, suffix) = target.split_once('*')?;
    // A path has no ending.
    let suffix = CODE.iter().find_map(|ending| suffix.strip_suffix(ending)?.strip_suffix('.')).unwrap_or(suffix);
    let path = path.join("/");
    let star = path.strip_prefix(prefix)?.strip_suffix(suffix)?;
    (!star.is_empty()).then(|| star.to_owned())
}
