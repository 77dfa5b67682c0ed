#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/sensitive.h"
#include "secure/key_ring.h"
#include "secure/secret_store.h"

namespace assay::secure {

constexpr std::string_view credential_column = "credentials.value";
constexpr size_t max_credential_bytes = 64UL << 10;

/// What a credential may be called: letters, digits, and . _ - / inside, at most 200 bytes.
bool is_credential_name(std::string_view name) noexcept;

/// Credentials that the database keeps sealed. Follows rotations of the key that others make. Thread-safe. The store
/// must outlive it.
class StoreCredentials {
 public:
  StoreCredentials(SecretStore& store, KeyRing ring) : store_(store), ring_(std::move(ring)) {}

  /// New, or another value. Throws core::Error(bad_input) for a name that is none, an empty value, and one too long.
  void put(std::string_view name, std::string_view value);
  /// Throws core::Error: not_found, permanent when it was damaged or moved, denied when the keys' password was changed.
  core::Sensitive<std::string> get(std::string_view name);

 private:
  void refresh();

  SecretStore& store_;
  std::mutex mutex_;
  KeyRing ring_;
};

}  // namespace assay::secure
