#include "secure/locked_bytes.h"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstring>

#include "core/error.h"

namespace assay::secure {

LockedBytes::LockedBytes(size_t size) : size_(size) {
  if (sodium_init() < 0)
    throw core::Error(core::ErrorKind::permanent, "the cryptography library libsodium cannot start");
  if (size == 0) return;
  bytes_ = static_cast<unsigned char*>(sodium_malloc(size));
  if (bytes_ == nullptr) throw core::Error(core::ErrorKind::transient, "there is no memory for a key");
  sodium_memzero(bytes_, size);
}

LockedBytes::~LockedBytes() { sodium_free(bytes_); }

LockedBytes LockedBytes::copy_of(std::string_view bytes) {
  LockedBytes copy(bytes.size());
  if (copy.bytes_ != nullptr) std::memcpy(copy.bytes_, bytes.data(), bytes.size());
  return copy;
}

LockedBytes LockedBytes::random(size_t size) {
  LockedBytes bytes(size);
  if (bytes.bytes_ != nullptr) randombytes_buf(bytes.bytes_, size);
  return bytes;
}

bool LockedBytes::equals(const LockedBytes& other) const noexcept {
  return size_ == other.size_ && (size_ == 0 || sodium_memcmp(bytes_, other.bytes_, size_) == 0);
}

void keep_memory_private() {
  const rlimit none{0, 0};
  bool is_private = ::setrlimit(RLIMIT_CORE, &none) == 0;
#ifndef ASSAY_SANITIZED  // the leak sanitizer looks into its own process
  is_private = is_private && ::prctl(PR_SET_DUMPABLE, 0) == 0;
#endif
  if (!is_private)
    throw core::Error(core::ErrorKind::permanent, "core dumps cannot be turned off, so no key is taken into memory");
}

}  // namespace assay::secure
