#include "profile/column_profiler.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "profile/null_token.h"
#include "profile/value_hash.h"
#include "profile/value_shape.h"

namespace assay::profile {
namespace {

constexpr size_t most_top_values = 10;
constexpr size_t most_patterns = 8;
constexpr double shares[] = {0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99};

// Shapes are costly: of so many values all are looked at, then one in about so many, which stands for those before it.
constexpr uint64_t shapes_of_all = 4'096;
constexpr uint64_t values_a_shape = 16;

constexpr size_t most_categories = 50;
constexpr uint64_t least_of_a_category = 5;
constexpr size_t longest_category_bytes = 32;
constexpr size_t most_digits_of_a_category = 6;

bool is_blank(std::string_view cell) {
  return std::ranges::all_of(cell, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

// Bytes that go on with a character of UTF-8 have 10 for their first bits; eight bytes at a time.
uint32_t code_points(std::string_view text) {
  constexpr uint64_t every_byte = 0x0101010101010101;
  size_t going_on = 0, at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    going_on += static_cast<size_t>(std::popcount((eight >> 7) & ~(eight >> 6) & every_byte));
  }
  for (; at < text.size(); ++at) going_on += static_cast<signed char>(text[at]) < -64 ? 1 : 0;
  return static_cast<uint32_t>(text.size() - going_on);
}

size_t index_of(ValueType type) { return static_cast<size_t>(type); }
bool is_number(ValueType type) { return type == ValueType::integer || type == ValueType::number; }
bool is_moment(ValueType type) { return type == ValueType::date || type == ValueType::timestamp; }

// Words of letters and the signs between them, or a short number.
bool is_short_word(std::string_view text) {
  size_t digits = 0;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (!is_digit && !is_letter && std::string_view(" _-./&+()").find(c) == std::string_view::npos) return false;
    digits += is_digit ? 1 : 0;
  }
  return text.size() <= longest_category_bytes && digits <= most_digits_of_a_category;
}

}  // namespace

ColumnProfiler::ColumnProfiler(const SketchSizes& sizes, int64_t now_s)
    : sizes_(sizes),
      now_s_(now_s),
      distinct_(sizes.precision),
      frequent_(sizes.watched, sizes.filter),
      shapes_(sizes.shapes, sizes.shape_filter) {}

void ColumnProfiler::value(std::string_view cell) {
  const uint64_t hash = value_hash(cell);
  if (const auto place = frequent_.find(hash)) {
    frequent_.count(*place, 1);
    ++memories_[*place].pending;
    return;
  }
  if (static_cast<unsigned char>(cell.front()) <= ' ' && is_blank(cell)) return empty();
  if (is_null_token(cell)) {
    ++null_tokens_;
    return;
  }
  const Reading reading = read_value(cell);
  const uint32_t length = code_points(cell);
  distinct_.add(hash);
  shortest_ = std::min<uint64_t>(shortest_, length);
  longest_ = std::max<uint64_t>(longest_, length);
  const auto place = frequent_.admit(hash, 1);
  if (!place) return enter(reading, length, cell, 1);
  if (*place < memories_.size()) forget(*place);
  else memories_.emplace_back();
  frequent_.enter(*place, hash, cell, 1);
  memories_[*place] = {.reading = reading, .length = length, .pending = 1};
}

// A value that is about to leave the watch leaves what it amounts to.
void ColumnProfiler::forget(uint32_t place) {
  Memory& memory = memories_[place];
  enter(memory.reading, memory.length, frequent_.entry(place).text, memory.pending);
  memory.pending = 0;
}

void ColumnProfiler::forget_all() {
  for (uint32_t place = 0; place < memories_.size(); ++place) forget(place);
}

void ColumnProfiler::enter(const Reading& reading, uint32_t length, std::string_view text, uint64_t times) {
  if (times == 0) return;
  values_ += times;
  types_[index_of(reading.type)] += times;
  length_sum_ += length * times;
  note_shape(text, times);
  if (is_moment(reading.type)) return enter_time(reading, times);
  if (!is_number(reading.type) || !reading.has_number()) return;
  if (!numbers_) numbers_.emplace(sizes_.compression, sizes_.buffered);
  numbers_->moments.add(reading.number, times);
  numbers_->digest.add(reading.number, times);
}

// A date that could be either is taken in the order of those before it that could not.
void ColumnProfiler::enter_time(const Reading& reading, uint64_t times) {
  orders_[static_cast<size_t>(reading.order)] += times;
  double seconds = reading.number;
  if (reading.order == DayOrder::either) {
    const uint64_t day_first = orders_[static_cast<size_t>(DayOrder::day_first)];
    const uint64_t month_first = orders_[static_cast<size_t>(DayOrder::month_first)];
    if (day_first == month_first) return;  // nothing tells
    if (month_first > day_first) seconds = reading.month_first;
  }
  if (!times_) times_.emplace(sizes_.compression, sizes_.buffered);
  times_->moments.add(seconds, times);
  times_->digest.add(seconds, times);
  if (seconds <= static_cast<double>(now_s_)) newest_s_ = std::max(newest_s_.value_or(seconds), seconds);
}

void ColumnProfiler::note_shape(std::string_view text, uint64_t times) {
  shapes_due_ += times;
  if (values_ > shapes_of_all && times < values_a_shape) {
    random_ = random_ * 6364136223846793005 + 1442695040888963407;  // Knuth's MMIX, so that no order of rows fools it
    if ((random_ >> 60) % values_a_shape != 0) return;
  }
  const ValueShape shape(text.substr(0, FrequentValues::max_text_bytes));
  shapes_.add(value_hash(shape.text()), shape.text(), shapes_due_);
  shapes_due_ = 0;
}

// What most values read as. Integers among decimals are numbers too, days among timestamps are timestamps; letters that
// could be words are booleans only where nearly all are.
ColumnProfiler::Verdict ColumnProfiler::judge() const {
  const auto of = [this](ValueType type) { return types_[index_of(type)]; };
  const uint64_t all = values_ + unread_;
  const uint64_t numeric = of(ValueType::integer) + of(ValueType::number);
  const uint64_t misordered =
      std::min(orders_[static_cast<size_t>(DayOrder::day_first)], orders_[static_cast<size_t>(DayOrder::month_first)]);
  const uint64_t moments = of(ValueType::date) + of(ValueType::timestamp) - misordered;
  if (numeric * 2 > all) {
    if (of(ValueType::number) * 20 > numeric) return {ValueType::number, numeric};
    return {ValueType::integer, of(ValueType::integer)};
  }
  if (moments * 2 > all) {
    if (of(ValueType::timestamp) * 20 > moments) return {ValueType::timestamp, moments};
    return {ValueType::date, of(ValueType::date) - std::min(misordered, of(ValueType::date))};
  }
  if (of(ValueType::boolean) * 20 >= all * 19) return {ValueType::boolean, of(ValueType::boolean)};
  for (const ValueType type : {ValueType::time, ValueType::uuid})
    if (of(type) * 2 > all) return {type, of(type)};
  return {ValueType::text, all};
}

void ColumnProfiler::describe(Magnitudes& magnitudes, model::ColumnProfile& profile) const {
  profile.minimum = magnitudes.moments.minimum();
  profile.maximum = magnitudes.moments.maximum();
  profile.mean = magnitudes.moments.mean();
  profile.deviation = magnitudes.moments.deviation();
  for (const double q : shares) profile.quantiles.push_back(magnitudes.digest.quantile(q));
  // Tukey's outer fences. Where the middle half is one value they say nothing.
  const double width = magnitudes.digest.quantile(0.75) - magnitudes.digest.quantile(0.25);
  if (!(width > 0)) return;
  const double low = magnitudes.digest.quantile(0.25) - 3 * width, high = magnitudes.digest.quantile(0.75) + 3 * width;
  double outside = 0;
  if (*profile.minimum < low) outside += magnitudes.digest.rank(low);
  if (*profile.maximum > high) outside += magnitudes.digest.count() - magnitudes.digest.rank(high);
  profile.outliers = static_cast<uint64_t>(std::llround(std::max(0.0, outside)));
}

bool ColumnProfiler::has_categories() const {
  if (!distinct_.is_exact() || distinct_.estimate() > static_cast<double>(frequent_.size())) return false;
  return frequent_.size() != 0 && frequent_.size() <= most_categories && unread_ == 0 &&
         std::ranges::all_of(frequent_.by_count(), [](const FrequentValues::Entry& entry) {
           return entry.surely() >= least_of_a_category && is_short_word(entry.text);
         });
}

void ColumnProfiler::Magnitudes::save(core::WireWriter& out) {
  moments.save(out);
  digest.save(out);
}

void ColumnProfiler::Magnitudes::absorb(core::WireReader& saved) {
  moments.absorb(saved);
  digest.absorb(saved);
}

void ColumnProfiler::save(core::WireWriter& out) {
  forget_all();
  distinct_.save(out);
  frequent_.save(out);
  shapes_.save(out);
  for (const uint64_t count : types_) out.u64(count);
  for (const uint64_t count : orders_) out.u64(count);
  for (auto* magnitudes : {&numbers_, &times_}) {
    out.flag(magnitudes->has_value());
    if (*magnitudes) (*magnitudes)->save(out);
  }
  out.flag(newest_s_.has_value());
  out.f64(newest_s_.value_or(0));
  for (const uint64_t count : {empty_, null_tokens_, unread_, values_, shapes_due_, length_sum_, shortest_, longest_})
    out.u64(count);
}

void ColumnProfiler::absorb(core::WireReader& saved) {
  forget_all();
  distinct_.absorb(saved);
  frequent_.absorb(saved);
  memories_.assign(frequent_.size(), Memory{});  // nothing waits
  shapes_.absorb(saved);
  for (uint64_t& count : types_) count += saved.u64();
  for (uint64_t& count : orders_) count += saved.u64();
  for (auto* magnitudes : {&numbers_, &times_}) {
    if (!saved.flag()) continue;
    if (!*magnitudes) magnitudes->emplace(sizes_.compression, sizes_.buffered);
    (*magnitudes)->absorb(saved);
  }
  const bool has_newest = saved.flag();
  const double newest = saved.f64();
  if (!(std::abs(newest) <= core::most_saved_number)) core::refuse_saved();
  if (has_newest) newest_s_ = std::max(newest_s_.value_or(newest), newest);
  for (uint64_t* count : {&empty_, &null_tokens_, &unread_, &values_, &shapes_due_, &length_sum_})
    *count += saved.u64();
  shortest_ = std::min(shortest_, saved.u64());
  longest_ = std::max(longest_, saved.u64());
}

ColumnStatistics ColumnProfiler::finish(uint64_t rows) {
  forget_all();
  ColumnStatistics out;
  model::ColumnProfile& p = out.profile;
  const uint64_t all = values_ + unread_;
  p.rows = rows = std::max(rows, all + empty_ + null_tokens_);  // a row may have several, as an array
  p.empty = empty_;
  p.null_tokens = null_tokens_;
  p.nulls = rows - std::min(rows, all + empty_ + null_tokens_);
  p.distinct = std::min(distinct_.estimate(), static_cast<double>(values_));
  p.distinct_is_exact = distinct_.is_exact() && unread_ == 0;
  if (all == 0) return out;
  const Verdict verdict = judge();
  p.type = to_string(verdict.type);
  p.conforming = verdict.conforming;
  if (is_number(verdict.type) && numbers_) describe(*numbers_, p);
  if (is_moment(verdict.type) && times_) {
    describe(*times_, p);
    if (newest_s_) p.newest_s = static_cast<int64_t>(std::floor(*newest_s_));
  }
  if (values_ != 0) {
    p.shortest = shortest_;
    p.longest = longest_;
    p.mean_length = static_cast<double>(length_sum_) / static_cast<double>(values_);
  }
  // What is surely there twice, and of a large table more often than once in a thousand rows.
  const uint64_t least = std::max<uint64_t>(2, values_ / 1'000);
  for (const auto& entry : frequent_.by_count()) {
    if (p.top_values.size() == most_top_values || entry.surely() < least) break;
    p.top_values.push_back({std::string(entry.text), entry.surely()});
  }
  for (const auto& entry : shapes_.by_count()) {
    if (p.patterns.size() == most_patterns || entry.surely() == 0) break;
    p.patterns.push_back({std::string(entry.text), entry.surely()});
  }
  out.is_categorical = has_categories();
  return out;
}

size_t ColumnProfiler::memory_bytes() const {
  return sizeof *this + distinct_.memory_bytes() + frequent_.memory_bytes() + shapes_.memory_bytes() +
         memories_.capacity() * sizeof(Memory) + (numbers_ ? numbers_->digest.memory_bytes() : 0) +
         (times_ ? times_->digest.memory_bytes() : 0);
}

}  // namespace assay::profile
