//! A file made ready to be judged: its language, its text, and what of it rules could forbid.

use std::borrow::Cow;

use super::occurrence::Judged;
use crate::kind::Kind;
use crate::lang::{self, Asked, File, Import, Language, MAX_IMPORTS, Resolver, Surroundings};
use crate::policy::{EffectivePolicy, Scope};
use crate::text::Text;
use crate::tree::TreeError;

/// A file made ready: its language, its text, and the rules that take part.
pub struct SourceFile<'a> {
    /// The path, as git has it.
    pub path: &'a [u8],
    /// The language, by the path.
    pub language: Option<&'static dyn Language>,
    /// The rules that take part.
    pub scope: Scope<'a>,
    /// The policy of the day.
    effective: &'a EffectivePolicy<'a>,
}

/// What came of looking for uses.
#[derive(Debug, Default)]
pub struct Uses {
    /// Whether there are so many that none was added.
    pub too_many: bool,
    /// For each import, whether no rule can forbid it; shorter where that was not asked.
    harmless: Vec<bool>,
}

impl Uses {
    /// Whether the import of this number need not be judged.
    #[must_use]
    pub fn is_harmless(&self, number: usize) -> bool {
        self.harmless.get(number) == Some(&true)
    }
}

impl<'a> SourceFile<'a> {
    /// The file at `path` under the policy of the day, as far as its path tells.
    #[must_use]
    pub fn new(path: &'a [u8], effective: &'a EffectivePolicy<'a>) -> Self {
        Self::in_language(path, effective, lang::of_path(path))
    }

    /// The file at `path` with its content, under the policy of the day.
    #[must_use]
    pub fn of(path: &'a [u8], effective: &'a EffectivePolicy<'a>, blob: &[u8]) -> Self {
        Self::new(path, effective).told(blob)
    }

    fn in_language(
        path: &'a [u8],
        effective: &'a EffectivePolicy<'a>,
        language: Option<&'static dyn Language>,
    ) -> Self {
        let scope = effective.scope(path, language.map(|language| language.notation().language));
        Self { path, language, scope, effective }
    }

    /// The same file, now that its content is known: of a script the first line tells the language.
    #[must_use]
    pub fn told(self, blob: &[u8]) -> Self {
        if self.language.is_some() || !lang::may_be_script(self.path) {
            return self;
        }
        let language = lang::of_script(Text::decode(blob).bytes());
        if language.is_none() { self } else { Self::in_language(self.path, self.effective, language) }
    }

    /// Whether any rule needs the file's content.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        let scripts = || self.effective.policy().forbids() && lang::may_be_script(self.path);
        !self.scope.ignored() && (self.scope.judges_imports() || self.scope.judges_lines() || scripts())
    }

    /// The file as its scanner sees it.
    #[must_use]
    pub fn file<'t>(&self, text: &'t Text<'_>) -> File<'t>
    where
        'a: 't,
    {
        File { path: self.path, text: text.bytes() }
    }

    /// Decodes the file's content, as its language has it.
    #[must_use]
    pub fn text<'b>(&self, blob: &'b [u8]) -> Text<'b> {
        let text = Text::decode(blob);
        let file = File { path: self.path, text: text.bytes() };
        match self.language.and_then(|language| language.decode(file)) {
            Some(decoded) => Text::new(decoded),
            None => text,
        }
    }

    /// Whether rules could forbid anything that the file imports, uses or is. A plain text without any word of theirs
    /// has nothing, and need not be scanned.
    #[must_use]
    pub fn may_import(&self, text: &Text<'_>) -> bool {
        let Some(language) = self.language.filter(|_| self.scope.judges_imports()) else { return false };
        let Some(is_plain) = language.plainness() else { return true };
        let file = self.file(text);
        self.scope.may_be_named_in(file.text) || self.scope.may_be_named_in(file.path) || !is_plain(file)
    }

    /// The imports that rules could forbid.
    #[must_use]
    pub fn imports<'t>(&self, text: &'t Text<'_>) -> Vec<Import<'t>>
    where
        'a: 't,
    {
        match self.language {
            Some(language) if self.scope.judges_imports() => language.imports(self.file(text)),
            _ => Vec::new(),
        }
    }

    /// Adds to the imports what is used through them, and by paths written out in full, as far as rules could forbid it;
    /// nothing where there is too much of it.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn add_uses<'t>(
        &self,
        text: &'t Text<'_>,
        resolver: &dyn Resolver,
        imports: &mut Vec<Import<'t>>,
    ) -> Result<Uses, TreeError>
    where
        'a: 't,
    {
        let mut told = Uses::default();
        let Some(language) = self.language.filter(|_| self.scope.judges_imports()) else { return Ok(told) };
        let mut through = Vec::with_capacity(imports.len());
        for import in imports.iter() {
            let candidates = resolver.resolve(import)?;
            let forbidden = self.scope.decide(import.kind, &candidates).is_some();
            let binds = matches!(import.kind, Kind::Import | Kind::TypeOnly) && !forbidden;
            through.push(binds && self.scope.leads(&resolver.leads(import)?.unwrap_or(candidates)));
            told.harmless.push(!forbidden && import.name.as_deref() != Some("*"));
        }
        let begins = |segment: &str| self.scope.begins(segment);
        let uses = language.uses(self.file(text), imports, Asked { through: &through, begins: &begins });
        told.too_many = uses.len() > MAX_IMPORTS;
        if !told.too_many {
            imports.extend(uses);
        }
        Ok(told)
    }

    /// The paths of the file itself that a rule forbids.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn own_path(
        &self,
        text: &Text<'_>,
        around: &Surroundings<'_>,
    ) -> Result<Option<Judged<'_, 'static>>, TreeError> {
        let Some(language) = self.language.filter(|_| self.scope.judges_imports()) else { return Ok(None) };
        let mut candidates = language.own_paths(self.file(text), around)?;
        Ok(self.scope.decide(Kind::Module, &candidates).map(|decision| {
            let resolved = candidates.swap_remove(decision.candidate);
            Judged { decision, kind: Kind::Module, resolved }
        }))
    }

    /// The text as line rules see it; the raw text where the language is unknown, or no rule on code could match.
    #[must_use]
    pub fn code<'t>(&self, text: &'t Text<'_>) -> Cow<'t, [u8]> {
        match self.language {
            Some(language) if self.scope.needs_code(text) => Cow::Owned(language.blank(self.file(text))),
            _ => Cow::Borrowed(text.bytes()),
        }
    }
}
