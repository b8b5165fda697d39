//! What `doctor` says of the repository's own policies, on the server and in a clone.

use super::*;

impl Site {
    /// Returns what the doctor prints in a folder.
    fn doctor(&self, dir: &Path) -> String {
        let run = self.client.importgate_command(&["doctor"]).current_dir(dir).output().unwrap();
        String::from_utf8(run.stdout).unwrap()
    }
}

#[track_caller]
fn says(text: &str, line: &str) {
    assert!(text.lines().any(|known| known == line), "{line}\n{text}");
}

#[test]
fn branches_with_policies_of_their_own_are_told() {
    let site = Site::new();
    let clone = site.client.beside("repo");
    let told = |line: &str| {
        says(&site.doctor(&site.server), &line.replace("PLACE", "here"));
        says(&site.doctor(&clone), &line.replace("PLACE", "of origin"));
    };
    assert!(!site.doctor(&site.server).contains("own-policy"));
    assert!(!site.doctor(&clone).contains("own-policy"));
    site.commit("policy.toml", format!("{POLICY}[settings]\nown-policy = ['release/**', '**/main', 'main']\n"));
    site.push(&["main"]).warns(&["`own-policy` now holds `release/**`"]);
    told(
        "ok       own-policy: no branch PLACE is judged by the policy of its own tip (never the default branch, main)",
    );
    site.push(&["main:refs/heads/release/1", "main:refs/heads/other", "main:refs/tags/release/3"]).is_silent();
    told(
        "ok       own-policy: 1 branch PLACE is judged by the policy of its own tip: release/1 \
         (never the default branch, main)",
    );
    site.push(&["main:refs/heads/release/2", "main:refs/heads/a/main"]).is_silent();
    told(
        "ok       own-policy: 3 branches PLACE are judged by the policy of their own tip: a/main, release/1, release/2 \
         (never the default branch, main)",
    );
    // A clone's note of the default branch is no branch.
    site.client.git(&["remote", "set-head", "origin", "main"]);
    site.client.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    told(
        "ok       own-policy: 3 branches PLACE are judged by the policy of their own tip: a/main, release/1, release/2 \
         (never the default branch, main)",
    );
    // Many are counted.
    for at in 10..30 {
        site.on_server(&["branch", &format!("release/{at}"), "main"]);
    }
    assert!(site.doctor(&site.server).contains("own-policy: 23 branches here are judged"));
    assert!(site.doctor(&site.server).contains("release/17 and 13 more (never"), "{}", site.doctor(&site.server));
}

#[test]
fn a_policy_at_the_top_that_judges_nothing_is_told() {
    let site = Site::new();
    let clone = site.client.beside("repo");
    let warning = "warning  policy: policy.toml at the top judges nothing here, as git config importgate.policy names \
                   other policies";
    let org = site.client.beside("org.toml");
    std::fs::write(&org, POLICY).unwrap();
    let org = org.to_str().unwrap();
    assert!(!site.doctor(&clone).contains("judges nothing"));
    site.client.git(&["config", "importgate.policy", org]);
    says(&site.doctor(&clone), warning);
    says(&site.doctor(&clone), "  fix    git config --add importgate.policy policy.toml");
    // Whether it is tracked or not, and even if it is broken.
    for (path, text) in [("policy.toml", "importgate = 1\nrules = 3\n"), ("policy.toml", POLICY)] {
        site.client.write(path, text);
        site.client.git(&["add", "."]);
        says(&site.doctor(&clone), warning);
    }
    site.client.git(&["rm", "-q", "--cached", "policy.toml"]);
    says(&site.doctor(&clone), warning);
    // Another tool's, or none.
    site.client.write("policy.toml", "[tool]\n");
    assert!(!site.doctor(&clone).contains("judges nothing"));
    site.client.git(&["add", "."]);
    assert!(!site.doctor(&clone).contains("judges nothing"));
    site.client.write("policy.toml", POLICY).git(&["add", "."]);
    // The advice is followed; and other ways to name it.
    site.client.git(&["config", "--add", "importgate.policy", "policy.toml"]);
    assert!(!site.doctor(&clone).contains("judges nothing"), "{}", site.doctor(&clone));
    for other in ["origin/main:policy.toml", clone.join("policy.toml").to_str().unwrap()] {
        site.client.git(&["config", "--unset-all", "importgate.policy"]);
        for value in [org, other] {
            site.client.git(&["config", "--add", "importgate.policy", value]);
        }
        assert!(!site.doctor(&clone).contains("judges nothing"), "{other}: {}", site.doctor(&clone));
    }
}
