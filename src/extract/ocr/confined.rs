//! Turns this process into another program that can read what is installed, use so much memory and
//! time, and do nothing else: no file is written, no connection opened.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Address space in bytes: a page of 300 dpi takes a tenth.
const MEMORY_BYTES: u64 = 768 * 1024 * 1024;
/// Processor time in seconds.
const CPU_SECONDS: u64 = 60;
/// Standard streams, libraries and trained data, each open for a moment.
const OPEN_FILES: u64 = 64;

/// Runs `program` in place of this process, with standard streams and environment as they are. Beside
/// what is installed it can read `folder`. Returns only where that fails.
#[must_use]
pub fn confined(program: &Path, args: &[OsString], folder: Option<&Path>) -> io::Error {
    for (resource, value) in [
        (Resource::As, MEMORY_BYTES),
        (Resource::Cpu, CPU_SECONDS),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        let value = Some(value);
        let limit = Rlimit {
            current: value,
            maximum: value,
        };
        // Where the system refuses, the parent's clock remains.
        let _ = setrlimit(resource, limit);
    }
    #[cfg(target_os = "linux")]
    linux::walls(&[program.parent(), folder]);
    Command::new(program).args(args).exec()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::path::Path;

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
        RulesetError, Scope, path_beneath_rules,
    };
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter};

    /// Where programs, their libraries and their data lie; none of it is anybody's document.
    const INSTALLED: &[&str] = &[
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/opt",
        "/nix/store",
        "/gnu/store",
        "/etc/ld.so.cache",
        "/sys/devices/system/cpu",
        "/dev/null",
    ];

    /// Builds what walls the kernel has; the limits stand in any case.
    pub(super) fn walls(readable: &[Option<&Path>]) {
        let _ = landlock(readable);
        let _ = sockets().map(|filter| apply_filter(&filter));
    }

    fn landlock(readable: &[Option<&Path>]) -> Result<(), RulesetError> {
        let reads = AccessFs::from_read(ABI::V6);
        let installed = INSTALLED.iter().map(Path::new);
        let folders = installed.chain(readable.iter().copied().flatten());
        Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .add_rules(path_beneath_rules(folders, reads))?
            .restrict_self()?;
        Ok(())
    }

    /// Refuses sockets of every kind, and looking into other processes.
    fn sockets() -> Result<BpfProgram, seccompiler::Error> {
        let refused = [libc::SYS_socket, libc::SYS_socketpair, libc::SYS_ptrace];
        let rules: BTreeMap<i64, _> = refused.into_iter().map(|call| (call, Vec::new())).collect();
        let refusal = SeccompAction::Errno(libc::EACCES.unsigned_abs());
        let arch = TargetArch::try_from(std::env::consts::ARCH)?;
        Ok(SeccompFilter::new(rules, SeccompAction::Allow, refusal, arch)?.try_into()?)
    }
}
