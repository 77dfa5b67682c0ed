#include "connect/connector_kind.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/printable.h"

namespace assay::connect {
namespace {

constexpr size_t most_shown = 200;

std::string names_of(const auto& list) {
  std::string text;
  for (const auto& one : list) text += (text.empty() ? "" : ", ") + std::string(one.name);
  return text.empty() ? "none" : text;
}

// Whatever stands behind ':' before the '@' of a URL's authority would end in lists, logs and the ledger.
bool has_password(std::string_view url) {
  const size_t begin = url.find("://");
  if (begin == std::string_view::npos) return false;
  const std::string_view authority = url.substr(begin + 3, url.find_first_of("/?#", begin + 3) - begin - 3);
  const size_t at = authority.rfind('@');
  return at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos;
}

void check(const ConnectorKind& kind, const SourceAddress& address) {
  using core::ErrorKind;
  for (const auto& [name, value] : address.settings)
    if (std::ranges::find(kind.settings, name, &SettingKey::name) == kind.settings.end())
      throw core::Error(ErrorKind::bad_input,
                        fmt::format("a source of kind {} has no setting '{}'; it knows: {}", kind.name,
                                    core::printable(name, most_shown), names_of(kind.settings)));
  if (address.roots.empty())
    throw core::Error(ErrorKind::bad_input, fmt::format("a source of kind {} needs a place to read", kind.name));
  if (kind.schemes.empty()) return;  // paths, in which anything may stand
  for (const std::string& root : address.roots)
    if (has_password(root))
      throw core::Error(ErrorKind::bad_input,
                        "a URL must not hold a password, which would be seen in lists and reports; give a reference "
                        "to it as a setting, such as password=env:NAME");
}

}  // namespace

const ConnectorKind* ConnectorKinds::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(kinds_, name, &ConnectorKind::name);
  return found == kinds_.end() ? nullptr : &*found;
}

const ConnectorKind* ConnectorKinds::of_url(std::string_view text) const noexcept {
  const size_t end = text.find(':');
  if (end == std::string_view::npos) return nullptr;
  const std::string_view scheme = text.substr(0, end);
  const bool has_authority = text.substr(end).starts_with("://");
  for (const ConnectorKind& kind : kinds_)
    if (std::ranges::find(kind.schemes, scheme) != kind.schemes.end())
      return kind.takes_files || has_authority ? &kind : nullptr;
  return nullptr;
}

std::unique_ptr<Connector> ConnectorKinds::make(std::string_view name, const SourceAddress& address,
                                                ConnectorContext context) const {
  const ConnectorKind* kind = find(name);
  if (kind == nullptr)
    throw core::Error(core::ErrorKind::bad_input, fmt::format("there is no kind of source '{}'; there are: {}",
                                                              core::printable(name, most_shown), names_of(kinds_)));
  check(*kind, address);
  return kind->make(address, std::move(context));
}

}  // namespace assay::connect
