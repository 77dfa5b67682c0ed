#include "cli/source_arguments.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr std::string_view files = "files";

// "name://...", or "name:..." of a kind that takes files, with a name that no file of this machine has.
bool looks_like_url(const connect::ConnectorKinds& kinds, const std::string& text) {
  const size_t end = text.find("://");
  struct stat unused{};
  const bool has_scheme = end != std::string::npos && end != 0 && text.find('/') > end;
  return (has_scheme || kinds.of_url(text) != nullptr) && ::lstat(text.c_str(), &unused) != 0;
}

std::string_view kind_of_root(const connect::ConnectorKinds& kinds, const std::string& root) {
  if (!looks_like_url(kinds, root)) return files;
  if (const auto* kind = kinds.of_url(root)) return kind->name;
  throw core::Error(core::ErrorKind::bad_input,
                    fmt::format("no kind of source has URLs that begin with {}://; `assay source kinds` lists them",
                                core::printable(root.substr(0, root.find("://")), 100)));
}

}  // namespace

std::string kind_of_roots(const connect::ConnectorKinds& kinds, const std::vector<std::string>& roots) {
  std::string_view kind;
  for (const std::string& root : roots) {
    const std::string_view of_root = kind_of_root(kinds, root);
    if (!kind.empty() && kind != of_root)
      throw core::Error(core::ErrorKind::bad_input,
                        fmt::format("places of the kinds {} and {} cannot be read at a time; give each its own command",
                                    kind, of_root));
    kind = of_root;
  }
  return std::string(kind.empty() ? files : kind);
}

void add_settings(connect::SourceAddress& address, const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    // Not quoted: it may be a secret that somebody gave without its key.
    if (equals == std::string::npos || equals == 0)
      throw core::Error(core::ErrorKind::bad_input, "a --setting must be KEY=VALUE");
    const std::string key = setting.substr(0, equals);
    if (!address.settings.emplace(key, setting.substr(equals + 1)).second)
      throw core::Error(core::ErrorKind::bad_input,
                        fmt::format("the setting '{}' is given twice", core::printable(key, 200)));
  }
}

}  // namespace assay::cli
