#pragma once

#include <optional>
#include <string>

#include "secure/key_ring.h"
#include "secure/locked_bytes.h"

namespace assay::secure {

/// A regular file, whole. Throws core::Error naming the path: not_found, denied, bad_input when it is no regular file
/// or longer than `most_bytes`.
LockedBytes read_secret_file(const std::string& path, size_t most_bytes);

/// What a key file holds: "assay-key 1 <envelope> <64 hex digits>" and a newline. With it the keys of a database are
/// unlocked without the password, which cannot be had from it.
///
/// Throws core::Error: not_found; denied when the file is not the user's (or root's) own or others may do anything with
/// it (0400 and 0600 are right); bad_input when it is no key file.
MasterKey read_key_file(const std::string& path);

/// With mode 0400, whole or not at all. Throws core::Error(bad_input) when there is a file already.
void write_key_file(const std::string& path, const MasterKey& key);

/// The credential `assay-key` of the systemd unit that this process runs in ($CREDENTIALS_DIRECTORY): its path when it
/// is there, else "".
std::string systemd_credential_path();

}  // namespace assay::secure
