//! The policies of a push in the log.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use crate::server::config::{Config, PolicySource};
use crate::server::outcome::Outcome;

/// A policy, and how it judged the push.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Policy<'a> {
    /// Where the policy comes from: the path of a file, or the branch.
    pub policy: Cow<'a, str>,
    /// The name that its rules are told with; `None` if they are told by their ids.
    pub name: Option<String>,
    /// Id of its file.
    pub blob: Option<&'a str>,
    /// `pass`, `warn` or `block`; `error` for a shadow policy that could not be judged.
    pub verdict: &'a str,
    /// Whether it judges for the log alone. It has findings of its own, which the push's are without.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
    /// Number of a shadow policy's findings by rule id: of names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<&'a BTreeMap<String, usize>>,
    /// Number of a shadow policy's statements by rule id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<&'a BTreeMap<String, usize>>,
    /// Reason why a shadow policy could not be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'a str>,
}

impl<'a> Policy<'a> {
    /// Returns the policies that judged a push, and then the shadow policies.
    #[must_use]
    pub fn all(outcome: &'a Outcome, config: &Config) -> Vec<Self> {
        let names = config.policy_names();
        let told = outcome.policies().map(|(policy, blob, verdict)| {
            let is_it =
                |source: &PolicySource| matches!(source, PolicySource::File(file) if file.to_string_lossy() == policy);
            let at = config.policies.iter().position(is_it);
            let name = at.and_then(|at| names.get(at).cloned().flatten());
            let policy = if at.is_some() { plain(policy) } else { policy.into() };
            Self { policy, name, blob, verdict: verdict.name(), ..Self::default() }
        });
        let shadow = outcome.shadow.iter().map(|own| {
            let (verdict, counts, why) = match &own.judged {
                Some(Ok(counts)) => (counts.verdict.name(), Some(counts), None),
                Some(Err(why)) => ("error", None, Some(why.as_str())),
                None if outcome.fault.is_some() => ("error", None, Some("the push itself could not be judged")),
                None => ("error", None, Some("time ended before it was judged")),
            };
            Self {
                policy: plain(&own.policy),
                name: None,
                blob: own.blob.as_deref(),
                verdict,
                shadow: true,
                rules: counts.map(|counts| &counts.rules),
                blocks: counts.map(|counts| &counts.blocks),
                why,
            }
        });
        told.chain(shadow).collect()
    }
}

/// Returns a path without `.` and `..`, of which the latter may lead through symbolic links: the folder is looked up. The file's own name stays, by
/// which its rules are told.
fn plain(path: &str) -> Cow<'_, str> {
    let file = Path::new(path);
    if !file.components().any(|part| part == Component::ParentDir) {
        return file.components().collect::<PathBuf>().to_string_lossy().into_owned().into();
    }
    let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
    match folder.zip(file.file_name()) {
        Some((folder, name)) => folder.join(name).to_string_lossy().into_owned().into(),
        None => path.into(),
    }
}
