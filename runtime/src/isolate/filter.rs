//! Which calls of the kernel a confined process may make.
//!
//! Two filters, of which the stricter answer counts. The first lists what decoding needs; everything
//! else fails as not permitted, so that a library that merely asks goes on without. The second lists
//! what only an attack asks for, and ends the process.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Calls that decoding needs, whatever their arguments.
const NEEDED: [i64; 34] = [
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_clock_gettime,
    libc::SYS_gettimeofday,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_tgkill,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getrandom,
    libc::SYS_uname,
    libc::SYS_restart_syscall,
];

/// Calls that no decoder makes: programs, connections, other processes, mounts, keys, code for the
/// kernel, and the one interface that goes round filters like this.
const HOSTILE: [i64; 34] = [
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
];

/// Applies both filters to this process, which has a single thread. There is no way back.
///
/// # Errors
/// In words, where the kernel or the processor is not supported.
pub(super) fn apply() -> Result<(), String> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(words)?;
    let hostile = HOSTILE.into_iter().map(|call| (call, Vec::new())).collect();
    install(SeccompFilter::new(hostile, SeccompAction::Allow, SeccompAction::KillProcess, arch))?;
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    install(SeccompFilter::new(needed().map_err(words)?, refused, SeccompAction::Allow, arch))
}

fn install(filter: Result<SeccompFilter, seccompiler::BackendError>) -> Result<(), String> {
    let program = BpfProgram::try_from(filter.map_err(words)?).map_err(words)?;
    apply_filter(&program).map_err(words)
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string().to_lowercase()
}

fn needed() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = NEEDED.into_iter().map(|call| (call, Vec::new())).collect();
    let flag = |value: libc::c_int| u64::from(value.unsigned_abs());
    // Opened for reading, and nothing made or emptied by it.
    let writing = flag(libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC);
    rules.insert(libc::SYS_openat, vec![without(2, writing)?]);
    // Memory is never both data and code.
    let code = flag(libc::PROT_EXEC);
    rules.insert(libc::SYS_mmap, vec![without(2, code)?]);
    rules.insert(libc::SYS_mprotect, vec![without(2, code)?]);
    let mut commands = Vec::new();
    for command in [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL] {
        let is = SeccompCondition::new(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, flag(command))?;
        commands.push(SeccompRule::new(vec![is])?);
    }
    rules.insert(libc::SYS_fcntl, commands);
    Ok(rules)
}

/// That no bit of `mask` is set in an argument.
fn without(argument: u8, mask: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    let clear = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(mask), 0)?;
    SeccompRule::new(vec![clear])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_call_is_both_needed_and_hostile() {
        assert!(NEEDED.iter().all(|call| !HOSTILE.contains(call)));
    }

    #[test]
    fn the_filters_compile() {
        let arch = TargetArch::try_from(std::env::consts::ARCH).unwrap();
        let filter = SeccompFilter::new(needed().unwrap(), SeccompAction::Trap, SeccompAction::Allow, arch);
        assert!(BpfProgram::try_from(filter.unwrap()).unwrap().len() > NEEDED.len());
    }
}
