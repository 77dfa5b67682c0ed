#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "secure/locked_bytes.h"

/// Authenticated encryption: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, in libsodium's IETF variant). What is sealed
/// is bound to its place: it opens only with the same texts, so that a value moved to another row or column of the
/// database is refused instead of believed.
namespace assay::secure {

/// Where something sealed belongs, as texts: each counts with its length, so that ("ab", "c") is not ("a", "bc").
std::string place_of(std::initializer_list<std::string_view> parts);

/// A version byte, 24 random bytes of nonce, ciphertext, 16 bytes of tag. Equal secrets look different.
std::string seal(const LockedBytes& key, std::string_view place, std::string_view plain);

/// Nothing when the key or the place is another or a bit has changed. Throws core::Error(permanent) for a version that
/// this Assay does not know.
std::optional<LockedBytes> unseal(const LockedBytes& key, std::string_view place, std::string_view sealed);

}  // namespace assay::secure
