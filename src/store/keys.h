#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::store {

/// BLAKE2b (RFC 7693), 16 bytes, as 32 hex digits.
std::string digest_hex(std::string_view bytes);

/// What an object is found by: its path, as text; of one too long for an index, the beginning and 128 bits of the
/// whole, so that no two that anyone can make have the same key. Objects that lie together have keys that lie together,
/// which keeps what a task writes within few pages.
std::string object_key(std::string_view path);

/// 64 bits of a digest, for advisory locks: two names with one lock only wait for each other.
int64_t lock_key(std::string_view name);

/// 32 random hex digits.
std::string random_key();

}  // namespace assay::store
