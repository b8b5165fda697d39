//! A commit's head: its tree, its parents, its date.

use gix::hash::ObjectId;

/// The part of a commit that a walk over history needs.
pub(in crate::git) struct Commit {
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    /// Committer date, in seconds since 1970; 0 where it makes no sense.
    pub date: i64,
}

/// Reads the head of a commit: `tree`, `parent`s, `author`, `committer`, as git's fsck demands them.
pub(in crate::git) fn parse(data: &[u8]) -> Option<Commit> {
    let mut lines = data.split(|&byte| byte == b'\n').peekable();
    let tree = ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?).ok()?;
    let mut parents = Vec::new();
    let mut date = 0;
    // Only here: to git, a line that looks so further down is no parent.
    while let Some(hex) = lines.peek().and_then(|line| line.strip_prefix(b"parent ")) {
        let parent = ObjectId::from_hex(hex).ok()?;
        lines.next();
        // Nor is a line that does not end.
        if lines.peek().is_some() {
            parents.push(parent);
        }
    }
    for line in lines {
        if let Some(committer) = line.strip_prefix(b"committer ") {
            date = seconds(committer).unwrap_or_default();
            break;
        } else if line.is_empty() {
            break;
        }
    }
    Some(Commit { tree, parents, date })
}

/// The seconds in `Name <mail> 1700000000 +0100`.
pub(in crate::git) fn seconds(line: &[u8]) -> Option<i64> {
    let after = line.iter().rposition(|&byte| byte == b'>')?;
    let seconds = line.get(after + 1..)?.split(|&byte| byte == b' ').find(|word| !word.is_empty())?;
    std::str::from_utf8(seconds).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_yield_tree_parents_and_date() {
        let id = "1".repeat(40);
        let commit = parse(format!("tree {id}\nparent {id}\nauthor a <b> 1 +0\ncommitter x> <y> 7 +0\n\nm").as_bytes());
        let commit = commit.unwrap();
        assert_eq!((commit.parents.len(), commit.date), (1, 7));
        let late = format!("tree {id}\nauthor a <b> 1 +0\nparent {id}\ncommitter a <b> 7 +0\n\nm");
        let late = parse(late.as_bytes()).unwrap();
        assert_eq!((late.parents.len(), late.date), (0, 7), "as for git");
        for (end, parents) in [("", 0), ("\n", 1)] {
            let cut = format!("tree {id}\nparent {id}{end}");
            assert_eq!(parse(cut.as_bytes()).unwrap().parents.len(), parents, "as for git");
        }
        assert!(parse(b"parent x").is_none());
        assert!(parse(format!("tree {id}\nparent zz\n").as_bytes()).is_none());
    }
}
