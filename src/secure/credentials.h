#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/sensitive.h"

/// Secrets that sources need, by reference: what a configuration holds is where a secret is, and it is fetched at the
/// moment of its use (docs/secrets.md).
namespace assay::secure {

/// "vault:secret/data/crm#password" is {"vault", "secret/data/crm", "password"}.
struct Reference {
  std::string scheme, path;
  std::string key;  ///< after the last `#`; "" none
};

/// Throws core::Error(bad_input) for a text that is no reference. The message does not quote it: it may be a secret
/// that somebody put where a reference belongs.
Reference parse_reference(std::string_view text);

/// One kind of place. Thread-safe. Errors say what could not be had and why, and hold no value.
class CredentialProvider {
 public:
  CredentialProvider() = default;
  CredentialProvider(const CredentialProvider&) = delete;
  CredentialProvider& operator=(const CredentialProvider&) = delete;
  virtual ~CredentialProvider() = default;

  virtual std::string_view scheme() const noexcept = 0;
  /// Throws core::Error: bad_input for a reference that makes no sense here, not_found, denied, transient when the
  /// place does not answer, permanent.
  virtual core::Sensitive<std::string> resolve(const Reference& reference) = 0;
};

/// Hands each reference to the provider of its scheme. Thread-safe once all providers are there.
class CredentialManager {
 public:
  void add(std::unique_ptr<CredentialProvider> provider);
  /// The secret, fetched now: nothing is kept. Throws as CredentialProvider::resolve().
  core::Sensitive<std::string> resolve(std::string_view reference);

 private:
  std::vector<std::unique_ptr<CredentialProvider>> providers_;
};

class StoreCredentials;

/// store:NAME. `open` is called when the first one is needed, and again until it does not throw.
std::unique_ptr<CredentialProvider> store_provider(std::function<std::unique_ptr<StoreCredentials>()> open);
/// file:/PATH, all of it but a newline at its end; file:/PATH#KEY, one member of a JSON object or one KEY=VALUE line.
std::unique_ptr<CredentialProvider> file_provider();
/// env:NAME, of this process.
std::unique_ptr<CredentialProvider> environment_provider();

/// A provider whose settings are missing: says what to set.
std::unique_ptr<CredentialProvider> absent_provider(std::string scheme, std::string what_to_do);

struct VaultOptions {
  using Source = std::function<core::Sensitive<std::string>()>;

  std::string address;     ///< https://vault.example.org:8200; http only to this machine
  std::string ca_file;     ///< PEM; "": those of the system
  std::string name_space;  ///< of Vault Enterprise or OpenBao; "" none
  Source token;            ///< token authentication; or else:
  std::string role_id;     ///< AppRole ...
  Source secret_id;        ///< ... and its secret
  std::string approle_mount = "approle";
  int64_t timeout_ms = 10'000;
  std::function<int64_t()> now_ms;  ///< a clock that only goes forward; empty: the machine's
};
/// vault:MOUNT/data/PATH#KEY, from HashiCorp Vault or OpenBao, secrets engine KV version 2. Logs in when first needed,
/// renews its token when two thirds of its time are over and it is used, and logs in again when it is refused. Throws
/// core::Error(bad_input) for options that make no sense.
std::unique_ptr<CredentialProvider> vault_provider(VaultOptions options);

}  // namespace assay::secure
