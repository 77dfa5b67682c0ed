#include "classify/keyword_index.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

namespace assay::classify {
namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_alnum(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }
bool is_token_byte(char c) { return is_alnum(c) || c == '_'; }

// A bit for each value that the last five bits of a byte of the set have.
uint32_t low_bits(const ByteSet& bytes) {
  const uint64_t all = bytes.word(0) | bytes.word(1) | bytes.word(2) | bytes.word(3);
  return static_cast<uint32_t>(all) | static_cast<uint32_t>(all >> 32);
}

}  // namespace

KeywordIndex::Probe KeywordIndex::probe_of(std::string_view word, Case letter_case) {
  std::array<char, 8> head{}, fold{}, mask{};
  for (size_t i = 0; i < std::min(word.size(), head.size()); ++i) {
    head[i] = word[i];
    mask[i] = static_cast<char>(0xFF);
    if (letter_case == Case::ignored && is_letter(word[i])) fold[i] = 0x20;
  }
  return {std::bit_cast<uint64_t>(head), std::bit_cast<uint64_t>(fold), std::bit_cast<uint64_t>(mask)};
}

// What may stand at the first bytes of a keyword's word, and behind it.
std::array<ByteSet, 8> KeywordIndex::bytes_of(const Probe& probe, size_t word_bytes, const KeywordNeeds& needs) {
  std::array<ByteSet, 8> bytes;
  for (size_t k = 0; k < bytes.size(); ++k) {
    const auto byte = static_cast<uint8_t>(probe.head >> (8 * k)), fold = static_cast<uint8_t>(probe.fold >> (8 * k));
    if (k < word_bytes) {
      bytes[k] = ByteSet::of(byte);
      bytes[k].add(byte & static_cast<uint8_t>(~fold));
    } else if (k - word_bytes < needs.followers.size() && !needs.followers[k - word_bytes].empty()) {
      bytes[k] = needs.followers[k - word_bytes];
    } else {
      bytes[k].invert();
    }
  }
  return bytes;
}

bool KeywordIndex::add(std::string_view keyword, uint32_t pattern, Case letter_case, uint32_t gate,
                       const KeywordNeeds& needs) {
  Keyword entry;
  for (char c : keyword) entry.text += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  entry.pattern = pattern;
  entry.gate = gate;
  const std::string& text = entry.text;
  for (size_t i = 0; i + 3 <= text.size(); ++i) {
    // The same starts that the scanner visits: after what is no letter or digit, and a letter after a digit.
    const bool begins = i == 0 || !is_alnum(text[i - 1]) || (is_letter(text[i]) && !is_letter(text[i - 1]));
    const bool has_three = is_alnum(text[i]) && is_token_byte(text[i + 1]) && is_token_byte(text[i + 2]);
    if (!begins || !has_three) continue;
    entry.word_offset = i;
    Probe probe =
        probe_of(letter_case == Case::exact ? keyword.substr(i) : std::string_view(text).substr(i), letter_case);
    probe.is_whole = i == 0 && text.size() <= sizeof probe.head;
    DigitReach reach{no_digit, no_digit};
    if (needs.digit && needs.digit_back + i < no_digit && needs.digit_forward < no_digit)
      reach = {static_cast<uint16_t>(needs.digit_back + i), static_cast<uint16_t>(needs.digit_forward)};
    const auto bytes = bytes_of(probe, text.size() - i, needs);
    entries_.push_back({std::move(entry), probe, bytes, reach});
    return true;
  }
  return false;
}

/// The bits of eight bytes, each of which may be one of several: what all of these have, and what any of them has.
struct KeywordIndex::Bits {
  uint64_t all = 0, any = 0;

  explicit Bits(const std::array<ByteSet, 8>& bytes) {
    for (size_t k = 0; k < bytes.size(); ++k) {
      unsigned of_all = 0xFF, of_any = 0;
      for (size_t word = 0; word < 4; ++word)
        for (uint64_t left = bytes[k].word(word); left != 0; left &= left - 1) {
          const auto byte = static_cast<unsigned>(64 * word) + static_cast<unsigned>(std::countr_zero(left));
          of_all &= byte;
          of_any |= byte;
          if (of_all == 0 && of_any == 0xFF) break;
        }
      all |= uint64_t{of_all} << (8 * k);
      any |= uint64_t{of_any} << (8 * k);
    }
  }
  Bits joined(const Bits& other) const {
    Bits both = *this;
    both.all &= other.all;
    both.any |= other.any;
    return both;
  }
  /// How many all of them have alike, when those of another are added.
  int shared_with(const Bits& other) const {
    const Bits both = joined(other);
    return std::popcount(~(both.all ^ both.any));
  }
  Common common() const { return {.value = all, .mask = ~(all ^ any)}; }
};

/// What begins with the same four bytes, as far as head_hash tells.
struct KeywordIndex::Head {
  std::vector<Bits> bits;  // by probe
  std::vector<Probe> probes;
  DigitReach reach;

  /// In two groups: around the first one and around the one that shares least with it.
  std::array<Common, 2> commons() const {
    const Bits far = *std::ranges::min_element(bits, {}, [&](const Bits& b) { return bits.front().shared_with(b); });
    std::array<Bits, 2> groups{bits.front(), far};
    for (const Bits& b : bits) {
      Bits& nearer = groups[groups[1].shared_with(b) > groups[0].shared_with(b) ? 1 : 0];
      nearer = nearer.joined(b);
    }
    return {groups[0].common(), groups[1].common()};
  }
};

void KeywordIndex::finish() {
  std::ranges::sort(entries_, {}, [](const Entry& e) { return std::tie(e.keyword.pattern, e.keyword.text); });
  std::map<uint32_t, Head> heads;
  for (Entry& entry : entries_) {
    const auto head = static_cast<uint32_t>(entry.probe.head);
    // A word of three bytes has the heads of all that may follow it.
    const uint32_t fourth = low_bits(entry.bytes[3]);
    std::set<uint32_t> hashes;
    for (uint32_t byte = 0; byte < 32; ++byte)
      if ((fourth >> byte & 1) != 0) hashes.insert(head_hash((head & 0xFFFFFF) | byte << 24));
    entry.probe.keyword = static_cast<uint32_t>(keywords_.size());
    const Bits bits(entry.bytes);
    for (const uint32_t hash : hashes) {
      Head& of = heads[hash];
      of.bits.push_back(bits);
      of.probes.push_back(entry.probe);
      of.reach = {std::max(of.reach.back, entry.reach.back), std::max(of.reach.forward, entry.reach.forward)};
    }
    keywords_.push_back(std::move(entry.keyword));
  }
  entries_.clear();
  for (const auto& [hash, head] : heads) {
    heads_[hash / 32] |= uint32_t{1} << (hash % 32);
    common_.push_back(head.commons());
    const auto begin = static_cast<uint32_t>(list_.size());
    list_.insert(list_.end(), head.probes.begin(), head.probes.end());
    lists_.push_back({begin, static_cast<uint32_t>(list_.size()), head.reach});
  }
  uint32_t before = 0;
  for (size_t i = 0; i < heads_.size(); ++i) {
    heads_before_[i] = static_cast<uint16_t>(before);
    before += static_cast<uint32_t>(std::popcount(heads_[i]));
  }
}

}  // namespace assay::classify
