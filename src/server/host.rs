//! Hosts, by the variables in which each names the pusher and the repository to hooks.
//!
//! Trust: a host sets its own variables in the hook's environment, overriding whatever came from the client. Without that
//! host, the variables could only come from the client, over ssh with an `AcceptEnv` that names them. So the repository's
//! name counts only where the admin's file says which host is in front. The pusher's name counts without that too, but if
//! the variables of two hosts disagree, neither is trusted. The system user comes last: sshd sets `USER` and `LOGNAME`
//! itself, after what it accepts from the client.

use std::ffi::OsString;

/// Lookup of an environment variable, so that tests can replace the environment.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<OsString>;

/// A host in front of git.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Gitolite.
    Gitolite,
    /// GitLab.
    GitLab,
    /// GitHub Enterprise Server.
    GitHub,
    /// Bitbucket Data Center.
    Bitbucket,
    /// Gitea and Forgejo.
    Gitea,
}

/// Variable of Gitea's, `true` for a wiki, which has the name of its repository.
const GITEA_WIKI: &str = "GITEA_REPO_IS_WIKI";
/// Variable that names the pusher, of the web server before git-http-backend: RFC 3875, section 4.1.11.
const OF_WEB_SERVER: [&str; 1] = ["REMOTE_USER"];
/// Variables that name the account that the hook runs as.
const SYSTEM: [&str; 2] = ["USER", "LOGNAME"];
/// Maximum length of a repository's name.
const MAX_NAME_BYTES: usize = 4096;

impl Host {
    /// All hosts, by their words in the admin's file.
    pub const ALL: [(&'static str, Self); 5] = [
        ("gitolite", Self::Gitolite),
        ("gitlab", Self::GitLab),
        ("github", Self::GitHub),
        ("bitbucket", Self::Bitbucket),
        ("gitea", Self::Gitea),
    ];

    /// Variables that name the pusher; the first that is set counts.
    const fn of_user(self) -> &'static [&'static str] {
        match self {
            // gitolite's documentation, "triggers" and "hooks"
            Self::Gitolite => &["GL_USER"],
            // https://docs.gitlab.com/administration/server_hooks/, "Environment variables"
            Self::GitLab => &["GL_USERNAME", "GL_ID"],
            // pre-receive hook scripts, "Environment variables"
            Self::GitHub => &["GITHUB_USER_LOGIN"],
            // hook scripts, "Environment variables"
            Self::Bitbucket => &["BB_USER_NAME"],
            // modules/repository/env.go
            Self::Gitea => &["GITEA_PUSHER_NAME"],
        }
    }

    /// Variables that name the repository together, in the order of its path; from the same sources.
    #[must_use]
    pub const fn of_repository(self) -> &'static [&'static str] {
        match self {
            Self::Gitolite => &["GL_REPO"],
            Self::GitLab => &["GL_PROJECT_PATH"],
            Self::GitHub => &["GITHUB_REPO_NAME"],
            Self::Bitbucket => &["BB_PROJECT_KEY", "BB_REPO_SLUG"],
            Self::Gitea => &["GITEA_REPO_USER_NAME", "GITEA_REPO_NAME"],
        }
    }

    /// Returns the repository's name, such as `group/project`; `None` if the host does not say it as it does. Untrusted
    /// text, but for the host that is in front.
    #[must_use]
    pub fn repository(self, environment: Environment<'_>) -> Option<String> {
        let parts: Vec<String> = self.of_repository().iter().filter_map(|name| value(environment, name)).collect();
        let mut name = parts.join("/");
        if self == Self::Gitea && value(environment, GITEA_WIKI).is_some_and(|wiki| wiki == "true") {
            name.push_str(".wiki");
        }
        let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(char::is_control);
        let is_whole = parts.len() == self.of_repository().len() && name.len() <= MAX_NAME_BYTES;
        let name = name.strip_suffix(".git").unwrap_or(&name);
        (is_whole && name.split('/').all(is_plain)).then(|| name.to_owned())
    }
}

/// Returns the pusher, and whether hosts disagree about it. `host` is the one in front, if known: no other is asked then.
#[must_use]
pub fn user(host: Option<Host>, environment: Environment<'_>) -> (Option<String>, bool) {
    let first = |names: &[&str]| names.iter().find_map(|name| value(environment, name));
    if let Some(host) = host {
        return (first(host.of_user()), false);
    }
    let hosts = Host::ALL.iter().map(|(_, host)| host.of_user()).chain([&OF_WEB_SERVER[..]]);
    let mut said = hosts.filter_map(first);
    let Some(user) = said.next() else { return (first(&SYSTEM), false) };
    if said.all(|other| other == user) { (Some(user), false) } else { (None, true) }
}

fn value(environment: Environment<'_>, name: &str) -> Option<String> {
    let value = environment(name)?.to_string_lossy().into_owned();
    Some(value).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment<'v>(variables: &'v [(&'v str, &'v str)]) -> impl Fn(&str) -> Option<OsString> + 'v {
        |wanted| variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| OsString::from(value))
    }

    #[test]
    fn each_host_names_the_repository_in_its_way() {
        let gitea = [("GITEA_REPO_USER_NAME", "acme"), ("GITEA_REPO_NAME", "shop"), ("GITEA_REPO_IS_WIKI", "false")];
        let wiki = [("GITEA_REPO_USER_NAME", "acme"), ("GITEA_REPO_NAME", "shop"), ("GITEA_REPO_IS_WIKI", "true")];
        type Case<'c> = (Host, &'c [(&'c str, &'c str)], Option<&'c str>);
        let cases: [Case<'_>; 17] = [
            (Host::Gitolite, &[("GL_REPO", "acme/shop")], Some("acme/shop")),
            (Host::GitLab, &[("GL_PROJECT_PATH", "acme/deep/shop")], Some("acme/deep/shop")),
            (Host::GitHub, &[("GITHUB_REPO_NAME", "acme/shop")], Some("acme/shop")),
            (Host::Bitbucket, &[("BB_PROJECT_KEY", "ACME"), ("BB_REPO_SLUG", "shop")], Some("ACME/shop")),
            (Host::Gitea, &gitea, Some("acme/shop")),
            (Host::Gitea, &wiki, Some("acme/shop.wiki")),
            (Host::Gitolite, &[("GL_REPO", "shop.git")], Some("shop")),
            // Another host's, a part of a name, and what is no name.
            (Host::GitLab, &gitea, None),
            (Host::GitLab, &[("GL_REPO", "acme/shop")], None),
            (Host::Gitea, &gitea[..1], None),
            (Host::Gitea, &gitea[1..], None),
            (Host::Gitea, &[("GITEA_REPO_USER_NAME", ""), ("GITEA_REPO_NAME", "shop")], None),
            (Host::GitLab, &[("GL_PROJECT_PATH", "")], None),
            (Host::GitLab, &[("GL_PROJECT_PATH", "/acme/shop")], None),
            (Host::GitLab, &[("GL_PROJECT_PATH", "acme/../shop")], None),
            (Host::GitLab, &[("GL_PROJECT_PATH", "acme//shop")], None),
            (Host::GitLab, &[("GL_PROJECT_PATH", "acme/shop\n")], None),
        ];
        for (host, variables, expected) in cases {
            assert_eq!(host.repository(&environment(variables)).as_deref(), expected, "{host:?} {variables:?}");
        }
        let long = "a".repeat(MAX_NAME_BYTES + 1);
        assert_eq!(Host::GitLab.repository(&environment(&[("GL_PROJECT_PATH", &long)])), None);
    }

    #[test]
    fn a_host_in_front_is_the_only_one_that_is_asked() {
        let both = [("GL_USERNAME", "alice"), ("GL_USER", "eve"), ("REMOTE_USER", "eve"), ("USER", "git")];
        assert_eq!(user(None, &environment(&both)), (None, true));
        assert_eq!(user(Some(Host::GitLab), &environment(&both)), (Some("alice".into()), false));
        // What it does not say, nobody says.
        assert_eq!(user(Some(Host::GitLab), &environment(&both[1..])), (None, false));
        assert_eq!(user(None, &environment(&both[3..])), (Some("git".into()), false));
    }
}
