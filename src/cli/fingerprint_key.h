#pragma once

#include <string>

namespace assay::cli {

/// The 32-byte key of fingerprints: from `file` when given, else from $ASSAY_FINGERPRINT_KEY (64 hex digits), else from
/// the user's own key file ($XDG_CONFIG_HOME or ~/.config)/assay/fingerprint.key, made on first use with mode 0600.
/// Where none of these can be had, a key for this run only. Throws core::Error(bad_input) for a malformed key.
std::string load_fingerprint_key(const std::string& file);

/// Where load_fingerprint_key("") gets its key, for a person. Makes no key. Throws core::Error(bad_input) for a
/// malformed one.
std::string fingerprint_key_place();

/// Eight hex digits that tell keys apart without giving them away; stands in baselines.
std::string fingerprint_key_id(const std::string& key);

}  // namespace assay::cli
