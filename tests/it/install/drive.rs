//! Calls the library in a process of its own, so that each test chooses the environment that git sees.

use std::path::PathBuf;
use std::process::Command;

use importgate::hooks::{Check, Options, Outcome, doctor, install, uninstall};
use serde_json::{Value, json};

/// Returns this test binary.
pub fn driver() -> PathBuf {
    std::env::current_exe().unwrap()
}

/// Runs `action` in `command`, which starts the [`driver`].
pub fn run(command: &mut Command, action: &str, options: &Options) -> Result<Outcome, String> {
    let answer = call(command, action, options);
    if let Some(error) = answer["error"].as_str() {
        return Err(error.to_owned());
    }
    let strings =
        |name: &str| answer[name].as_array().unwrap().iter().map(|line| line.as_str().unwrap().into()).collect();
    Ok(Outcome { lines: strings("lines"), notes: strings("notes"), changed: answer["changed"] == true })
}

/// Returns the doctor's exit status and output.
pub fn diagnose(command: &mut Command, options: &Options) -> (u64, String) {
    let answer = call(command, "doctor", options);
    (answer["status"].as_u64().unwrap(), answer["text"].as_str().unwrap().to_owned())
}

fn call(command: &mut Command, action: &str, options: &Options) -> Value {
    let answer = tempfile::NamedTempFile::new().unwrap();
    command.args(["install::drive::child", "--exact", "--ignored"]);
    command.env("DRIVE_ANSWER", answer.path()).env("DRIVE_ACTION", action);
    command.env("DRIVE_DIR", &options.dir).env("DRIVE_PROGRAM", &options.program);
    command.env("DRIVE_DRY", options.dry_run.to_string()).env("DRIVE_GLOBAL", options.global.to_string());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&std::fs::read(answer.path()).unwrap()).unwrap()
}

/// The child's end of [`call`]; does nothing by itself.
#[test]
#[ignore = "run by the other tests"]
fn child() {
    let Some(answer) = std::env::var_os("DRIVE_ANSWER") else { return };
    let flag = |name: &str| std::env::var(name).unwrap() == "true";
    let path = |name: &str| PathBuf::from(std::env::var_os(name).unwrap());
    let options = Options {
        dir: path("DRIVE_DIR"),
        program: path("DRIVE_PROGRAM"),
        dry_run: flag("DRIVE_DRY"),
        global: flag("DRIVE_GLOBAL"),
    };
    let outcome = match &*std::env::var("DRIVE_ACTION").unwrap() {
        "install" => install(&options),
        "uninstall" => uninstall(&options),
        _ => {
            let diagnosis = doctor(&options, vec![Check::ok("policy.toml: 3 rules")]);
            let mut text = Vec::new();
            diagnosis.write(&mut text).unwrap();
            let json = json!({ "status": diagnosis.status(), "text": String::from_utf8(text).unwrap() });
            return std::fs::write(answer, json.to_string()).unwrap();
        }
    };
    let json = match outcome {
        Ok(outcome) => json!({ "lines": outcome.lines, "notes": outcome.notes, "changed": outcome.changed }),
        Err(error) => json!({ "error": error.to_string() }),
    };
    std::fs::write(answer, json.to_string()).unwrap();
}
