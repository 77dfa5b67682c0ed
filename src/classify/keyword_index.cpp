#include "classify/keyword_index.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace assay::classify {
namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_alnum(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }
bool is_token_byte(char c) { return is_alnum(c) || c == '_'; }

// The bits of the bytes that may stand at the place, in the case or cases that the probe takes.
template <typename Probe>
uint64_t follower(const Probe& probe, unsigned place) {
  const uint64_t byte = probe.head >> (8 * place), fold = probe.fold >> (8 * place) & 0xFF;
  return uint64_t{1} << (byte % 64) | uint64_t{1} << ((byte & ~fold) % 64);
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

bool KeywordIndex::add(std::string_view keyword, uint32_t pattern, Case letter_case, uint32_t gate) {
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
    const Probe probe =
        probe_of(letter_case == Case::exact ? keyword.substr(i) : std::string_view(text).substr(i), letter_case);
    entries_.push_back({std::move(entry), probe});
    return true;
  }
  return false;
}

void KeywordIndex::finish() {
  auto word_of = [](const Keyword& k) { return std::string_view(k.text).substr(k.word_offset); };
  auto hash = [&](const Keyword& k) {
    uint64_t eight = 0;
    std::memcpy(&eight, word_of(k).data(), std::min(word_of(k).size(), sizeof eight));
    return hash_of(eight);
  };
  auto bucket = [&](const Keyword& k) { return hash(k) >> (32 - bucket_bits); };
  std::ranges::sort(entries_, {},
                    [&](const Entry& e) { return std::tuple(bucket(e.keyword), e.keyword.pattern, e.keyword.text); });
  bucket_begin_.assign(bucket_count + 1, 0);
  for (const auto& [keyword, probe] : entries_) {
    probes_.push_back(probe);
    ++bucket_begin_[bucket(keyword) + 1];
    const std::string_view word = word_of(keyword);
    for (uint32_t fourth = 0; fourth < 32; ++fourth) {  // what follows a word of three bytes may be anything
      std::array<char, 4> head{word[0], word[1], word[2], static_cast<char>(fourth)};
      if (word.size() > 3) head[3] = word[3];
      const uint32_t head_at = head_hash(std::bit_cast<uint32_t>(head));
      heads_[head_at / 32] |= uint32_t{1} << (head_at % 32);
      if (word.size() > 3) break;
    }
    const uint32_t word_hash = hash(keyword);
    if (word.size() == 3) {
      three_bytes_[word_hash >> 21] |= uint32_t{1} << (word_hash >> 16 & 31);
    } else if (word.size() >= 6) {
      uint64_t eight = 0;
      std::memcpy(&eight, word.data(), std::min(word.size(), sizeof eight));
      const uint32_t six = six_hash(eight);
      sixes_[six / 32] |= uint32_t{1} << (six % 32);
    } else {
      Followers& next = followers_[bucket(keyword)];
      next.hashes |= uint32_t{1} << (word_hash >> check_shift & 31);
      next.fourth |= follower(probe, 3);
      next.fifth |= word.size() == 5 ? follower(probe, 4) : ~uint64_t{0};
    }
  }
  for (size_t i = 1; i < bucket_begin_.size(); ++i) bucket_begin_[i] += bucket_begin_[i - 1];
}

}  // namespace assay::classify
