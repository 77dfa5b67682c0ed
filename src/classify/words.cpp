#include "classify/words.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace assay::classify {
namespace {

constexpr size_t max_word_bytes = 40;

enum : uint8_t { other = 0, lower = 1, upper = 2, high = 3 };

constexpr std::array<uint8_t, 256> classes = [] {
  std::array<uint8_t, 256> table{};
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = lower;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = upper;
  for (unsigned c = 0x80; c < 0x100; ++c) table[c] = high;
  return table;
}();

uint8_t class_of(char c) { return classes[static_cast<uint8_t>(c)]; }

constexpr uint64_t every_byte = 0x0101010101010101;

// The top bit of each byte that is in 'a'..'z'. Bytes are judged by their low seven bits, so that no sum carries over.
uint64_t lower_bits(uint64_t eight) {
  const uint64_t seven = eight & (0x7F * every_byte);
  return (seven + (0x80 - 'a') * every_byte) & ~(seven + (0x80 - 'z' - 1) * every_byte) & ~eight & (0x80 * every_byte);
}

uint64_t load_eight(const void* p) {
  uint64_t eight = 0;
  std::memcpy(&eight, p, sizeof eight);
  return eight;
}

// Where the run of small letters that holds `at` ends.
size_t lower_run_end(std::string_view text, size_t at) {
  while (at + 8 <= text.size()) {
    const uint64_t others = lower_bits(load_eight(text.data() + at)) ^ (0x80 * every_byte);
    if (others != 0) return at + static_cast<size_t>(std::countr_zero(others)) / 8;
    at += 8;
  }
  while (at < text.size() && class_of(text[at]) == lower) ++at;
  return at;
}

// The first byte of a word at or after `at`.
size_t next_word(std::string_view text, size_t at) {
  while (at + 8 <= text.size()) {
    const uint64_t eight = load_eight(text.data() + at);
    const uint64_t found = lower_bits(eight | (0x20 * every_byte)) | (eight & (0x80 * every_byte));
    if (found != 0) return at + static_cast<size_t>(std::countr_zero(found)) / 8;
    at += 8;
  }
  while (at < text.size() && class_of(text[at]) == other) ++at;
  return at;
}

// Scripts written without spaces start at Thai (U+0E00, lead byte 0xE0 0xB8), in practice: CJK and Hangul lead with
// 0xE3 and above. Cyrillic, Greek, Arabic, Hebrew are two-byte and spaced.
bool is_unspaced_lead(char c) { return static_cast<uint8_t>(c) >= 0xE0; }

size_t character_bytes(char lead) {
  const auto byte = static_cast<uint8_t>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Makes small the capital whose UTF-8 is these two bytes: Latin-1 (U+00C0), Greek (U+0391) and Cyrillic (U+0400).
// False when they are no such capital.
bool fold_two_bytes(char& lead, char& next) {
  const auto n = static_cast<uint8_t>(next);
  auto become = [&](uint8_t new_lead, int shift) {
    lead = static_cast<char>(new_lead);
    next = static_cast<char>(n + shift);
    return true;
  };
  switch (static_cast<uint8_t>(lead)) {
    case 0xC3:
      if (n >= 0x80 && n <= 0x9E) return become(0xC3, 0x20);
      break;
    case 0xCE:
      if (n >= 0x91 && n <= 0x9F) return become(0xCE, 0x20);
      if (n >= 0xA0 && n <= 0xA9) return become(0xCF, -0x20);
      break;
    case 0xD0:
      if (n >= 0x90 && n <= 0x9F) return become(0xD0, 0x20);
      if (n >= 0xA0 && n <= 0xAF) return become(0xD1, -0x20);
      if (n >= 0x80 && n <= 0x8F) return become(0xD1, 0x10);
      break;
    default: break;
  }
  return false;
}

// Calls visit(begin, end, lower-case word) for each word of the text. ASCII, Latin-1, Greek and Cyrillic
// capitals are folded, which covers the context words in use.
template <typename Visit>
void split_words(std::string_view text, Visit&& visit) {
  size_t at = 0;
  char word[max_word_bytes + 8];
  while ((at = next_word(text, at)) < text.size()) {
    uint8_t c = other;
    const size_t begin = at;
    size_t n = 0;
    bool seen_lower = false;
    // Most words are small letters only.
    at = lower_run_end(text, at);
    if (at > begin) {
      seen_lower = true;
      if (at == text.size() || class_of(text[at]) != high) {
        visit(begin, at, text.substr(begin, std::min(at - begin, max_word_bytes)));
        continue;
      }
      n = std::min(at - begin, max_word_bytes);
      std::copy_n(text.data() + begin, n, word);
    }
    while (at < text.size()) {
      c = class_of(text[at]);
      if (c == other) break;
      if (c == upper && seen_lower) break;
      // "HTTPServer": the last capital of a run starts the next word.
      if (c == upper && at > begin && at + 1 < text.size() && class_of(text[at + 1]) == lower &&
          class_of(text[at - 1]) == upper)
        break;
      char b = text[at];
      const bool folded = c == high && n > 0 && n < max_word_bytes && fold_two_bytes(word[n - 1], b);
      // A character of another alphabet counts as small by its last byte: "NÄM" is one word, and "号码ID" are two.
      if (c == lower || (c == high && !folded && static_cast<uint8_t>(b) < 0xC0)) seen_lower = true;
      if (n < max_word_bytes) {
        if (c == upper) b = static_cast<char>(b | 0x20);
        word[n++] = b;
      }
      ++at;
    }
    visit(begin, at, std::string_view(word, n));
  }
}

}  // namespace

WordDictionary::Key WordDictionary::key_of(std::string_view lower) {
  Key key;
  const size_t size = lower.size();
  const auto* bytes = reinterpret_cast<const uint8_t*>(lower.data());
  key.size = static_cast<uint32_t>(size);
  if (size >= 8) {
    key.head = load_eight(bytes);
    if (size > 8) key.tail = load_eight(bytes + size - 8);
  } else if (size >= 4) {  // two loads that overlap
    uint32_t first = 0, last = 0;
    std::memcpy(&first, bytes, sizeof first);
    std::memcpy(&last, bytes + size - 4, sizeof last);
    key.head = first | uint64_t{last} << (8 * (size - 4));
  } else if (size > 0) {
    key.head = bytes[0] | uint64_t{bytes[size / 2]} << (8 * (size / 2)) | uint64_t{bytes[size - 1]} << (8 * (size - 1));
  }
  return key;
}

size_t WordDictionary::hash(const Key& key) {
  return static_cast<size_t>(((key.head ^ (key.tail * 0x9E3779B97F4A7C15ULL) ^ key.size) * 0xD6E8FEB86659FD93ULL) >>
                             32);
}

uint32_t WordDictionary::word_id(const Key& key) const {
  const size_t h = hash(key);
  if (((filter_[h / 64 % filter_.size()] >> (h % 64)) & 1) == 0) return 0;
  for (size_t i = h;; ++i) {
    const Slot& slot = slots_[i & (slots_.size() - 1)];
    if (slot.id == 0 || slot.key == key) return slot.id;
  }
}

// Keeps three of four slots empty, so that words that are not there are refused at the first look.
void WordDictionary::grow_slots() {
  if (4 * words_.size() < slots_.size()) return;
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(std::max<size_t>(1024, 2 * slots_.size())));
  for (const Slot& slot : old) {
    if (slot.id == 0) continue;
    size_t i = hash(slot.key);
    while (slots_[i & (slots_.size() - 1)].id != 0) ++i;
    slots_[i & (slots_.size() - 1)] = slot;
  }
}

uint32_t WordDictionary::add(std::string_view phrase) {
  const auto next = static_cast<uint32_t>(texts_.size());
  if (!phrase.empty() && is_unspaced_lead(phrase.front())) {
    auto& list = unspaced_[std::string(phrase.substr(0, character_bytes(phrase.front())))];
    for (uint32_t id : list)
      if (texts_[id] == phrase) return id;
    list.push_back(next);
    texts_.emplace_back(phrase);
    return next;
  }
  std::vector<uint32_t> ids;
  split_words(phrase, [&](size_t, size_t, std::string_view word) {
    const Key key = key_of(word);
    uint32_t id = word_id(key);
    if (id == 0) {
      grow_slots();
      id = static_cast<uint32_t>(words_.size());
      words_.emplace_back();
      size_t i = hash(key);
      filter_[i / 64 % filter_.size()] |= uint64_t{1} << (i % 64);
      while (slots_[i & (slots_.size() - 1)].id != 0) ++i;
      slots_[i & (slots_.size() - 1)] = {key, id};
    }
    ids.push_back(id);
  });
  if (ids.size() > max_phrase_words) ids.resize(max_phrase_words);
  std::string key(reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(uint32_t));
  const auto [it, added] = phrases_.emplace(std::move(key), next);
  if (!added) return it->second;
  texts_.emplace_back(phrase);
  if (ids.empty()) return next;
  Word& last = words_[ids.back()];
  last.longest_phrase = std::max(last.longest_phrase, static_cast<uint8_t>(ids.size()));
  if (ids.size() == 1) last.phrase = next;
  return next;
}

void WordDictionary::find(std::string_view text, uint32_t base, std::vector<WordHit>& hits) const {
  // The run of known words that ends here, the oldest first: ids, and where they begin.
  std::array<uint32_t, max_phrase_words> ids{};
  std::array<uint32_t, max_phrase_words> begins{};
  size_t known = 0;
  split_words(text, [&](size_t begin, size_t end, std::string_view word) {
    if (is_unspaced_lead(text[begin]))
      find_unspaced(text.substr(begin, end - begin), base + static_cast<uint32_t>(begin), hits);
    uint32_t id = word_id(key_of(word));
    if (id == 0 && word.size() > 3 && word.back() == 's') id = word_id(key_of(word.substr(0, word.size() - 1)));
    if (id == 0) {
      known = 0;
      return;
    }
    if (known == max_phrase_words) {
      std::shift_left(ids.begin(), ids.end(), 1);
      std::shift_left(begins.begin(), begins.end(), 1);
      --known;
    }
    ids[known] = id;
    begins[known] = base + static_cast<uint32_t>(begin);
    ++known;
    const Word& entry = words_[id];
    const uint32_t hit_end = base + static_cast<uint32_t>(end);
    if (entry.phrase != none) hits.push_back({begins[known - 1], hit_end, entry.phrase});
    for (size_t n = 2; n <= entry.longest_phrase && n <= known; ++n) {
      const size_t first = known - n;
      const auto found =
          phrases_.find(std::string(reinterpret_cast<const char*>(ids.data() + first), n * sizeof(uint32_t)));
      if (found != phrases_.end()) hits.push_back({begins[first], hit_end, found->second});
    }
  });
}

void WordDictionary::find_unspaced(std::string_view run, uint32_t base, std::vector<WordHit>& hits) const {
  if (unspaced_.empty()) return;
  size_t at = 0;
  while (at < run.size()) {
    const size_t size = character_bytes(run[at]);
    const auto found = unspaced_.find(std::string(run.substr(at, size)));
    if (found != unspaced_.end())
      for (uint32_t id : found->second)
        if (run.substr(at).starts_with(texts_[id]))
          hits.push_back({base + static_cast<uint32_t>(at), base + static_cast<uint32_t>(at + texts_[id].size()), id});
    at += size;
  }
}

}  // namespace assay::classify
