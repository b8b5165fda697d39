//! Availability: whether a file belongs to the very module that it is advised to import.
//!
//! Source: Swift Package Manager, "PackageDescription": a target's sources are in `Sources/<name>`.

/// Returns the reason why the path `instead` cannot be recommended to the file at `path`; `None` if there is none.
pub(super) fn why_unavailable(path: &[u8], instead: &[String]) -> Option<String> {
    let module = instead.first()?;
    let mut folders = path.split(|&byte| byte == b'/');
    folders.find(|folder| matches!(*folder, b"Sources" | b"Source"))?;
    let own = folders.next().filter(|_| folders.next().is_some())?;
    (own == module.as_bytes()).then(|| format!("this file is part of `{module}` itself"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_does_not_import_itself() {
        let found = |path: &str| why_unavailable(path.as_bytes(), &["Foo".to_owned(), "Bar".to_owned()]);
        assert_eq!(found("Sources/Foo/a/x.swift").as_deref(), Some("this file is part of `Foo` itself"));
        assert_eq!(found("x/Sources/Bar/x.swift"), None);
        assert_eq!(found("Sources/Foo"), None);
        assert_eq!(found("Foo/x.swift"), None);
    }
}
