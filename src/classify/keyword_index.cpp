#include "classify/keyword_index.h"

#include <algorithm>
#include <bit>
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

bool KeywordIndex::add(std::string_view keyword, uint32_t pattern, Case letter_case) {
  Keyword entry;
  for (char c : keyword) entry.text += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  entry.pattern = pattern;
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
    if (word.size() == 3) {
      three_bytes_[hash(keyword) >> 21] |= uint32_t{1} << (hash(keyword) >> 16 & 31);
      continue;
    }
    Followers& next = followers_[bucket(keyword)];
    auto follower = [&](size_t at) {
      return at < word.size() ? uint32_t{1} << (static_cast<uint8_t>(word[at]) & 31) : ~uint32_t{0};
    };
    next.hashes |= uint32_t{1} << (hash(keyword) >> check_shift & 31);
    next.fourth |= follower(3);
    next.fifth |= follower(4);
    next.sixth |= follower(5);
  }
  for (size_t i = 1; i < bucket_begin_.size(); ++i) bucket_begin_[i] += bucket_begin_[i - 1];
}

}  // namespace assay::classify
