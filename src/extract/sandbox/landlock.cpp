#include "extract/sandbox/landlock.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace assay::sandbox {
namespace {

// System headers may be older than the kernel, so the numbers of the interface stand here.
constexpr long nr_create_ruleset = 444;
constexpr long nr_restrict_self = 446;
constexpr uint32_t create_ruleset_version = 1;

struct RulesetAttributes {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;  // since ABI 4
  uint64_t scoped;              // since ABI 6
};

constexpr uint64_t low_bits(int count) { return (uint64_t{1} << count) - 1; }

uint64_t file_rights(int abi) {
  if (abi >= 5) return low_bits(16);  // + ioctl on devices
  if (abi >= 3) return low_bits(15);  // + truncate
  if (abi == 2) return low_bits(14);  // + refer
  return low_bits(13);
}

}  // namespace

int landlock_abi() {
  const long abi = ::syscall(nr_create_ruleset, nullptr, 0UL, create_ruleset_version);
  return abi > 0 ? static_cast<int>(abi) : 0;
}

bool restrict_with_landlock(int abi) {
  if (abi <= 0) return false;
  RulesetAttributes attributes{};
  attributes.handled_access_fs = file_rights(abi);
  if (abi >= 4) attributes.handled_access_net = low_bits(2);  // bind, connect
  if (abi >= 6) attributes.scoped = low_bits(2);              // abstract sockets, signals
  const size_t size = abi >= 6 ? sizeof(RulesetAttributes) : abi >= 4 ? 16 : 8;
  const long ruleset = ::syscall(nr_create_ruleset, &attributes, size, 0U);
  if (ruleset < 0) return false;
  const bool restricted = ::syscall(nr_restrict_self, static_cast<int>(ruleset), 0U) == 0;
  ::close(static_cast<int>(ruleset));
  return restricted;
}

}  // namespace assay::sandbox
