#include "scan/jobs/open_object.h"

namespace assay::scan {

std::string last_name(const std::string& name) {
  const size_t slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

OpenObject open_object(std::string path, connect::OpenedObject& opened) {
  OpenObject object;
  object.path = std::move(path);
  object.name = last_name(opened.entry.name);
  object.size = opened.entry.size;
  object.fd = std::move(opened.fd);
  object.is_stream = opened.is_stream;
  object.is_rows = opened.entry.is_table;
  object.owner = std::move(opened.entry.owner);
  object.part = std::move(opened.part);
  object.check = std::move(opened.check);
  return object;
}

}  // namespace assay::scan
