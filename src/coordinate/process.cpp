#include "coordinate/process.h"

#include <unistd.h>

#include <array>
namespace assay::coordinate {

store::ProcessIdentity this_process(const std::string& name, const std::string& node_group, Random& random) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  store::ProcessIdentity identity;
  identity.id = random_uuid(random);
  identity.host = host.data();
  identity.pid = getpid();
  identity.name = name.empty() ? identity.host + "-" + std::to_string(identity.pid) : name;
  identity.node_group = node_group;
  return identity;
}

}  // namespace assay::coordinate
