#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/configuration/configuration.h"
#include "secure/credentials.h"
#include "secure/key_ring.h"
#include "store/store.h"

namespace assay::cli {

/// The key file that the configuration names, else systemd's credential; "" when there is neither.
std::string key_file_of(const Configuration& configuration);

/// The keys of a database: by the password of standard input when `password_stdin`, else by the key file, else by a
/// password that the terminal is asked for. From here on the process leaves no core dump. Throws core::Error:
/// not_found when the database has no keys, denied for a wrong password or a key file that others can read.
secure::KeyRing unlock_keys(store::Store& store, const Configuration& configuration, bool password_stdin);

/// The same for a process that nobody attends. Nothing when the database has no keys or there is no key file.
std::optional<secure::KeyRing> unlock_unattended(store::Store& store, const Configuration& configuration);

/// All providers, as the configuration says. `unlock` gives the keys when the first secret of the store is needed;
/// `store` null: those are refused. The store must outlive it.
std::unique_ptr<secure::CredentialManager> credential_manager(store::Store* store, const Configuration& configuration,
                                                              std::function<secure::KeyRing()> unlock);

}  // namespace assay::cli
