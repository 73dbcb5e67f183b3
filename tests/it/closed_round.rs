//! A hiring round that is closed: its papers on a share, scanned and planned, and what lies where afterwards.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Workplace, stderr};

/// A closed round with applications, scanned and planned, every line approved.
pub(crate) fn approved(files: usize) -> Workplace {
    let work = Workplace::new();
    for n in 0..files {
        let text = format!(
            "Søknad på stilling som utvikler\n\nNavn: Kari Nordmann {n}\nE-post: kari{n}@post.example\n\
             Jeg søker herved på stillingen. Vedlagt CV og attester.\nMed vennlig hilsen\n"
        );
        work.put(
            &format!("hr/rekruttering/r1/kandidater/cand-{n}/soknad.txt"),
            text,
        );
    }
    fs::write(
        work.path().join("site.toml"),
        "schema = 1\nrules = [\"poweroffice-2024\"]\nevents = [\"events.csv\"]\n[facts]\n\
         backup_expiry = \"P90D\"\n[[zone]]\npath = \"hr/rekruttering/*/kandidater/{subject}/**\"\n\
         role = \"controller\"\npurpose = [\"recruitment\"]\n\
         process_from_path = \"hr/rekruttering/{process}/**\"\n\
         default_class = \"recruitment.application\"\n",
    )
    .unwrap();
    fs::write(work.path().join("events.csv"), EVENTS).unwrap();
    fs::write(
        work.path().join("sporhund.toml"),
        "as_of = 2026-11-30\nsite = \"site.toml\"\n",
    )
    .unwrap();
    assert_eq!(work.run(&["scan", "share", "-q"]).status.code(), Some(0));
    approve(&work, |_| {});
    work
}

/// The register: the round is closed.
pub(crate) const EVENTS: &str = "event_id,event_type,occurred_on,recorded_on,recorded_by,path,subject,process,\
    org,purpose,until,reason,ref,voids,note\n\
    E1,hiring_round_closed,2026-03-01,2026-03-01,hr,,,r1,,,,,,,\n";

/// Makes a plan and approves every line of it.
pub(crate) fn approve(work: &Workplace, change: impl Fn(&mut Value)) {
    let output = work.run(&["plan", "--output", "plan.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    edit(work, |line| {
        line["state"] = "approved".into();
        line["by"] = serde_json::json!({"name": "Kari HR"});
        change(line);
    });
}

/// Changes every line of the plan.
pub(crate) fn edit(work: &Workplace, change: impl Fn(&mut Value)) {
    let path = work.path().join("plan.json");
    let mut plan: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    for line in plan["lines"].as_array_mut().unwrap() {
        change(line);
    }
    fs::write(path, plan.to_string()).unwrap();
}

/// All files below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Applications that are where they were, and that are in quarantine.
pub(crate) fn counted(work: &Workplace) -> (usize, usize) {
    let all = files_below(&work.share());
    let ends = |ending: &str| {
        all.iter()
            .filter(|path| path.to_string_lossy().ends_with(ending))
            .count()
    };
    (ends("soknad.txt"), ends(".data"))
}
