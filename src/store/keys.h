#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::store {

/// BLAKE2b (RFC 7693), 16 bytes, as 32 hex digits.
std::string digest_hex(std::string_view bytes);

/// What an object is found by: 128 bits of its path. Paths can be longer than an index takes, and no two that anyone
/// can make have the same key.
inline std::string object_key(std::string_view path) { return digest_hex(path); }

/// 64 bits of it, for advisory locks: two names with one lock only wait for each other.
int64_t lock_key(std::string_view name);

/// 32 random hex digits.
std::string random_key();

}  // namespace assay::store
