#include "secure/store_credentials.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/printable.h"
#include "secure/key_management.h"

namespace assay::secure {
namespace {

constexpr int most_tries = 5;
constexpr size_t max_name_bytes = 200;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

[[noreturn]] void give_up() {
  throw core::Error(core::ErrorKind::transient, "the keys change too quickly to keep up; try again");
}

}  // namespace

bool is_credential_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > max_name_bytes || !is_alphanumeric(name.front()) || !is_alphanumeric(name.back()))
    return false;
  return std::ranges::all_of(name,
                             [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-' || c == '/'; });
}

void StoreCredentials::refresh() { ring_.refresh(existing_envelope(store_)); }

void StoreCredentials::put(std::string_view name, std::string_view value) {
  if (!is_credential_name(name))
    throw core::Error(core::ErrorKind::bad_input,
                      "a credential's name is made of letters, digits and . _ - / between them, at most 200 of them");
  if (value.empty()) throw core::Error(core::ErrorKind::bad_input, "the value is empty");
  if (value.size() > max_credential_bytes)
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("the value is longer than {} bytes", max_credential_bytes));
  const std::lock_guard lock(mutex_);
  for (int i = 0; i < most_tries; ++i) {
    if (store_.put_credential(name, ring_.active_generation(), ring_.seal_value(credential_column, name, value)))
      return;
    refresh();
  }
  give_up();
}

core::Sensitive<std::string> StoreCredentials::get(std::string_view name) {
  const std::lock_guard lock(mutex_);
  for (int i = 0; i < most_tries; ++i) {
    const auto found = store_.find_credential(name);
    if (!found)
      throw core::Error(core::ErrorKind::not_found,
                        fmt::format("there is no credential '{}'; `assay credential list` shows them",
                                    core::printable(name, max_name_bytes)));
    // Sealed by a rotation that began after the keys were read. It may have ended, and another come, until they are.
    if (!ring_.has_generation(found->facts.key_generation)) {
      refresh();
      if (!ring_.has_generation(found->facts.key_generation)) continue;
    }
    const auto plain = ring_.unseal_value(credential_column, name, found->facts.key_generation, found->sealed);
    if (!plain)
      throw core::Error(core::ErrorKind::permanent,
                        fmt::format("the credential '{}' is damaged, or belongs to another row; set it again",
                                    core::printable(name, max_name_bytes)));
    return core::Sensitive<std::string>(std::string(plain->reveal()));
  }
  give_up();
}

}  // namespace assay::secure
