#include "classify/keyword_index.h"

#include <algorithm>
#include <tuple>

namespace assay::classify {
namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_alnum(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }
bool is_token_byte(char c) { return is_alnum(c) || c == '_'; }

}  // namespace

bool KeywordIndex::add(std::string_view keyword, uint32_t pattern) {
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
    keywords_.push_back(std::move(entry));
    return true;
  }
  return false;
}

void KeywordIndex::finish() {
  auto bucket_of = [](const Keyword& k) {
    const char* word = k.text.data() + k.word_offset;
    const bool is_short = k.text.size() - k.word_offset < 4;
    return is_short ? bucket_count + (hash3(word) & (bucket_count - 1)) : hash4(word) & (bucket_count - 1);
  };
  std::ranges::sort(keywords_, {}, [&](const Keyword& k) { return std::tuple(bucket_of(k), k.pattern, k.text); });
  bucket_begin_.assign(2 * bucket_count + 1, 0);
  for (const auto& keyword : keywords_) {
    ++bucket_begin_[bucket_of(keyword) + 1];
    has_short_ = has_short_ || keyword.text.size() - keyword.word_offset < 4;
    const std::string_view word = std::string_view(keyword.text).substr(keyword.word_offset);
    char head[4];
    std::copy_n(word.begin(), std::min<size_t>(word.size(), 4), head);
    // A keyword of three bytes goes on with any fourth.
    for (int fourth = 0; fourth < (word.size() >= 4 ? 1 : 256); ++fourth) {
      if (word.size() < 4) head[3] = static_cast<char>(fourth);
      const uint32_t h = hash4(head);
      filter_[h >> 6] |= uint64_t{1} << (h & 63);
    }
  }
  for (size_t i = 1; i < bucket_begin_.size(); ++i) bucket_begin_[i] += bucket_begin_[i - 1];
}

}  // namespace assay::classify
