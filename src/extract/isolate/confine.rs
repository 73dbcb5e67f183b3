//! What a child gives up before it reads the first object: every file it has not open already, the
//! network, other programs, and other processes.
//!
//! Three walls, each of which holds alone. Landlock takes away the file system and the network by
//! name. Seccomp takes away every system call that is not on a short list, so that neither a file
//! nor a socket can be opened even where the kernel has no Landlock. Limits of resources say how
//! many files may be open (those it has) and that none may grow.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Which of the walls stand that not every kernel has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Confinement {
    /// Landlock: no access to the file system or the network by name.
    pub landlock: bool,
    /// Seccomp: no system calls but those that reading needs.
    pub seccomp: bool,
}

/// Standard streams and the file that tells our own memory, with room for one more.
#[cfg(unix)]
const OPEN_FILES: u64 = 5;

/// Gives up, for this thread and those it starts, what reading does not need. Nothing is taken back.
#[cfg(unix)]
pub(super) fn confine() -> Confinement {
    lower(Resource::Core, 0);
    lower(Resource::Fsize, 0);
    lower(Resource::Nofile, OPEN_FILES);
    walls()
}

/// Nothing can be given up here.
#[cfg(not(unix))]
pub(super) fn confine() -> Confinement {
    Confinement::default()
}

/// Lowers a limit for good; where the system refuses, the other walls remain.
#[cfg(unix)]
fn lower(resource: Resource, value: u64) {
    let maximum = getrlimit(resource).maximum;
    let value = Some(maximum.map_or(value, |maximum| maximum.min(value)));
    let limit = Rlimit {
        current: value,
        maximum: value,
    };
    let _ = setrlimit(resource, limit);
}

#[cfg(all(unix, not(target_os = "linux")))]
fn walls() -> Confinement {
    Confinement::default()
}

#[cfg(target_os = "linux")]
fn walls() -> Confinement {
    // In this order: the second wall forbids the calls that build the first.
    let landlock = linux::landlock().unwrap_or(false);
    Confinement {
        landlock,
        seccomp: linux::seccomp(),
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetError,
        RulesetStatus, Scope,
    };
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch, apply_filter,
    };

    /// Everything that Landlock can take away is, as far as the kernel knows it; true where it
    /// takes anything.
    pub(super) fn landlock() -> Result<bool, RulesetError> {
        let status = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .restrict_self()?;
        Ok(status.ruleset != RulesetStatus::NotEnforced)
    }

    /// True where the filter stands.
    pub(super) fn seccomp() -> bool {
        program().is_ok_and(|program| apply_filter(&program).is_ok())
    }

    /// What reading needs: pipes that are open, memory, threads, time, and an end.
    const ALLOWED: &[i64] = &[
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_lseek,
        libc::SYS_fstat,
        libc::SYS_fcntl,
        libc::SYS_ppoll,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_set_robust_list,
        libc::SYS_rseq,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_prctl,
        libc::SYS_prlimit64,
        libc::SYS_getrlimit,
        libc::SYS_setrlimit,
        libc::SYS_sysinfo,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_gettimeofday,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_tgkill,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    fn program() -> Result<BpfProgram, seccompiler::Error> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
        let flag = |argument, flags, wanted| {
            let length = SeccompCmpArgLen::Qword;
            let condition =
                SeccompCondition::new(argument, length, SeccompCmpOp::MaskedEq(flags), wanted)?;
            SeccompRule::new(vec![condition])
        };
        // Memory, but none from which code can run.
        let runs = u64::from(libc::PROT_EXEC.unsigned_abs());
        rules.insert(libc::SYS_mmap, vec![flag(2, runs, 0)?]);
        rules.insert(libc::SYS_mprotect, vec![flag(2, runs, 0)?]);
        // Threads, but no processes. `clone3` passes its flags where a filter cannot look; told
        // that there is none, the C library takes `clone`.
        let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
        rules.insert(libc::SYS_clone, vec![flag(0, thread, thread)?]);
        let missing = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
        let arch = TargetArch::try_from(std::env::consts::ARCH)?;
        Ok(SeccompFilter::new(rules, missing, SeccompAction::Allow, arch)?.try_into()?)
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::os::unix::net::UnixDatagram;
    use std::process::Command;

    use super::*;

    /// What can be done in this thread, by name.
    fn deeds(folder: &std::path::Path) -> Vec<&'static str> {
        let done = [
            ("write", std::fs::write(folder.join("a"), "x").is_ok()),
            ("read", std::fs::read(folder.join("b")).is_ok()),
            ("list", std::fs::read_dir(folder).is_ok()),
            ("remove", std::fs::remove_file(folder.join("b")).is_ok()),
            ("listen", TcpListener::bind("127.0.0.1:0").is_ok()),
            ("udp", UdpSocket::bind("127.0.0.1:0").is_ok()),
            ("unix", UnixDatagram::unbound().is_ok()),
            // Nobody listens there: a refusal by the other side means that the network was reached.
            (
                "connect",
                TcpStream::connect("127.0.0.1:9")
                    .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused),
            ),
            ("run", Command::new("/bin/true").status().is_ok()),
        ];
        done.iter().filter(|own| own.1).map(|own| own.0).collect()
    }

    /// The walls stand round a thread, so that a test can be behind them alone.
    fn behind(wall: impl FnOnce() -> bool + Send + 'static) -> Option<Vec<&'static str>> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b"), "x").unwrap();
        let path = folder.path().to_owned();
        let thread = std::thread::spawn(move || wall().then(|| deeds(&path)));
        thread.join().unwrap()
    }

    #[test]
    fn nothing_can_be_opened_behind_either_wall() {
        let free = behind(|| true).unwrap();
        assert_eq!(free.len(), 9, "without walls all is possible: {free:?}");
        let walled = behind(linux::seccomp);
        assert_eq!(walled, Some(vec![]), "seccomp");
        match behind(|| linux::landlock().unwrap()) {
            None => println!("NOT CHECKED: the kernel has no Landlock"),
            Some(deeds) => {
                for forbidden in ["write", "read", "list", "remove", "run"] {
                    assert!(!deeds.contains(&forbidden), "{deeds:?}");
                }
            }
        }
    }

    #[test]
    fn reading_goes_on_behind_the_walls() {
        let sum = std::thread::spawn(|| {
            assert!(linux::seccomp());
            let inner = std::thread::spawn(|| vec![1_u8; 64 << 20].len());
            let caught = std::panic::catch_unwind(|| std::panic::panic_any(1_u8)).is_err();
            (inner.join().unwrap(), caught)
        });
        assert_eq!(sum.join().unwrap(), (64 << 20, true));
    }
}
