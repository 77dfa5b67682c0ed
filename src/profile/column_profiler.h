#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/table_profile.h"
#include "profile/frequent_values.h"
#include "profile/hyper_log_log.h"
#include "profile/moments.h"
#include "profile/t_digest.h"
#include "profile/value_type.h"

namespace assay::profile {

/// How large the sketches of one column are.
struct SketchSizes {
  uint32_t precision = 12;                     ///< HyperLogLog: standard error of 1.6 %
  uint32_t compression = 150, buffered = 128;  ///< t-digests
  uint32_t watched = 64, filter = 512;         ///< frequent values
  uint32_t shapes = 12, shape_filter = 32;
  size_t bound_bytes = size_t{32} << 10;  ///< what a column takes, at most

  /// Where there are thousands of columns.
  static constexpr SketchSizes small() {
    return {.precision = 8,
            .compression = 20,
            .buffered = 8,
            .watched = 4,
            .filter = 32,
            .shapes = 3,
            .shape_filter = 8,
            .bound_bytes = size_t{7} << 9};
  }
};

/// A column's profile with raw values in it, and whether these may be shown.
struct ColumnStatistics {
  model::ColumnProfile profile;
  /// At most 50 different values, each at least five times there and a short word or number: what says something of a
  /// kind, not of somebody.
  bool is_categorical = false;
};

/// Puts together what the values of one column are like, in one pass. A value that occurs again costs a hash and a
/// count: what it reads as is remembered with it while it is watched, and entered when it is not any more.
class ColumnProfiler {
 public:
  /// `now_s`: since 1970; what is later does not count as a column's newest time.
  explicit ColumnProfiler(const SketchSizes& sizes, int64_t now_s);

  /// A cell that has text, white space included.
  void value(std::string_view cell);
  void empty() { ++empty_; }
  /// A value that is there and was not read.
  void unread() { ++unread_; }

  /// What it learnt so far, to go on in another one. Raw values are in it.
  void save(core::WireWriter& out);
  /// Adds what another one saved of other values of the column; no value may be given after that. Throws
  /// core::Error(permanent) for what none of the same sizes saved.
  void absorb(core::WireReader& saved);

  /// What was learnt of `rows` rows: those without a value above have none. As many as there are values count at least,
  /// since a row may have several. To be called once.
  ColumnStatistics finish(uint64_t rows);
  size_t memory_bytes() const;

 private:
  struct Memory {  // of a watched value
    Reading reading;
    uint32_t length = 0;  // in code points
    uint64_t pending = 0;
  };
  struct Magnitudes {
    Magnitudes(uint32_t compression, uint32_t buffered) : digest(compression, buffered) {}
    void save(core::WireWriter& out);
    void absorb(core::WireReader& saved);
    Moments moments;
    TDigest digest;
  };
  struct Verdict {
    ValueType type = ValueType::text;
    uint64_t conforming = 0;
  };

  void enter(const Reading& reading, uint32_t length, std::string_view text, uint64_t times);
  void enter_time(const Reading& reading, uint64_t times);
  void note_shape(std::string_view text, uint64_t times);
  void forget(uint32_t place);
  void forget_all();
  Verdict judge() const;
  void describe(Magnitudes& magnitudes, model::ColumnProfile& profile) const;
  bool has_categories() const;

  SketchSizes sizes_;
  int64_t now_s_;
  HyperLogLog distinct_;
  FrequentValues frequent_;
  std::vector<Memory> memories_;  // of frequent_, by place
  FrequentValues shapes_;
  std::array<uint64_t, value_type_count> types_{};
  std::array<uint64_t, 4> orders_{};  // of dates and timestamps
  std::optional<Magnitudes> numbers_, times_;
  std::optional<double> newest_s_;
  uint64_t empty_ = 0, null_tokens_ = 0, unread_ = 0, values_ = 0;
  uint64_t shapes_due_ = 0;  // values that wait for one whose shape stands for them
  uint64_t random_ = 0;
  uint64_t length_sum_ = 0, shortest_ = UINT64_MAX, longest_ = 0;
};

}  // namespace assay::profile
