#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace assay::extract {

/// The bytes of one object or member, readable at any offset. Not thread-safe.
/// Reads are charged to the object's budgets by whoever made the input; they throw Failure when a budget ends, when
/// the source fails (io_error) or when a compressed member is damaged (partial).
class Input {
 public:
  virtual ~Input() = default;

  /// Fills `out` from `offset` and returns the number of bytes; fewer than asked means the end was reached.
  virtual size_t read_at(uint64_t offset, std::span<char> out) = 0;

  /// Size in bytes when known without reading to the end.
  virtual std::optional<uint64_t> known_size() const = 0;

  /// Size in bytes; a sequential source is spooled to its end first.
  virtual uint64_t size() = 0;

  /// A descriptor that supports pread over exactly these bytes, for libraries that want one; -1 when there is none
  /// (the bytes are in memory, or are a window of a larger file). Owned by the input.
  virtual int descriptor() const { return -1; }

  /// Whether the object goes on behind what this gives, as far as has been read.
  virtual bool is_cut() const { return false; }

  /// All bytes, when there are at most `max_bytes`; nullopt when there are more.
  std::optional<std::string> read_all(size_t max_bytes);
};

/// Bytes that the caller keeps alive.
class MemoryInput final : public Input {
 public:
  explicit MemoryInput(std::string_view bytes) : bytes_(bytes) {}
  size_t read_at(uint64_t offset, std::span<char> out) override;
  std::optional<uint64_t> known_size() const override { return bytes_.size(); }
  uint64_t size() override { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

/// A regular file (pread). Does not own the descriptor. Reads at most `max_bytes` of it when that is not 0. Its size is
/// what the file system says until less turns out to be there (sysfs says a page of all its files).
class FileInput final : public Input {
 public:
  explicit FileInput(int fd, uint64_t max_bytes = 0);
  size_t read_at(uint64_t offset, std::span<char> out) override;
  std::optional<uint64_t> known_size() const override { return size_; }
  uint64_t size() override { return size_; }
  int descriptor() const override { return fd_; }

 private:
  int fd_;
  uint64_t size_;
};

/// Scratch space of one extractor process: one unlinked file, handed in by the parent, used as a stack.
/// Inputs spooled into it must be destroyed in reverse order of creation, which nesting of members gives for free.
class Scratch {
 public:
  /// Does not own `fd`, a file open for reading and writing, or -1: then spooling past memory is a limit.
  Scratch(int fd, uint64_t max_bytes) : fd_(fd), max_bytes_(max_bytes) {}
  int fd() const noexcept { return fd_; }
  uint64_t top() const noexcept { return top_; }
  void append(std::span<const char> bytes);  ///< throws Failure(limit) past max_bytes
  void truncate_to(uint64_t top);

 private:
  int fd_;
  uint64_t max_bytes_;
  uint64_t top_ = 0;
};

/// Makes a sequential source (an archive member, a decoder, a pipe) readable at any offset: what was pulled is kept
/// in memory up to 1 MiB, then in scratch. While one spool grows in scratch no other may grow above it, so a nested
/// member is read to its end (`size()`) before a member inside it is opened; who examines members does so. A Failure of
/// the source, or of the bound, comes again with every read behind what was pulled before it.
class SpooledInput final : public Input {
 public:
  /// Fills the span and returns the number of bytes, 0 at the end. May throw Failure.
  using Pull = std::function<size_t(std::span<char>)>;
  SpooledInput(Pull pull, Scratch& scratch, uint64_t max_bytes);
  ~SpooledInput() override;
  size_t read_at(uint64_t offset, std::span<char> out) override;
  std::optional<uint64_t> known_size() const override;
  uint64_t size() override;

 private:
  void pull_until(uint64_t end);
  void pull_more();

  Pull pull_;
  Scratch& scratch_;
  uint64_t max_bytes_;
  std::string memory_;
  uint64_t scratch_base_ = 0;
  uint64_t pulled_ = 0;
  bool in_scratch_ = false;
  bool ended_ = false;
  std::exception_ptr failure_;
};

}  // namespace assay::extract
