#include "cli/secrets.h"

#include "cli/secret_input.h"
#include "core/error.h"
#include "secure/key_management.h"
#include "secure/secret_file.h"
#include "secure/store_credentials.h"

namespace assay::cli {
namespace {

secure::VaultOptions vault_options(const Configuration& configuration, secure::CredentialManager& credentials) {
  // A reference of its own: where it leads is looked up when the token is needed, and again when it is refused.
  const auto source = [&credentials](const std::string& reference) {
    return [&credentials, reference] { return credentials.resolve(reference); };
  };
  secure::VaultOptions options{.address = configuration.text("vault.address"),
                               .ca_file = configuration.text("vault.ca_file"),
                               .name_space = configuration.text("vault.namespace"),
                               .token = nullptr,
                               .role_id = configuration.text("vault.role_id"),
                               .secret_id = nullptr,
                               .approle_mount = configuration.text("vault.approle_mount"),
                               .timeout_ms = static_cast<int64_t>(configuration.number("vault.timeout_ms")),
                               .now_ms = nullptr};
  if (options.role_id.empty()) options.token = source(configuration.text("vault.token"));
  else if (!configuration.text("vault.secret_id").empty())
    options.secret_id = source(configuration.text("vault.secret_id"));
  return options;
}

}  // namespace

std::string key_file_of(const Configuration& configuration) {
  const std::string& configured = configuration.text("key_file");
  return configured.empty() ? secure::systemd_credential_path() : configured;
}

secure::KeyRing unlock_keys(store::Store& store, const Configuration& configuration, bool password_stdin) {
  secure::keep_memory_private();
  const auto envelope = secure::existing_envelope(store.secrets());
  const std::string file = key_file_of(configuration);
  if (!password_stdin && !file.empty()) return secure::KeyRing::unlock(envelope, secure::read_key_file(file));
  const SecretInput input(password_stdin ? SecretInput::From::standard_input : SecretInput::From::terminal);
  return secure::KeyRing::unlock(envelope, input.line("Password of the keys"));
}

std::optional<secure::KeyRing> unlock_unattended(store::Store& store, const Configuration& configuration) {
  const std::string file = key_file_of(configuration);
  if (file.empty()) return std::nullopt;
  const auto envelope = store.secrets().find_key_envelope();
  if (!envelope) return std::nullopt;
  secure::keep_memory_private();
  return secure::KeyRing::unlock(*envelope, secure::read_key_file(file));
}

std::unique_ptr<secure::CredentialManager> credential_manager(store::Store* store, const Configuration& configuration,
                                                              std::function<secure::KeyRing()> unlock) {
  auto credentials = std::make_unique<secure::CredentialManager>();
  if (store)
    credentials->add(secure::store_provider([store, unlock = std::move(unlock)] {
      return std::make_unique<secure::StoreCredentials>(store->secrets(), unlock());
    }));
  else credentials->add(secure::absent_provider("store", "secrets of the store need a database; see --database"));
  credentials->add(secure::file_provider());
  credentials->add(secure::environment_provider());
  if (configuration.text("vault.address").empty())
    credentials->add(secure::absent_provider("vault", "vault.address is not set; docs/secrets.md tells of it"));
  else credentials->add(secure::vault_provider(vault_options(configuration, *credentials)));
  return credentials;
}

}  // namespace assay::cli
