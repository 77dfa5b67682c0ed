#include "extract/sandbox/status.h"

#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "extract/sandbox/landlock.h"

namespace assay::sandbox {
namespace {

bool has(uint32_t layers, Layer layer) { return (layers & static_cast<uint32_t>(layer)) != 0; }

bool kernel_has_seccomp_filter() {
  uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &action) == 0;
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::none: return "none";
    case Level::reduced: return "reduced";
    case Level::full: return "full";
  }
  return "none";
}

SandboxStatus status_from_layers(uint32_t layers, int landlock_abi) {
  SandboxStatus status;
  status.landlock_abi = landlock_abi;
  auto judge = [&](Layer layer, bool& standing, const char* missing) {
    standing = has(layers, layer);
    if (!standing) status.reasons.emplace_back(missing);
  };
  judge(Layer::seccomp, status.seccomp, "the kernel has no seccomp filter");
  judge(Layer::landlock, status.landlock, "the kernel has no Landlock, or it is not among the active security modules");
  judge(Layer::rlimits, status.rlimits, "resource limits could not be set");
  judge(Layer::no_new_privileges, status.no_new_privileges, "no_new_privs could not be set");
  judge(Layer::unprivileged, status.unprivileged, "root's rights could not be given up");
#ifdef ASSAY_SANITIZED
  status.reasons.emplace_back("this is a sanitizer build: memory is not limited and the filter is wider");
#endif
  status.level = !status.seccomp ? Level::none : status.reasons.empty() ? Level::full : Level::reduced;
  return status;
}

SandboxStatus probe_sandbox() {
  uint32_t layers = static_cast<uint32_t>(Layer::rlimits) | static_cast<uint32_t>(Layer::no_new_privileges) |
                    static_cast<uint32_t>(Layer::unprivileged);
  if (kernel_has_seccomp_filter()) layers |= static_cast<uint32_t>(Layer::seccomp);
  const int abi = landlock_abi();
  if (abi > 0) layers |= static_cast<uint32_t>(Layer::landlock);
  return status_from_layers(layers, abi);
}

}  // namespace assay::sandbox
