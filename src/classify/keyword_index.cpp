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

/// What begins with the same four bytes, as far as head_hash tells.
struct KeywordIndex::Head {
  using Bytes = std::array<ByteSet, 8>;
  std::vector<Bytes> bytes;  // by probe
  std::vector<Probe> probes;
  DigitReach reach;

  void add(const Entry& entry) {
    bytes.push_back(entry.bytes);
    probes.push_back(entry.probe);
    reach = {std::max(reach.back, entry.reach.back), std::max(reach.forward, entry.reach.forward)};
  }

  static Common common(const Bytes& of) {
    Common common;
    for (size_t k = 0; k < of.size(); ++k) {
      const uint8_t first = of[k].first();
      unsigned differ = 0;
      for (unsigned byte = 0; byte < 256; ++byte)
        if (of[k].has(static_cast<uint8_t>(byte))) differ |= byte ^ first;
      common.mask |= uint64_t{~differ & 0xFF} << (8 * k);
      common.value |= uint64_t{first} << (8 * k);
    }
    return common;
  }
  static Bytes joined(Bytes one, const Bytes& other) {
    for (size_t k = 0; k < one.size(); ++k) one[k].add_all(other[k]);
    return one;
  }
  static int shared_bits(const Bytes& one, const Bytes& other) {
    return std::popcount(common(joined(one, other)).mask);
  }

  /// In two groups: around the first one and around the one that shares least with it.
  std::array<Common, 2> commons() const {
    const auto far = std::ranges::min_element(bytes, {}, [&](const Bytes& b) { return shared_bits(bytes.front(), b); });
    std::array<Bytes, 2> groups{bytes.front(), *far};
    for (const Bytes& b : bytes) {
      Bytes& nearer = groups[shared_bits(groups[1], b) > shared_bits(groups[0], b) ? 1 : 0];
      nearer = joined(nearer, b);
    }
    return {common(groups[0]), common(groups[1])};
  }
};

void KeywordIndex::finish() {
  std::ranges::sort(entries_, {}, [](const Entry& e) { return std::tie(e.keyword.pattern, e.keyword.text); });
  std::map<uint32_t, Head> heads;
  for (Entry& entry : entries_) {
    const auto head = static_cast<uint32_t>(entry.probe.head);
    std::set<uint32_t> hashes;  // a word of three bytes has those of all that may follow it
    for (unsigned byte = 0; byte < 256; ++byte)
      if (entry.bytes[3].has(static_cast<uint8_t>(byte))) hashes.insert(head_hash((head & 0xFFFFFF) | byte << 24));
    entry.probe.keyword = static_cast<uint32_t>(keywords_.size());
    for (const uint32_t hash : hashes) heads[hash].add(entry);
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
