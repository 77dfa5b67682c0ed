#include "classify/keyword_gate.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

namespace assay::classify {
namespace {

// Farther than this a look around costs as much as it spares.
constexpr unsigned max_reach = 1024;
// Shorter ones are everywhere.
constexpr unsigned min_solid_run = 12;
constexpr size_t max_keyword = 48;

/// Walks an outline with the set of places, counted from the match's begin, where its next part may begin. Only what
/// agrees with the keyword at its places goes on; what stands behind the keyword is noted.
class Walk {
 public:
  using Places = uint64_t;

  Walk(std::string_view keyword, std::span<ByteSet> behind) : keyword_(keyword), behind_(behind) {}

  /// Repeats within repeats can take long; then nothing is known of what is behind.
  bool gave_up() const { return steps_ > max_steps; }

  Places step(const RegexNode& node, Places places) {
    if (places == 0 || ++steps_ > max_steps) return 0;
    switch (node.kind) {
      case RegexNode::Kind::empty: return places;
      case RegexNode::Kind::bytes: return consume(node.bytes, places);
      case RegexNode::Kind::sequence:
        for (const auto& child : node.children) places = step(*child, places);
        return places;
      case RegexNode::Kind::choice: {
        Places all = 0;
        for (const auto& child : node.children) all |= step(*child, places);
        return all;
      }
      case RegexNode::Kind::repeat: return repeat(node, places);
    }
    return places;
  }

  /// A match may end here: what stands behind is not its own.
  void end(Places places) {
    for (size_t i = 0; i < behind_.size(); ++i)
      if ((places & ((uint64_t{2} << (keyword_.size() + i)) - 1)) != 0)
        for (size_t j = i; j < behind_.size(); ++j) behind_[j] = everything();
  }

 private:
  static constexpr size_t max_steps = 20'000;

  static bool has_in_any_case(const ByteSet& bytes, uint8_t wanted) {
    const auto small = static_cast<uint8_t>(wanted | 0x20);
    return bytes.has(wanted) || (small >= 'a' && small <= 'z' && bytes.has(wanted ^ 0x20));
  }

  static ByteSet everything() {
    ByteSet all;
    all.invert();
    return all;
  }

  Places consume(const ByteSet& bytes, Places places) {
    Places next = 0;
    for (Places left = places; left != 0; left &= left - 1) {
      const auto at = static_cast<size_t>(std::countr_zero(left));
      if (at < keyword_.size()) {
        if (!has_in_any_case(bytes, static_cast<uint8_t>(keyword_[at]))) continue;
      } else if (at < keyword_.size() + behind_.size()) {
        behind_[at - keyword_.size()].add_all(bytes);
      } else {
        continue;  // far enough
      }
      next |= Places{1} << (at + 1);
    }
    return next;
  }

  Places repeat(const RegexNode& node, Places places) {
    const RegexNode& body = *node.children.front();
    Places all = node.min == 0 ? places : 0;
    Places seen = 0;
    // Each round that is not empty goes on by a byte, and there are no more places than bits.
    for (unsigned round = 1; round <= std::min(node.max, 64U); ++round) {
      places = step(body, places);
      if (round >= std::min(node.min, 64U)) all |= places;
      if (places == 0) break;
      if (round >= node.min && (places & ~seen) == 0) break;
      seen |= places;
    }
    return all;
  }

  const std::string_view keyword_;
  const std::span<ByteSet> behind_;
  size_t steps_ = 0;
};

// How rare a byte is, of those worth looking for; 0 for others.
unsigned rareness(uint8_t byte) {
  static constexpr std::string_view rarest_first = "@'\"{<=:/[(";
  const size_t at = rarest_first.find(static_cast<char>(byte));
  return at == std::string_view::npos ? 0 : static_cast<unsigned>(rarest_first.size() - at);
}

}  // namespace

MatchTraits::MatchTraits(const RegexNode* of) : outline(of) {
  if (outline == nullptr) return;
  longest = longest_match(*outline);
  if (longest > max_reach) return;
  fewest_digits = classify::fewest_digits(*outline);
  if (fewest_digits == unbounded) fewest_digits = 0;
  needed = bytes_in_every_match(*outline);
  solid_run = longest_solid_run(*outline);
}

KeywordGate::KeywordGate(const MatchTraits& traits, std::string_view keyword, bool begins_with_keyword)
    : digits_(traits.fewest_digits), longest_(traits.longest), begins_with_keyword_(begins_with_keyword) {
  if (traits.outline == nullptr) return;
  if (begins_with_keyword && keyword.size() <= max_keyword) learn_followers(*traits.outline, keyword);
  if (traits.solid_run >= min_solid_run && traits.solid_run <= longest_) solid_run_ = traits.solid_run;
  const ByteSet& needed = traits.needed;
  for (unsigned byte = 1; byte < 128; ++byte) {
    const auto b = static_cast<uint8_t>(byte);
    if (needed.has(b) && !keyword.contains(static_cast<char>(b)) && rareness(b) > rareness(needed_)) needed_ = b;
  }
}

void KeywordGate::learn_followers(const RegexNode& outline, std::string_view keyword) {
  Walk walk(keyword, follows_);
  walk.end(walk.step(outline, 1));
  if (walk.gave_up()) return;
  for (size_t i = 0; i < max_followers; ++i)
    if (follows_[i].size() < 256) followers_ = static_cast<unsigned>(i + 1);
}

bool KeywordGate::has_digits(size_t begin, size_t end, const uint64_t* digits, size_t digits_from,
                             size_t digits_to) const {
  const size_t from = begins_with_keyword_ ? begin : end > longest_ ? end - longest_ : 0;
  const size_t to = begin + longest_;
  if (from < digits_from || to > digits_to) return true;
  unsigned found = 0;
  for (size_t block = from / 64; block * 64 < to; ++block) {
    uint64_t mask = digits[block];
    if (block == from / 64) mask &= ~uint64_t{0} << (from % 64);
    if (block == to / 64) mask &= (uint64_t{1} << (to % 64)) - 1;
    found += static_cast<unsigned>(std::popcount(mask));
  }
  return found >= digits_;
}

bool KeywordGate::has_needed(std::string_view text, size_t begin, size_t end) const {
  const size_t from = begins_with_keyword_ ? end : end > longest_ ? end - longest_ : 0;
  const size_t to = std::min(text.size(), begin + longest_);
  return from >= to || std::memchr(text.data() + from, needed_, to - from) != nullptr;
}

bool KeywordGate::has_solid_run(std::string_view text, size_t begin, size_t end) const {
  const size_t to = std::min(text.size(), begin + longest_);
  // From the end of each place where one could be: most are refused at its last word.
  for (size_t from = begins_with_keyword_ ? begin : end > longest_ ? end - longest_ : 0; from + solid_run_ <= to;) {
    size_t at = from + solid_run_;
    while (at > from && static_cast<uint8_t>(text[at - 1]) > ' ') --at;
    if (at == from) return true;
    from = at;
  }
  return false;
}

}  // namespace assay::classify
