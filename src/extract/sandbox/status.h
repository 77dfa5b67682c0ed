#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::sandbox {

/// The layers that hold a worker. Bits, so that a worker can say in one word which of them stand.
enum class Layer : uint32_t {
  rlimits = 1,
  no_new_privileges = 2,
  seccomp = 4,
  landlock = 8,
  unprivileged = 16,  ///< it does not run as root and holds no capabilities
};

enum class Level : uint8_t {
  none,     ///< no system-call filter: a broken parser could do what the user can
  reduced,  ///< the filter stands, another layer does not
  full,
};

std::string_view to_string(Level level) noexcept;

/// How well workers are held on this machine, layer by layer.
struct SandboxStatus {
  int landlock_abi = 0;  ///< 0: the kernel has none, or it is switched off
  bool landlock = false;
  bool seccomp = false;
  bool rlimits = false;
  bool no_new_privileges = false;
  bool unprivileged = false;
  Level level = Level::none;
  std::vector<std::string> reasons;  ///< why the level is not full, for a person
};

/// Fills level and reasons from layers that stand (bits of Layer).
SandboxStatus status_from_layers(uint32_t layers, int landlock_abi);

/// What this kernel offers, asked without starting anything. Never throws.
SandboxStatus probe_sandbox();

}  // namespace assay::sandbox
