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
  index_.resize(std::bit_ceil(watched * 8));  // most that is looked for is not there, and so is known at once
}

std::optional<uint32_t> FrequentValues::find(uint64_t hash) const {
  for (size_t at = home_of(hash); index_[at] != 0; at = (at + 1) & (index_.size() - 1))
    if (hashes_[index_[at] - 1U] == hash) return index_[at] - 1U;
  return std::nullopt;
}

void FrequentValues::count(uint32_t place, uint64_t times) {
  const uint64_t was = counts_[place];
  counts_[place] += times;
  if (place == least_ && is_full() && times != 0) look_for_next_least(was);
}

// When the count at least_, the first of the least ones, has grown: none is less than it was.
void FrequentValues::look_for_next_least(uint64_t was) {
  for (uint32_t place = least_ + 1; place < size(); ++place)
    if (counts_[place] == was) {
      least_ = place;
      return;
    }
  look_for_least();
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
  const bool is_new = place == size();
  const uint64_t was = is_new ? 0 : counts_[place];
  if (is_new) {
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
  if (!is_full()) return;
  if (is_new || place != least_ || times == 0) look_for_least();
  else look_for_next_least(was);
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

void FrequentValues::save(core::WireWriter& out) const {
  out.u32(watched_);
  out.u32(static_cast<uint32_t>(filter_.size()));
  out.u32(static_cast<uint32_t>(size()));
  for (uint32_t place = 0; place < size(); ++place) {
    out.u64(hashes_[place]);
    out.u64(counts_[place]);
    out.u64(errors_[place]);
    out.text(texts_[place].view());
  }
  for (const uint32_t cell : filter_) out.u32(cell);
}

std::vector<FrequentValues::Watched> FrequentValues::take_watched(core::WireReader& saved) const {
  if (saved.u32() != watched_ || saved.u32() != filter_.size()) core::refuse_saved();
  const uint32_t n = saved.u32();
  if (n > watched_) core::refuse_saved();
  std::vector<Watched> all(n);
  for (Watched& one : all) {
    one.hash = saved.u64();
    one.count = saved.u64();
    one.error = saved.u64();
    const std::string_view text = saved.text();
    if (text.size() > max_text_bytes || one.error > one.count) core::refuse_saved();
    std::ranges::copy(text, one.text.bytes.begin());
    one.text.size = static_cast<uint32_t>(text.size());
  }
  std::ranges::sort(all, {}, &Watched::hash);
  if (std::ranges::adjacent_find(all, {}, &Watched::hash) != all.end()) core::refuse_saved();
  return all;
}

void FrequentValues::absorb(core::WireReader& saved) {
  std::vector<Watched> all = take_watched(saved);
  std::vector<uint32_t> filter(filter_.size());
  for (uint32_t& cell : filter) cell = saved.u32();
  const auto miss = [](Watched& one, const std::vector<uint32_t>& cells) {
    one.count += cells[cell_of(one.hash, cells.size())];
    one.error += cells[cell_of(one.hash, cells.size())];
  };
  const size_t theirs = all.size();
  for (uint32_t place = 0; place < size(); ++place) {
    Watched ours{.hash = hashes_[place], .count = counts_[place], .error = errors_[place], .text = texts_[place]};
    const auto end = all.begin() + static_cast<ptrdiff_t>(theirs);
    const auto same = std::ranges::lower_bound(all.begin(), end, ours.hash, {}, &Watched::hash);
    if (same != end && same->hash == ours.hash) {
      same->count += ours.count;
      same->error += ours.error;
      continue;
    }
    miss(ours, filter);
    all.push_back(ours);
  }
  for (size_t i = 0; i < theirs; ++i)
    if (!find(all[i].hash)) miss(all[i], filter_);
  for (size_t i = 0; i < filter_.size(); ++i) filter_[i] = saturated(uint64_t{filter_[i]} + filter[i]);
  watch_most(std::move(all));
}

// What is not watched any more counts in the filter.
void FrequentValues::watch_most(std::vector<Watched>&& all) {
  std::ranges::sort(
      all, [](const Watched& a, const Watched& b) { return a.count != b.count ? a.count > b.count : a.hash < b.hash; });
  while (all.size() > watched_) {
    uint32_t& cell = filter_[cell_of(all.back().hash, filter_.size())];
    cell = std::max(cell, saturated(all.back().count));
    all.pop_back();
  }
  hashes_.clear(), counts_.clear(), errors_.clear(), texts_.clear();
  std::ranges::fill(index_, uint8_t{0});
  for (const Watched& one : all) {
    grow();
    const auto place = static_cast<uint32_t>(size() - 1);
    hashes_[place] = one.hash;
    counts_[place] = one.count;
    errors_[place] = one.error;
    texts_[place] = one.text;
    put(place);
  }
  if (is_full()) look_for_least();
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
