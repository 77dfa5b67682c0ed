#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "connect/connector.h"

namespace assay::connect {

/// How the bytes of a reader reach an examiner: as a descriptor. Objects up to `most_in_memory_bytes` are fetched whole
/// into memory and can be read at any offset; longer ones are pumped to it while they are examined.
class Delivery {
 public:
  static constexpr uint64_t most_in_memory_bytes = uint64_t{1} << 20;

  /// Reads the beginning of the object. Throws as ObjectReader::read().
  explicit Delivery(std::unique_ptr<ObjectReader> reader);
  ~Delivery();
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  /// The examiner's end; to be taken once.
  core::Fd take_descriptor();
  /// Whether the descriptor can be read once and forwards only, and pump() must feed it.
  bool is_stream() const noexcept { return is_stream_; }
  /// As ObjectReader::is_standing().
  std::shared_ptr<const std::atomic<bool>> is_standing() const { return is_standing_; }

  /// Feeds the descriptor until the object ends or its examiner has enough of it. What the reader throws is kept for
  /// failure(): the examiner only sees an early end. Rethrows core::Error, since the source is gone. To be called once:
  /// the reader is gone then.
  void pump();

  /// Why the examiner saw less than the whole object; nullopt when it did not, or stopped reading by itself. Known
  /// before the examiner can see the end. From any thread.
  std::optional<model::Verdict> failure() const;

 private:
  void fail(model::Verdict verdict);
  bool write_all(std::span<const char> bytes);

  std::unique_ptr<ObjectReader> reader_;
  const std::shared_ptr<const std::atomic<bool>> is_standing_;
  core::Fd ours_, theirs_;
  std::string beginning_;
  bool is_stream_ = false;
  mutable std::mutex mutex_;
  std::optional<model::Verdict> failure_;
};

}  // namespace assay::connect
