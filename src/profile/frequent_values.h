#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/codec.h"

namespace assay::profile {

/// The most frequent values of a stream within a bound: Space-Saving (Metwally, Agrawal, El Abbadi: "Efficient
/// computation of frequent and top-k elements in data streams", 2005) behind a filter, as Homem and Carvalho propose
/// ("Finding top-k elements in data streams", 2010): a value enters only when its cell of the filter has counted as
/// much as the least of those that are watched. So most values that occur once cost one count.
///
/// Of each watched value, count - error <= how often it occurred <= count; one that is not watched occurred at most
/// as often as the least count among them says, and not at all while there is place.
class FrequentValues {
 public:
  static constexpr size_t max_text_bytes = 68;  ///< of a value; the rest of longer ones is forgotten

  struct Entry {
    std::string_view text;  ///< valid while nothing is added
    uint64_t count = 0, error = 0;
    uint64_t surely() const { return count - error; }  ///< it occurred at least so often
  };

  /// `watched`: how many values, at most 128. `filter`: cells of the filter, a power of two.
  FrequentValues(uint32_t watched, uint32_t filter);

  /// The place of the entry of a watched value.
  std::optional<uint32_t> find(uint64_t hash) const;
  /// The value of the entry occurred again.
  void count(uint32_t place, uint64_t times);
  /// Of a value that is not watched: the place it is to take, nothing when it is only counted in the filter. What is
  /// there is gone when enter() is called.
  std::optional<uint32_t> admit(uint64_t hash, uint64_t times);
  /// Right after admit() gave `place`.
  void enter(uint32_t place, uint64_t hash, std::string_view value, uint64_t times);

  /// All at once.
  void add(uint64_t hash, std::string_view value, uint64_t times = 1);

  void save(core::WireWriter& out) const;
  /// Adds what another one of the same sizes saved: a value that one of the two does not watch occurred there at most
  /// as often as its cell of the filter says. Places are others behind it. Throws core::Error(permanent) for what none
  /// saved.
  void absorb(core::WireReader& saved);

  size_t size() const { return counts_.size(); }
  Entry entry(uint32_t place) const {
    return {.text = texts_[place].view(), .count = counts_[place], .error = errors_[place]};
  }
  std::vector<Entry> by_count() const;  ///< most surely frequent first
  bool is_full() const { return counts_.size() == watched_; }
  size_t memory_bytes() const;

 private:
  struct Text {
    std::array<char, max_text_bytes> bytes{};
    uint32_t size = 0;
    std::string_view view() const { return {bytes.data(), size}; }
  };

  size_t home_of(uint64_t hash) const { return hash & (index_.size() - 1); }
  /// One that is or may be watched, apart from its place.
  struct Watched {
    uint64_t hash = 0, count = 0, error = 0;
    Text text;
  };
  std::vector<Watched> take_watched(core::WireReader& saved) const;
  void watch_most(std::vector<Watched>&& all);
  void put(uint32_t place);
  void remove(uint32_t place);
  void look_for_least();
  void look_for_next_least(uint64_t was);
  void grow();

  uint32_t watched_;
  // By place. Apart from each other, since hashes and counts are often looked at and texts seldom.
  std::vector<uint64_t> hashes_, counts_, errors_;
  std::vector<Text> texts_;
  std::vector<uint8_t> index_;    ///< open addressing by hash: place + 1
  std::vector<uint32_t> filter_;  ///< counts of values that are not watched; never less than any of theirs
  mutable uint32_t least_ = 0;    ///< place of an entry with the least count
};

}  // namespace assay::profile
