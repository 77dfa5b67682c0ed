#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace assay::secure {

/// Keys and passwords: memory that is kept out of swap and core dumps where the system allows it, lies between guard
/// pages, and is overwritten when it is freed (sodium_malloc). Only to be moved; nothing formats it. Each takes some
/// pages, so it is for few secrets.
class LockedBytes {
 public:
  LockedBytes() = default;
  /// Zeros. Throws core::Error(transient) when there is no memory, and permanent when the library cannot start.
  explicit LockedBytes(size_t size);
  static LockedBytes copy_of(std::string_view bytes);
  static LockedBytes random(size_t size);

  LockedBytes(LockedBytes&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LockedBytes& operator=(LockedBytes&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }
  LockedBytes(const LockedBytes&) = delete;
  LockedBytes& operator=(const LockedBytes&) = delete;
  ~LockedBytes();

  LockedBytes copy() const { return copy_of(reveal()); }
  size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  unsigned char* data() noexcept { return bytes_; }
  const unsigned char* data() const noexcept { return bytes_; }
  /// The bytes themselves, as long as this lives: named as in core::Sensitive, to be found by that word.
  std::string_view reveal() const noexcept { return {reinterpret_cast<const char*>(bytes_), size_}; }
  /// In a time that does not depend on where they differ.
  bool equals(const LockedBytes& other) const noexcept;

 private:
  unsigned char* bytes_ = nullptr;
  size_t size_ = 0;
};

/// From here on this process leaves no core dump and no other process of the user can look into it (prctl
/// PR_SET_DUMPABLE, RLIMIT_CORE). For processes that hold keys, before they do. A program that it executes is not
/// affected by the first, and inherits the second.
void keep_memory_private();

}  // namespace assay::secure
