#include "extract/sandbox/lockdown.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <new>

#include "core/fd.h"
#include "extract/sandbox/landlock.h"
#include "extract/sandbox/status.h"
#include "extract/sandbox/wire.h"

namespace assay::sandbox {
namespace {

constexpr uid_t nobody = 65534;
constexpr rlim_t max_descriptors = 64;  // a batch of objects, the channel, scratch, and room for dup
constexpr rlim_t max_stack_bytes = 8 << 20;

SharedPage* page_of_this_worker = nullptr;

void on_refused_system_call(int, siginfo_t* info, void*) {
  if (page_of_this_worker != nullptr) page_of_this_worker->violating_call.store(info->si_syscall);
  ::_exit(exit_violation);
}

void on_out_of_memory() { ::_exit(exit_out_of_memory); }

void set_signals() {
  struct sigaction action{};
  action.sa_sigaction = on_refused_system_call;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGSYS, &action, nullptr);
  ::signal(SIGXFSZ, SIG_IGN);  // a full scratch is an error of write, not a death
  std::set_new_handler(on_out_of_memory);
}

bool set_limit(__rlimit_resource resource, rlim_t value) {
  const rlimit limit{value, value};
  return ::setrlimit(resource, &limit) == 0;
}

// RLIMIT_DATA counts what really costs memory: private writable pages, from brk and mmap alike. What the zygote has
// mapped is counted too, so the worker's share comes on top. RLIMIT_AS has room beyond that: it keeps page tables
// small.
bool set_limits(const LockdownOptions& options) {
  bool all = set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_NOFILE, max_descriptors) && set_limit(RLIMIT_NPROC, 0) &&
             set_limit(RLIMIT_FSIZE, options.scratch_bytes) && set_limit(RLIMIT_STACK, max_stack_bytes) &&
             set_limit(RLIMIT_MSGQUEUE, 0) && set_limit(RLIMIT_MEMLOCK, 0);
#ifndef ASSAY_SANITIZED
  const MemoryUse use = memory_use();
  constexpr rlim_t address_room = rlim_t{1} << 30;
  all = all && use.private_bytes != 0 && set_limit(RLIMIT_DATA, use.private_bytes + options.memory_bytes) &&
        set_limit(RLIMIT_AS, use.total_bytes + options.memory_bytes + address_room);
#endif
  return all;
}

bool drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, 2> none{};
  return ::syscall(SYS_capset, &header, none.data()) == 0;
}

bool drop_privileges() {
  if (::geteuid() == 0) {
    for (int capability = 0; capability <= 63; ++capability)
      if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) break;
    if (::setgroups(0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0 ||
        ::setresuid(nobody, nobody, nobody) != 0)
      return false;
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return drop_capabilities();
}

}  // namespace

MemoryUse memory_use() {
  MemoryUse use;
  const core::Fd file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 256> text{};
  if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) return use;
  unsigned long total = 0;
  unsigned long resident = 0;
  unsigned long data = 0;
  if (std::sscanf(text.data(), "%lu %lu %*u %*u %*u %lu", &total, &resident, &data) != 3) return use;
  const auto page_bytes = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  use.total_bytes = total * page_bytes;
  use.resident_bytes = resident * page_bytes;
  use.private_bytes = data * page_bytes;
  return use;
}

uint32_t lock_down(const LockdownOptions& options) {
  uint32_t layers = 0;
  auto stands = [&layers](bool ok, Layer layer) {
    if (ok) layers |= static_cast<uint32_t>(layer);
  };
  page_of_this_worker = options.page;
  set_signals();
  stands(set_limits(options), Layer::rlimits);
  stands(drop_privileges(), Layer::unprivileged);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  // A change of user clears the parent-death signal, so it is set after it; a zygote that died before is seen here.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != options.zygote_pid) ::_exit(exit_channel_lost);
  const bool no_new_privileges = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  stands(no_new_privileges, Layer::no_new_privileges);
  stands(no_new_privileges && restrict_with_landlock(options.landlock_abi), Layer::landlock);
  stands(no_new_privileges && options.filter != nullptr && options.filter->install(::getpid()), Layer::seccomp);
  return layers;
}

}  // namespace assay::sandbox
