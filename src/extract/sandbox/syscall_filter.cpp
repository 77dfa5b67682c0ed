#include "extract/sandbox/syscall_filter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "core/error.h"
#include "core/fd.h"

namespace assay::sandbox {
namespace {

// Stands for the worker's own process id, which is not known when the filter is compiled. Larger than any process id
// (the kernel's bound is 2^22), and no constant of another rule.
constexpr uint32_t own_pid_placeholder = 0x3fedcba9;

constexpr const char* allowed[] = {
    "read",
    "pread64",
    "readv",
    "preadv",
    "preadv2",
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "lseek",
    "_llseek",
    "close",
    "fstat",
    "ftruncate",
    "fadvise64",
    "dup",
    "munmap",
    "mremap",
    "brk",
    "madvise",
    "futex",
    "sched_yield",
    "sched_getaffinity",
    "getcpu",
    "clock_gettime",
    "clock_getres",
    "gettimeofday",
    "time",
    "nanosleep",
    "clock_nanosleep",
    "getrandom",
    "getpid",
    "gettid",
    "getppid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getrusage",
    "times",
    "sysinfo",
    "uname",
    "sendmsg",
    "recvmsg",
    "sendto",
    "recvfrom",
    "poll",
    "ppoll",
    "rt_sigreturn",
    "rt_sigprocmask",
    "sigaltstack",
    "exit",
    "exit_group",
    "restart_syscall",
    "set_robust_list",
    "rseq",
};

constexpr const char* no_access[] = {
    "open",      "openat",     "openat2",      "creat",         "stat",          "lstat",      "access",
    "faccessat", "faccessat2", "readlink",     "readlinkat",    "getcwd",        "chdir",      "fchdir",
    "mkdir",     "mkdirat",    "rmdir",        "unlink",        "unlinkat",      "rename",     "renameat",
    "renameat2", "link",       "linkat",       "symlink",       "symlinkat",     "chmod",      "fchmod",
    "fchmodat",  "chown",      "fchown",       "fchownat",      "lchown",        "utime",      "utimes",
    "utimensat", "futimesat",  "truncate",     "statfs",        "fstatfs",       "getdents",   "getdents64",
    "getxattr",  "lgetxattr",  "fgetxattr",    "listxattr",     "llistxattr",    "flistxattr", "setxattr",
    "lsetxattr", "fsetxattr",  "inotify_init", "inotify_init1", "fanotify_init", "flock",
};

constexpr const char* not_permitted[] = {
    "memfd_create",   "pipe",
    "pipe2",          "eventfd",
    "eventfd2",       "epoll_create",
    "epoll_create1",  "prlimit64",
    "getrlimit",      "setrlimit",
    "rt_sigaction",   "prctl",
    "umask",          "capget",
    "setpriority",    "getpriority",
    "fsync",          "fdatasync",
    "fallocate",      "sched_setaffinity",
    "sched_getparam", "sched_getscheduler",
    "get_mempolicy",  "set_mempolicy",
    "mbind",          "mlock",
    "mlockall",       "munlock",
    "membarrier",     "msync",
    "mincore",
};

constexpr const char* not_there[] = {"sendfile", "copy_file_range", "splice", "tee", "vmsplice"};

// These end the process on the spot: nothing that reads documents calls them by habit.
constexpr const char* fatal[] = {
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "bpf",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "userfaultfd",
    "perf_event_open",
    "mount",
    "umount2",
    "pivot_root",
    "unshare",
    "setns",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "add_key",
    "keyctl",
    "request_key",
    "open_by_handle_at",
    "pidfd_getfd",
    "pidfd_open",
    "pidfd_send_signal",
    "kcmp",
    "process_madvise",
    "personality",
};

struct Releaser {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, Releaser>;

void add_rule(const Context& context, uint32_t action, const char* name,
              std::initializer_list<scmp_arg_cmp> arguments) {
  const int number = seccomp_syscall_resolve_name(name);
  if (number < 0) return;  // this architecture has no such call: the default action stands
  const int rc =
      seccomp_rule_add_array(context.get(), action, number, static_cast<unsigned>(arguments.size()), arguments.begin());
  if (rc < 0) throw core::error_from_errno(fmt::format("cannot build the system-call filter at {}", name), -rc);
}

template <size_t N>
void add_rules(const Context& context, uint32_t action, const char* const (&names)[N]) {
  for (const char* name : names) add_rule(context, action, name, {});
}

scmp_arg_cmp masked(unsigned argument, uint64_t mask, uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}
scmp_arg_cmp equals(unsigned argument, uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }

void add_rules_on_arguments(const Context& context) {
  // A path cannot be looked at by a filter, so "" with AT_EMPTY_PATH (how glibc spells fstat) also lets a path be
  // stat'ed; that tells sizes and times, never content.
  add_rule(context, SCMP_ACT_ALLOW, "newfstatat", {masked(3, AT_EMPTY_PATH, AT_EMPTY_PATH)});
  add_rule(context, SCMP_ACT_ERRNO(EACCES), "newfstatat", {masked(3, AT_EMPTY_PATH, 0)});
  add_rule(context, SCMP_ACT_ALLOW, "statx", {masked(2, AT_EMPTY_PATH, AT_EMPTY_PATH)});
  add_rule(context, SCMP_ACT_ERRNO(EACCES), "statx", {masked(2, AT_EMPTY_PATH, 0)});
  // No code may be made, and no memory that the limit on private memory does not count.
  constexpr uint64_t map_type = 0x0f;
  add_rule(context, SCMP_ACT_ALLOW, "mmap", {masked(2, PROT_EXEC, 0), masked(3, map_type, MAP_PRIVATE)});
  add_rule(context, SCMP_ACT_ERRNO(EACCES), "mmap", {masked(3, map_type, MAP_SHARED)});
  add_rule(context, SCMP_ACT_ALLOW, "mprotect", {masked(2, PROT_EXEC, 0)});
  add_rule(context, SCMP_ACT_ERRNO(ENOTTY), "ioctl", {});
  for (const int command : {F_GETFL, F_SETFL, F_GETFD, F_SETFD, F_DUPFD, F_DUPFD_CLOEXEC})
    add_rule(context, SCMP_ACT_ALLOW, "fcntl", {equals(1, static_cast<uint64_t>(command))});
  for (const int command : {F_GETLK, F_SETLK, F_SETLKW})
    add_rule(context, SCMP_ACT_ERRNO(EACCES), "fcntl", {equals(1, static_cast<uint64_t>(command))});
  add_rule(context, SCMP_ACT_ALLOW, "tgkill", {equals(0, own_pid_placeholder)});
}

std::vector<sock_filter> compile(const Context& context) {
  core::Fd file(::memfd_create("assay-filter", MFD_CLOEXEC));
  if (!file) throw core::error_from_errno("cannot build the system-call filter", errno);
  if (const int rc = seccomp_export_bpf(context.get(), file.get()); rc < 0)
    throw core::error_from_errno("cannot build the system-call filter", -rc);
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) throw core::error_from_errno("cannot build the system-call filter", errno);
  std::vector<sock_filter> program(static_cast<size_t>(info.st_size) / sizeof(sock_filter));
  const auto bytes = static_cast<ssize_t>(program.size() * sizeof(sock_filter));
  if (::pread(file.get(), program.data(), static_cast<size_t>(bytes), 0) != bytes)
    throw core::Error(core::ErrorKind::bug, "the system-call filter was not written in full");
  return program;
}

}  // namespace

SyscallFilter SyscallFilter::build() {
  const Context context(seccomp_init(SCMP_ACT_TRAP));
  if (!context) throw core::Error(core::ErrorKind::permanent, "libseccomp cannot make a filter on this machine");
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a binary tree instead of a list
  add_rules(context, SCMP_ACT_ALLOW, allowed);
  add_rules(context, SCMP_ACT_ERRNO(EACCES), no_access);
  add_rules(context, SCMP_ACT_ERRNO(ENOSYS), not_there);
  add_rules(context, SCMP_ACT_KILL_PROCESS, fatal);
  for (const char* name : not_permitted) {
#ifdef ASSAY_SANITIZED
    // Sanitizers need these: for their reports, and a pipe to find out which memory can be read. The status says that
    // the level is reduced.
    const std::string_view wanted(name);
    if (wanted == "rt_sigaction" || wanted == "prctl" || wanted == "mincore" || wanted.starts_with("pipe")) {
      add_rule(context, SCMP_ACT_ALLOW, name, {});
      continue;
    }
#endif
    add_rule(context, SCMP_ACT_ERRNO(EPERM), name, {});
  }
  add_rules_on_arguments(context);
  SyscallFilter filter;
  filter.program_ = compile(context);
  return filter;
}

bool SyscallFilter::install(pid_t own_pid) const {
  std::vector<sock_filter> program = program_;
  for (sock_filter& instruction : program)
    if (instruction.k == own_pid_placeholder) instruction.k = static_cast<uint32_t>(own_pid);
  const sock_fprog installed{static_cast<unsigned short>(program.size()), program.data()};
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &installed) == 0;
}

std::string name_of_system_call(int64_t number) {
  const std::unique_ptr<char, decltype(&::free)> name(
      seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number)), &::free);
  return name ? std::string(name.get()) : fmt::format("number {}", number);
}

}  // namespace assay::sandbox
