//! Names of objects as people write them (gitrevisions(7)), read by gix over this repository's own object directories.

use std::collections::HashSet;

use gix::hash::{ObjectId, Prefix};
use gix::objs::Kind;
use gix::revision::plumbing::Spec;
use gix::revision::spec::parse::{self, Options};

use super::error::Error;

/// A thing that is named, or why the name means nothing; the reason may be empty.
pub(super) type Named<T> = Result<T, String>;

/// gix's parser reads objects from one store. In a quarantine there are several, so each is asked in turn.
pub(super) struct RevisionParser {
    repositories: Vec<gix::Repository>,
}

impl RevisionParser {
    /// Parses with the references and configuration of `gix`, and the objects of `stores`.
    pub fn new(gix: &gix::Repository, stores: &[gix::odb::Handle]) -> Self {
        let with_objects = |store: &gix::odb::Handle| {
            let mut gix = gix.clone();
            gix.objects = gix::odb::memory::Proxy::from(store.clone()).with_write_passthrough();
            gix
        };
        Self { repositories: stores.iter().map(with_objects).collect() }
    }

    /// The one object that a name stands for.
    ///
    /// # Errors
    /// When several objects start with a short id, or the repository cannot be read.
    pub fn parse(&self, name: &str) -> Result<Named<ObjectId>, Error> {
        if let Some(id) = self.short_id(name)? {
            return Ok(Ok(id));
        }
        let mut reason = String::new();
        for repository in &self.repositories {
            match gix::revision::Spec::from_bstr(name, repository, Options::default()) {
                Ok(spec) => match spec.detach() {
                    Spec::Include(id) => return Ok(Ok(id)),
                    _ => reason = "it names more than one commit".into(),
                },
                Err(error) if error.downcast_any_ref::<parse::Error>().is_some() => {}
                Err(error) if error.is_corrupted() || error.is_resource_exhausted() => {
                    return Err(Error::broken(&error));
                }
                // The first error says what was tried, in gix's own terms; the second, why it failed.
                Err(error) => reason = error.iter_errors().nth(1).map(ToString::to_string).unwrap_or_default(),
            }
        }
        Ok(Err(reason.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    /// The object whose id starts with a name, or with the last part of one that `git describe` gave. Of several, a
    /// single commit or tag is meant. gix's parser takes short ids for those of SHA-1, whatever the repository has.
    fn short_id(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        let hex = name.rsplit_once("-g").map_or(name, |(_, hex)| hex);
        let Some(length) = self.repositories.first().map(|gix| gix.object_hash().len_in_hex()) else { return Ok(None) };
        let padded = format!("{hex:0<length$}");
        let (Ok(padded), true) = (ObjectId::from_hex(padded.as_bytes()), padded.len() == length) else {
            return Ok(None);
        };
        let Ok(prefix) = Prefix::new(&padded, hex.len()) else { return Ok(None) };
        let mut ids = HashSet::new();
        for repository in &self.repositories {
            let mut found = HashSet::new();
            let lookup = repository.objects.lookup_prefix(prefix, Some(&mut found));
            lookup.map_err(|error| Error::broken(&error))?;
            ids.extend(found);
        }
        let are_several = ids.len() > 1;
        if are_several {
            let leads_to_a_commit = |id: &ObjectId| {
                let headers = self.repositories.iter().filter_map(|gix| gix.find_header(*id).ok());
                headers.into_iter().any(|header| matches!(header.kind(), Kind::Commit | Kind::Tag))
            };
            ids.retain(leads_to_a_commit);
        }
        let mut ids = ids.into_iter();
        match (ids.next(), ids.next()) {
            (Some(id), None) => Ok(Some(id)),
            (None, _) if !are_several => Ok(None),
            _ => {
                let why = "several objects start with it".into();
                Err(Error::NoSuchRevision { name: name.into(), why, shallow: false, instead: None })
            }
        }
    }
}
