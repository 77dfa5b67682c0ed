#include "classify/words.h"

#include <algorithm>
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

// Scripts written without spaces start at Thai (U+0E00, lead byte 0xE0 0xB8), in practice: CJK and Hangul lead with
// 0xE3 and above. Cyrillic, Greek, Arabic, Hebrew are two-byte and spaced.
bool is_unspaced_lead(char c) { return static_cast<uint8_t>(c) >= 0xE0; }

size_t character_bytes(char lead) {
  const auto byte = static_cast<uint8_t>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Makes small the capital whose UTF-8 is these two bytes: Latin-1 (U+00C0), Greek (U+0391) and Cyrillic (U+0400).
void fold_two_bytes(char& lead, char& next) {
  const auto n = static_cast<uint8_t>(next);
  auto become = [&](uint8_t new_lead, int shift) {
    lead = static_cast<char>(new_lead);
    next = static_cast<char>(n + shift);
  };
  switch (static_cast<uint8_t>(lead)) {
    case 0xC3:
      if (n >= 0x80 && n <= 0x9E) become(0xC3, 0x20);
      break;
    case 0xCE:
      if (n >= 0x91 && n <= 0x9F) become(0xCE, 0x20);
      else if (n >= 0xA0 && n <= 0xA9) become(0xCF, -0x20);
      break;
    case 0xD0:
      if (n >= 0x90 && n <= 0x9F) become(0xD0, 0x20);
      else if (n >= 0xA0 && n <= 0xAF) become(0xD1, -0x20);
      else if (n >= 0x80 && n <= 0x8F) become(0xD1, 0x10);
      break;
    default: break;
  }
}

// Calls visit(begin, end, lower-case word) for each word of the text. ASCII, Latin-1, Greek and Cyrillic
// capitals are folded, which covers the context words in use.
template <typename Visit>
void split_words(std::string_view text, Visit&& visit) {
  size_t at = 0;
  char word[max_word_bytes + 8];
  while (at < text.size()) {
    uint8_t c = class_of(text[at]);
    if (c == other) {
      ++at;
      continue;
    }
    const size_t begin = at;
    size_t n = 0;
    bool seen_lower = false;
    // Most words are small letters only.
    while (at < text.size() && class_of(text[at]) == lower) ++at;
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
      if (c == lower || c == high) seen_lower = true;
      if (n < max_word_bytes) {
        char b = text[at];
        if (c == upper) b = static_cast<char>(b | 0x20);
        if (c == high && n > 0) fold_two_bytes(word[n - 1], b);
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
  key.size = static_cast<uint32_t>(lower.size());
  std::memcpy(&key.head, lower.data(), std::min<size_t>(lower.size(), 8));
  if (lower.size() > 8) std::memcpy(&key.tail, lower.data() + lower.size() - 8, 8);
  return key;
}

size_t WordDictionary::hash(const Key& key) {
  return static_cast<size_t>(((key.head ^ (key.tail * 0x9E3779B97F4A7C15ULL) ^ key.size) * 0xD6E8FEB86659FD93ULL) >> 32);
}

uint32_t WordDictionary::word_id(const Key& key) const {
  if (slots_.empty()) return 0;
  for (size_t i = hash(key);; ++i) {
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
  std::array<uint32_t, max_phrase_words> recent{};  // word ids and where they begin, in a ring
  std::array<uint32_t, max_phrase_words> begins{};
  size_t count = 0;
  split_words(text, [&](size_t begin, size_t end, std::string_view word) {
    if (is_unspaced_lead(text[begin])) find_unspaced(text.substr(begin, end - begin), base + static_cast<uint32_t>(begin), hits);
    uint32_t id = word_id(key_of(word));
    if (id == 0 && word.size() > 3 && word.back() == 's') id = word_id(key_of(word.substr(0, word.size() - 1)));
    const size_t place = count++ % max_phrase_words;
    recent[place] = id;
    begins[place] = base + static_cast<uint32_t>(begin);
    if (id == 0) return;
    const Word& entry = words_[id];
    const uint32_t hit_end = base + static_cast<uint32_t>(end);
    if (entry.phrase != none) hits.push_back({begins[place], hit_end, entry.phrase});
    std::array<uint32_t, max_phrase_words> ids{};
    ids[max_phrase_words - 1] = id;
    for (size_t n = 2; n <= entry.longest_phrase && n <= count; ++n) {
      const size_t earlier = (count - n) % max_phrase_words;
      if (recent[earlier] == 0) break;
      ids[max_phrase_words - n] = recent[earlier];
      const auto found = phrases_.find(std::string(reinterpret_cast<const char*>(ids.data() + max_phrase_words - n), n * sizeof(uint32_t)));
      if (found != phrases_.end()) hits.push_back({begins[earlier], hit_end, found->second});
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
