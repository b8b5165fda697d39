//! Spelling of a path as a specifier, in the style of the old one.

use crate::lang::{File, Surroundings};
use crate::tree::TreeError;

use crate::lang::javascript::resolve::builtins::is_builtin;
use crate::lang::javascript::resolve::lookup::Lookups;
use crate::lang::javascript::resolve::specifier::{Sort, Specifier, package_length, stem};
use crate::lang::javascript::resolve::{FromFile, folder_of};

/// For each ending of a specifier, the endings of the files that it may mean.
const FILES: &[(&str, &[&str])] = &[
    (".js", &[".js", ".ts", ".tsx", ".jsx", ".d.ts"]),
    (".jsx", &[".jsx", ".tsx"]),
    (".mjs", &[".mjs", ".mts", ".d.mts"]),
    (".cjs", &[".cjs", ".cts", ".d.cts"]),
    (".ts", &[".ts", ".d.ts"]),
];

/// Spells `module`, in segments, in the style of the specifier `old` in the file.
pub(super) fn specifier(
    module: &[String],
    old: &str,
    file: File<'_>,
    around: &Surroundings<'_>,
) -> Result<String, TreeError> {
    let old = Specifier::cut(old);
    let core = match module {
        [top, path @ ..] if top == "." => repository_path(path, &old, file, around)?,
        _ => package_path(module, &old),
    };
    Ok(format!("{}{core}{}", old.loaders, old.query))
}

fn ending_of(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.get(stem(name).len()..).unwrap_or_default()
}

fn package_path(module: &[String], old: &Specifier<'_>) -> String {
    let path = module.join("/");
    let first = module.first().map_or("", String::as_str);
    match old.sort {
        Sort::Scheme if old.core.starts_with("node:") && is_builtin(first) => format!("node:{path}"),
        // jsr.io has scoped packages alone.
        Sort::Scheme if old.core.starts_with("jsr:") && first.starts_with('@') => format!("jsr:{path}"),
        Sort::Scheme if matches!(old.core.get(..4), Some("npm:" | "jsr:")) && !first.contains(':') => {
            format!("npm:{path}")
        }
        Sort::Bare if module.len() > package_length(module) && old.core.split('/').count() > 1 => {
            format!("{path}{}", ending_of(&old.core))
        }
        _ => path,
    }
}

fn repository_path(
    path: &[String],
    old: &Specifier<'_>,
    file: File<'_>,
    around: &Surroundings<'_>,
) -> Result<String, TreeError> {
    let folder = folder_of(file.path);
    let had = match old.sort {
        Sort::Scheme => "",
        _ => ending_of(&old.core),
    };
    let aliased = match old.sort {
        Sort::Bare | Sort::Internal | Sort::Rooted => {
            FromFile::at(folder.clone(), around).through_alias(&old.core, path)?
        }
        Sort::Relative | Sort::Scheme => None,
    };
    if let Some((written, with_ending)) = aliased {
        let ending = if with_ending { ending(path, had, &Lookups::new(around.tree))? } else { String::new() };
        return Ok(format!("{written}{ending}"));
    }
    // The ending of a package's name is not a file ending.
    let had = if old.sort == Sort::Bare && !old.core.contains('/') { "" } else { had };
    let ending = ending(path, had, &Lookups::new(around.tree))?;
    Ok(relative(&folder, path, &ending))
}

/// Returns the suffix of a path in place of the ending `had`: none, an ending, or an index.
fn ending(path: &[String], had: &str, lookups: &Lookups<'_>) -> Result<String, TreeError> {
    if had.is_empty() {
        return Ok(String::new());
    }
    let whole = path.join("/");
    let files = lookups.files(path, usize::MAX)?;
    let endings: Vec<&str> = files.iter().filter_map(|file| file.strip_prefix(whole.as_str())).collect();
    if endings.contains(&"") {
        return Ok(String::new());
    }
    let known = FILES.iter().find(|(ending, _)| *ending == had).map_or(&[][..], |(_, files)| files);
    for found in &endings {
        let (index, ending) = match found.strip_prefix("/index") {
            Some(ending) => ("/index", ending),
            None => ("", *found),
        };
        if ending == had || known.contains(&ending) {
            return Ok(format!("{index}{had}"));
        }
    }
    let Some(found) = endings.first() else { return Ok(had.to_owned()) };
    let writes_scripts = matches!(had, ".js" | ".mjs" | ".cjs" | ".jsx");
    let script = FILES.iter().find(|(script, files)| {
        let ending = found.strip_prefix("/index").unwrap_or(found);
        *script != ".ts" && files.contains(&ending)
    });
    Ok(match script {
        Some((script, _)) if writes_scripts && found.starts_with("/index") => format!("/index{script}"),
        Some((script, _)) if writes_scripts => (*script).to_owned(),
        _ => (*found).to_owned(),
    })
}

/// Returns the relative path from a folder to `path`.
fn relative(folder: &[String], path: &[String], ending: &str) -> String {
    let common = std::iter::zip(folder, path).take_while(|(one, other)| one == other).count();
    let up = folder.len() - common;
    let down = path.get(common..).unwrap_or_default().join("/");
    let mut written = if up == 0 { ".".to_owned() } else { vec![".."; up].join("/") };
    if !down.is_empty() {
        written = format!("{written}/{down}");
    }
    // A folder takes the ending of its index.
    if down.is_empty() && !ending.is_empty() && !ending.starts_with('/') {
        return format!("{written}/index{ending}");
    }
    written + ending
}

/// Escapes a text for a literal between `quote`s.
pub(super) fn escaped(text: &str, quote: u8) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' => escaped.push_str("\\\\"),
            '$' if quote == b'`' => escaped.push_str("\\$"),
            _ if u32::from(sign) == u32::from(quote) => {
                escaped.push('\\');
                escaped.push(sign);
            }
            sign if sign < ' ' || sign == '\x7f' => escaped += &format!("\\x{:02x}", u32::from(sign)),
            sign => escaped.push(sign),
        }
    }
    escaped
}
