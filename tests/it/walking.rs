//! The walk over real trees.

use std::ffi::OsStr;
use std::fs;
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use sporhund::model::{Cancel, Outcome, ProblemKind};
use sporhund::source::{Error, Found, Root, RootEnd, Task, WalkOptions, Walker, open};
use tempfile::TempDir;

fn tree(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        put(&folder.path().join(file));
    }
    folder
}

fn put(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, b"text").unwrap();
}

fn roots(paths: &[(&str, &Path)]) -> Vec<Root> {
    let root = |(label, path): &(&str, &Path)| Root {
        label: (*label).into(),
        path: path.to_path_buf(),
    };
    paths.iter().map(root).collect()
}

fn told(found: &Found) -> String {
    match found {
        Found::File(task) => format!("{:?} file", task.object),
        Found::HardLink { object, first } => format!("{object:?} is {first:?}"),
        Found::Settled {
            object, outcome, ..
        } => format!(
            "{object:?} {} {}",
            outcome.name(),
            outcome.problem().unwrap().kind
        ),
    }
}

fn walk(paths: &[(&str, &Path)], options: &WalkOptions) -> (Vec<String>, Vec<RootEnd>) {
    let walker = Walker::new(roots(paths), options).unwrap();
    let mut all = Vec::new();
    let ends = walker.walk(&Cancel::default(), &mut |found| {
        all.push(told(&found));
        ControlFlow::Continue(())
    });
    (all, ends)
}

fn tasks(path: &Path) -> Vec<Task> {
    let walker = Walker::new(roots(&[("", path)]), &WalkOptions::default()).unwrap();
    let mut all = Vec::new();
    walker.walk(&Cancel::default(), &mut |found| {
        if let Found::File(task) = found {
            all.push(task);
        }
        ControlFlow::Continue(())
    });
    all
}

#[test]
fn entries_come_in_the_order_of_their_bytes_and_links_are_not_followed() {
    let share = tree(&[
        "b/2.txt",
        "b/1.txt",
        "a.txt",
        "B.txt",
        ".snapshot/x/old.txt",
    ]);
    symlink(share.path(), share.path().join("b/up")).unwrap();
    symlink("nowhere", share.path().join("dangling")).unwrap();
    let (all, ends) = walk(&[("", share.path())], &WalkOptions::default());
    assert_eq!(
        all,
        [
            "\"B.txt\" file",
            "\"a.txt\" file",
            "\"dangling\" skipped link",
            "\".snapshot\" skipped excluded",
            "\"b/1.txt\" file",
            "\"b/2.txt\" file",
            "\"b/up\" skipped link",
        ]
    );
    assert!(ends.iter().all(|end| end.complete));
}

#[test]
fn names_that_are_not_utf8_are_kept_exactly() {
    let share = tree(&[]);
    let name = OsStr::from_bytes(b"s\xF8knad.txt");
    put(&share.path().join(name));
    let tasks = tasks(share.path());
    assert_eq!(tasks[0].object.own_name(), b"s\xF8knad.txt");
    assert!(open(&tasks[0]).is_ok());
}

#[test]
fn special_files_are_skipped_and_never_opened() {
    let share = tree(&["a.txt"]);
    let fifo = share.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(share.path().join("socket")).unwrap();
    let (all, _) = walk(&[("", share.path())], &WalkOptions::default());
    let expected = [
        "\"a.txt\" file",
        "\"fifo\" skipped special-file",
        "\"socket\" skipped special-file",
    ];
    assert_eq!(all, expected);
    let mut task = tasks(share.path()).remove(0);
    task.path = fifo;
    assert_eq!(open(&task).unwrap_err().kind, ProblemKind::SpecialFile);
}

#[test]
fn a_file_with_several_names_counts_once() {
    let share = tree(&["a.txt", "c.txt"]);
    fs::hard_link(share.path().join("a.txt"), share.path().join("b.txt")).unwrap();
    let (all, _) = walk(&[("", share.path())], &WalkOptions::default());
    assert_eq!(
        all,
        ["\"a.txt\" file", "\"b.txt\" is \"a.txt\"", "\"c.txt\" file"]
    );
}

#[test]
fn overlapping_roots_scan_a_file_once() {
    let share = tree(&["a.txt", "hr/b.txt", "hr/.snapshot/c.txt"]);
    let inner = share.path().join("hr");
    let named = inner.join(".snapshot");
    let again = share.path().join("hr/../hr");
    let paths = [
        ("all", share.path()),
        ("hr", &inner),
        ("twice", &again),
        ("old", &named),
    ];
    let (all, ends) = walk(&paths, &WalkOptions::default());
    assert_eq!(
        all,
        [
            "\"all:a.txt\" file",
            "\"hr:b.txt\" file",
            "\"old:c.txt\" file"
        ]
    );
    assert_eq!(ends.len(), 3);
}

#[test]
fn a_root_may_be_a_file_or_a_link() {
    let share = tree(&["folder/a.txt"]);
    let link = share.path().join("link");
    symlink("folder", &link).unwrap();
    assert_eq!(
        walk(&[("", &link)], &WalkOptions::default()).0,
        ["\"a.txt\" file"]
    );
    let other = share.path().join("other.txt");
    symlink("folder/a.txt", &other).unwrap();
    assert_eq!(
        walk(&[("", &other)], &WalkOptions::default()).0,
        ["\"other.txt\" file"]
    );
    assert!(open(&tasks(&other)[0]).is_ok());
}

#[test]
fn our_own_files_are_not_even_counted() {
    let share = tree(&["a.txt", "s.db", "s.db-wal", "quarantine/x"]);
    let mut never = sporhund::inventory::files(&share.path().join("s.db"));
    never.push(share.path().join("quarantine"));
    let options = WalkOptions {
        never,
        ..WalkOptions::default()
    };
    assert_eq!(walk(&[("", share.path())], &options).0, ["\"a.txt\" file"]);
}

#[test]
fn an_excluded_folder_is_one_object() {
    let share = tree(&["a.txt", "old/1.txt", "old/2.txt", "b.docx"]);
    let options = WalkOptions {
        include: vec!["*.txt".to_owned()],
        exclude: vec!["old/**".to_owned()],
        ..WalkOptions::default()
    };
    let expected = [
        "\"a.txt\" file",
        "\"b.docx\" skipped excluded",
        "\"old\" skipped excluded",
    ];
    assert_eq!(walk(&[("", share.path())], &options).0, expected);
}

#[test]
fn a_folder_that_cannot_be_listed_is_an_object() {
    if rustix::process::geteuid().is_root() {
        println!("skipped: the administrator may list any folder");
        return;
    }
    let share = tree(&["a.txt", "locked/b.txt"]);
    let locked = share.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let (all, ends) = walk(&[("", share.path())], &WalkOptions::default());
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(all, ["\"a.txt\" file", "\"locked\" failed permission"]);
    assert!(ends[0].complete);
}

#[test]
fn a_folder_that_vanishes_is_told_and_so_is_a_root() {
    let share = tree(&["root/a.txt", "root/b/c.txt", "root/b/d/e.txt"]);
    let root = share.path().join("root");
    let walker = Walker::new(roots(&[("", &root)]), &WalkOptions::default()).unwrap();
    let mut all = Vec::new();
    let ends = walker.walk(&Cancel::default(), &mut |found| {
        all.push(told(&found));
        if all.len() == 1 {
            fs::rename(&root, share.path().join("moved")).unwrap();
            fs::create_dir(&root).unwrap();
        }
        ControlFlow::Continue(())
    });
    assert_eq!(all, ["\"a.txt\" file", "\"b\" failed vanished"]);
    assert!(
        !ends[0].complete,
        "an empty folder in the root's place is not the root"
    );
    let missing = PathBuf::from("/does/not/exist");
    let error = Walker::new(roots(&[("", &missing)]), &WalkOptions::default()).unwrap_err();
    assert!(matches!(&error, Error::Root { path, .. } if *path == missing));
    assert!(error.to_string().contains("/does/not/exist"));
}

#[test]
fn a_stop_leaves_the_roots_incomplete() {
    let share = tree(&["a/1.txt", "b/2.txt"]);
    let (a, b) = (share.path().join("a"), share.path().join("b"));
    let walker = Walker::new(roots(&[("a", &a), ("b", &b)]), &WalkOptions::default()).unwrap();
    let ends = walker.walk(&Cancel::default(), &mut |_| ControlFlow::Break(()));
    assert_eq!(
        ends.iter().map(|end| end.complete).collect::<Vec<_>>(),
        [false, false]
    );
}

#[test]
fn opening_leaves_the_access_time_and_is_not_led_elsewhere() {
    use std::io::Read;
    use std::os::unix::fs::MetadataExt;
    let share = tree(&["in/a.txt", "out/a.txt"]);
    let tasks = tasks(&share.path().join("in"));
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    let path = share.path().join("in/a.txt");
    let times = fs::FileTimes::new().set_accessed(old);
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_times(times)
        .unwrap();
    let mut buffer = [0; 4];
    open(&tasks[0]).unwrap().read_exact(&mut buffer).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().atime(), 1_000_000);
    // A newer file in its place is read, a folder that became a link is not followed.
    fs::write(share.path().join("new"), b"new").unwrap();
    fs::rename(share.path().join("new"), &path).unwrap();
    assert!(open(&tasks[0]).is_ok());
    fs::rename(share.path().join("in"), share.path().join("was")).unwrap();
    symlink("out", share.path().join("in")).unwrap();
    assert_eq!(open(&tasks[0]).unwrap_err().kind, ProblemKind::Link);
    fs::remove_file(share.path().join("in")).unwrap();
    assert_eq!(open(&tasks[0]).unwrap_err().kind, ProblemKind::Vanished);
}

#[test]
fn settled_objects_do_not_count_as_unread_by_choice() {
    let share = tree(&["x.tmp"]);
    let options = WalkOptions {
        exclude: vec!["*.tmp".to_owned()],
        ..WalkOptions::default()
    };
    let walker = Walker::new(roots(&[("", share.path())]), &options).unwrap();
    let mut unread = Vec::new();
    walker.walk(&Cancel::default(), &mut |found| {
        if let Found::Settled { outcome, .. } = found {
            unread.push(Outcome::is_unread(&outcome));
        }
        ControlFlow::Continue(())
    });
    assert_eq!(unread, [false]);
}
