//! `pre-push`: judges each ref that is about to be pushed.

use std::io::Read;
use std::path::Path;

use super::check::{fail, tell, today};
use super::{Console, Push};
use crate::git::Repository;
use crate::report::{Fault, Report};
use crate::{Request, Source};

/// What git hands over is some lines a ref; this is room for a hundred thousand.
const MOST: u64 = 64 << 20;

const CONSEQUENCE: &str = "Nothing pushed.";
const FIRST: &str = "nothing is known to be on any remote yet, so this may be old code";

/// Reads `local-ref local-oid remote-ref remote-oid` lines (githooks(5), pre-push) and judges them.
pub(super) fn push(options: &Push, console: &mut Console<'_>) -> u8 {
    let mut lines = Vec::new();
    let outcome = match console.input.take(MOST).read_to_end(&mut lines) {
        Ok(_) => judge(&options.remote.to_string_lossy(), &String::from_utf8_lossy(&lines)),
        Err(error) => Err(Fault::new(format!("what is to be pushed cannot be read: {error}"))),
    };
    match outcome {
        Ok(None) => super::PASS,
        Ok(Some(report)) => tell(&report, CONSEQUENCE, console.err),
        Err(fault) => fail(&fault, CONSEQUENCE, console.err),
    }
}

/// Judges every ref; `None` where nothing is to be judged.
fn judge(remote: &str, lines: &str) -> Result<Option<Report>, Fault> {
    let mut updates = Vec::new();
    for line in lines.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let &[_, local, _, there] = fields.as_slice() else {
            return Err(Fault::new(format!("git handed over a line that is not of the form it documents: {line}")));
        };
        // Zeros stand for nothing: a ref that is deleted, or that is not there yet.
        let is_object = |id: &&str| id.bytes().any(|digit| digit != b'0');
        updates.extend(Some(local).filter(is_object).map(|local| (local, Some(there).filter(is_object))));
    }
    if updates.is_empty() {
        return Ok(None);
    }
    let repository = Repository::open(Path::new("."))?;
    let default_branch = repository.remote_head(remote)?;
    let mut already_there = repository.remote_tips(Some(remote))?;
    if already_there.is_empty() {
        // An address without a name, or a new remote: what any other has is not added by this push.
        already_there = repository.remote_tips(None)?;
    }
    let mut joined: Option<Report> = None;
    for (tip, there) in updates {
        if !repository.is_commit(tip)? {
            continue;
        }
        let mut known = already_there.clone();
        if let Some(there) = there {
            // Somebody else may have pushed it, so it need not be here.
            known.extend(repository.resolve(there)?);
        }
        let is_first = known.is_empty();
        let source = Source::Push { tip: tip.to_owned(), known, default_branch: default_branch.clone() };
        let mut report = crate::judge(&repository, &Request::new(source, today()))?;
        if is_first {
            report.soften(FIRST);
        }
        match &mut joined {
            Some(joined) => joined.join(report),
            None => joined = Some(report),
        }
    }
    Ok(joined)
}
