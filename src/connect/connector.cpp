#include "connect/connector.h"

namespace assay::connect {

std::string Connector::path_of(size_t root, std::string_view name) const {
  std::string path = roots().at(root);
  if (name.empty()) return path;
  if (!path.ends_with('/')) path += '/';
  return path += name;
}

}  // namespace assay::connect
