//! The remote of a push, as far as it is known here: what it has, and which policy judges there.

use crate::git::{CommitId, Existing, NewCommits, Repository};
use crate::locate::{self, Lookup};
use crate::own_policy::{OwnPolicies, Standing, beginnings};
use crate::report::Fault;

/// A ref that is about to be pushed.
pub(super) struct Update<'a> {
    /// Local ref, or any other name of a commit.
    pub(super) name: &'a str,
    /// New object id on the remote.
    pub(super) new: &'a str,
    /// Full name on the remote, where it is known.
    pub(super) remote_name: Option<&'a str>,
    /// An object id that the remote has: the ref's current one, if it exists there.
    pub(super) old: Option<&'a str>,
    /// Whether the ref exists there.
    pub(super) existed: bool,
}

/// Refs that are judged alike: by the same policy, with the same commits already on the remote.
pub(super) struct Lane<'u> {
    pub(super) standing: Standing,
    /// Whether they are branches.
    are_branches: bool,
    /// The commit whose policy judges them, in hex, if that is not the default branch's.
    judged_at: Option<String>,
    pub(super) tips: Vec<(CommitId, Vec<&'u Update<'u>>)>,
    /// What the remote has for them, by ids of commits in hex.
    known: Vec<String>,
    pub(super) new_commits: NewCommits,
}

impl Lane<'_> {
    /// Returns whether nothing is known to be on the remote.
    pub(super) fn is_first(&self) -> bool {
        self.known.is_empty()
    }
}

/// The default branch of the remote, as far as it is known here, and its policy.
pub(super) struct Main<'a> {
    pub(super) remote: &'a str,
    /// The revision that leads to it.
    revision: Option<String>,
    own_policies: OwnPolicies,
}

impl<'a> Main<'a> {
    pub(super) fn of(repository: &Repository, remote: &'a str) -> Result<Self, Fault> {
        let revision = repository.remote_head(remote)?;
        // What is wrong with it is told when it is to judge.
        let found = revision.as_deref().and_then(|revision| locate::trusted(repository, &[revision]).ok());
        let own_policies = match found.as_ref().and_then(|found| locate::naming_branches(&found.located)) {
            Some(policy) => OwnPolicies::on_remote(policy, repository, remote)?,
            None => OwnPolicies::default(),
        };
        Ok(Self { remote, revision, own_policies })
    }

    /// Returns the policy that judges a tip.
    pub(super) fn judging(&self, repository: &Repository, lane: &Lane<'_>, tip: CommitId) -> Result<Lookup, Fault> {
        let id = tip.to_string();
        if let Some(begun) = &lane.judged_at {
            return locate::at_own_tip(repository, begun, &id);
        }
        let trusted: Vec<&str> = self.revision.iter().chain([&id]).map(String::as_str).collect();
        locate::trusted(repository, &trusted)
    }

    /// Returns whether what the remote's branch of this short name has is there for refs that stand so.
    pub(super) fn counts(&self, branch: &[u8], standing: Standing) -> bool {
        self.own_policies.counts_branch(branch, standing)
    }
}

/// Splits a push into refs that are judged alike.
pub(super) fn lanes<'u>(
    repository: &Repository,
    main: &Main<'_>,
    updates: &'u [Update<'u>],
) -> Result<Vec<Lane<'u>>, Fault> {
    let mut lanes: Vec<Lane<'u>> = Vec::new();
    let shared = known(repository, main, Standing::Shared)?;
    // Asked for only where branches have policies of their own: all others are shared.
    let apart = match main.own_policies.are_any() {
        true => {
            let beginnings = beginnings(repository, main.remote, &main.own_policies)?;
            Some((known(repository, main, Standing::Apart)?, beginnings))
        }
        false => None,
    };
    for (tip, updates) in repository.commits_of(updates.iter().map(|update| (update.new, update)))? {
        for update in updates {
            // The object may be missing here if somebody else pushed it.
            let old = update.old.map(|old| repository.resolve(old)).transpose()?.flatten();
            let name = update.remote_name.unwrap_or_default().as_bytes();
            let standing = main.own_policies.standing(name, update.existed && old.is_some());
            let judged_at = match standing {
                Standing::Own => old.clone(),
                Standing::Apart if main.own_policies.is_named(name) => match &apart {
                    Some((_, beginnings)) => beginnings.of(tip)?.map(|begun| begun.to_string()),
                    None => None,
                },
                Standing::Apart | Standing::Shared => None,
            };
            let are_branches = standing != Standing::Apart || main.own_policies.is_named(name);
            let alike = |lane: &&mut Lane<'_>| {
                (lane.standing, lane.are_branches, &lane.judged_at) == (standing, are_branches, &judged_at)
                    && standing != Standing::Own
            };
            let lane = match lanes.iter_mut().find(alike) {
                Some(lane) => lane,
                None => {
                    let all = apart.as_ref().filter(|_| standing == Standing::Apart).map(|(all, _)| all);
                    let known = all.unwrap_or(&shared).clone();
                    let (tips, new_commits) = (Vec::new(), NewCommits::default());
                    lanes.push_mut(Lane { standing, are_branches, judged_at, tips, known, new_commits })
                }
            };
            lane.known.extend(old);
            match lane.tips.last_mut() {
                Some((last, updates)) if *last == tip => updates.push(update),
                _ => lane.tips.push((tip, vec![update])),
            }
        }
    }
    for lane in &mut lanes {
        lane.new_commits = new_commits(repository, lane)?;
    }
    join_tags(&mut lanes);
    Ok(lanes)
}

/// Returns what is new of tips that are judged alike.
fn new_commits(repository: &Repository, lane: &Lane<'_>) -> Result<NewCommits, Fault> {
    let tips: Vec<_> = lane.tips.iter().map(|(tip, _)| *tip).collect();
    Ok(repository.new_commits(&tips, &Existing::Commits(&lane.known), usize::MAX)?)
}

/// Judges a tag with the branch whose own policy judges what the tag leads to, if that comes with it.
fn join_tags(lanes: &mut [Lane<'_>]) {
    let Some(at) = lanes.iter().position(|lane| !lane.are_branches) else { return };
    let Some(tags) = lanes.get_mut(at).map(|lane| std::mem::take(&mut lane.tips)) else { return };
    for tag in tags {
        let holds = |lane: &Lane<'_>| lane.judged_at.is_some() && lane.new_commits.is_new(tag.0);
        let to = lanes.iter().position(holds).unwrap_or(at);
        if let Some(lane) = lanes.get_mut(to) {
            lane.tips.push(tag);
        }
    }
}

/// Returns the ids of commits known to be on the remote, for refs that stand so to others.
fn known(repository: &Repository, main: &Main<'_>, standing: Standing) -> Result<Vec<String>, Fault> {
    let counts = |branch: &[u8]| main.counts(branch, standing);
    let known = repository.remote_tips(Some(main.remote), &counts)?;
    if !known.is_empty() {
        return Ok(known);
    }
    // For a plain URL or a new remote, commits that any other remote has do not count as new.
    Ok(repository.remote_tips(None, &counts)?)
}
