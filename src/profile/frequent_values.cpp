#include "profile/frequent_values.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "core/error.h"

namespace assay::profile {
namespace {

uint32_t saturated(uint64_t count) {
  return static_cast<uint32_t>(std::min<uint64_t>(count, std::numeric_limits<uint32_t>::max()));
}

// High bits, since the index goes by low ones.
size_t cell_of(uint64_t hash, size_t cells) { return (hash >> 40) & (cells - 1); }

// Not in the middle of a character of UTF-8.
std::string_view cut(std::string_view value) {
  if (value.size() <= FrequentValues::max_text_bytes) return value;
  size_t end = FrequentValues::max_text_bytes;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return value.substr(0, end);
}

}  // namespace

FrequentValues::FrequentValues(uint32_t watched, uint32_t filter) : watched_(watched), filter_(filter) {
  if (watched == 0 || watched > 128 || !std::has_single_bit(filter))
    throw core::Error(core::ErrorKind::bug, "frequent values of no such sizes");
  index_.resize(std::bit_ceil(watched * 2));
}

std::optional<uint32_t> FrequentValues::find(uint64_t hash) const {
  for (size_t at = home_of(hash); index_[at] != 0; at = (at + 1) & (index_.size() - 1))
    if (hashes_[index_[at] - 1U] == hash) return index_[at] - 1U;
  return std::nullopt;
}

void FrequentValues::count(uint32_t place, uint64_t times) {
  counts_[place] += times;
  if (place == least_ && is_full()) look_for_least();
}

void FrequentValues::look_for_least() {
  least_ = static_cast<uint32_t>(std::ranges::min_element(counts_) - counts_.begin());
}

std::optional<uint32_t> FrequentValues::admit(uint64_t hash, uint64_t times) {
  if (!is_full()) return static_cast<uint32_t>(size());
  uint32_t& cell = filter_[cell_of(hash, filter_.size())];
  if (cell + times > counts_[least_]) return least_;
  cell = saturated(cell + times);
  return std::nullopt;
}

void FrequentValues::grow() {
  const size_t room = std::min<size_t>(watched_, std::max<size_t>(8, size() * 2));
  if (size() == counts_.capacity()) {
    hashes_.reserve(room);
    counts_.reserve(room);
    errors_.reserve(room);
    texts_.reserve(room);
  }
  hashes_.push_back(0);
  counts_.push_back(0);
  errors_.push_back(0);
  texts_.emplace_back();
}

void FrequentValues::enter(uint32_t place, uint64_t hash, std::string_view value, uint64_t times) {
  const uint64_t error = filter_[cell_of(hash, filter_.size())];  // 0 while there is place
  if (place == size()) {
    grow();
  } else {
    uint32_t& cell = filter_[cell_of(hashes_[place], filter_.size())];
    cell = std::max(cell, saturated(counts_[place]));
    remove(place);
  }
  const std::string_view kept = cut(value);
  hashes_[place] = hash;
  errors_[place] = error;
  counts_[place] = error + times;
  std::ranges::copy(kept, texts_[place].bytes.begin());
  texts_[place].size = static_cast<uint32_t>(kept.size());
  put(place);
  if (is_full()) look_for_least();
}

void FrequentValues::put(uint32_t place) {
  size_t at = home_of(hashes_[place]);
  while (index_[at] != 0) at = (at + 1) & (index_.size() - 1);
  index_[at] = static_cast<uint8_t>(place + 1);
}

// Entries behind it move up where that brings them nearer to their homes, so that no mark of removal is needed (Knuth,
// The Art of Computer Programming 3, 6.4, algorithm R).
void FrequentValues::remove(uint32_t place) {
  const size_t mask = index_.size() - 1;
  size_t hole = home_of(hashes_[place]);
  while (index_[hole] != place + 1) hole = (hole + 1) & mask;
  for (size_t at = (hole + 1) & mask; index_[at] != 0; at = (at + 1) & mask) {
    const size_t home = home_of(hashes_[index_[at] - 1U]);
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    index_[hole] = index_[at];
    hole = at;
  }
  index_[hole] = 0;
}

void FrequentValues::add(uint64_t hash, std::string_view value, uint64_t times) {
  if (const auto place = find(hash)) return count(*place, times);
  if (const auto place = admit(hash, times)) enter(*place, hash, value, times);
}

std::vector<FrequentValues::Entry> FrequentValues::by_count() const {
  std::vector<Entry> order;
  order.reserve(size());
  for (uint32_t i = 0; i < size(); ++i) order.push_back(entry(i));
  std::ranges::sort(order, [](const Entry& a, const Entry& b) {
    return a.surely() != b.surely() ? a.surely() > b.surely() : a.text < b.text;
  });
  return order;
}

size_t FrequentValues::memory_bytes() const {
  return counts_.capacity() * (3 * sizeof(uint64_t) + sizeof(Text)) + index_.capacity() +
         filter_.capacity() * sizeof(uint32_t);
}

}  // namespace assay::profile
