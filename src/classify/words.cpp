#include "classify/words.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "classify/case_fold.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

// One bit a byte of 64 bytes; what lies behind the text is no letter.
struct LetterMasks {
  uint64_t lower = 0, upper = 0, high = 0;
};

LetterMasks letter_masks(std::string_view text, size_t at) {
  LetterMasks m;
  alignas(16) std::array<char, 64> padded;
  const char* p = text.data() + at;
  if (at + padded.size() > text.size()) {
    padded.fill(0);
    std::memcpy(padded.data(), p, text.size() - at);
    p = padded.data();
  }
#if defined(__SSE2__)
  for (size_t i = 0; i < 64; i += 16) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + i));
    const auto bits_from = [&](char first) {
      const __m128i from = _mm_sub_epi8(c, _mm_set1_epi8(first));
      const __m128i within = _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(25)), from);
      return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(within))) << i;
    };
    m.lower |= bits_from('a');
    m.upper |= bits_from('A');
    m.high |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(c))) << i;
  }
#else
  for (size_t i = 0; i < 64; i += 8) {
    const uint64_t eight = load_eight(p + i);
    const auto bits = [i](uint64_t tops) { return ((tops >> 7) * 0x0102040810204080ULL >> 56) << i; };
    m.lower |= bits(lower_bits(eight));
    m.upper |= bits(lower_bits(eight ^ (0x20 * every_byte)));
    m.high |= bits(eight & (0x80 * every_byte));
  }
#endif
  return m;
}

constexpr size_t none_open = SIZE_MAX;

// Scripts written without spaces start at Thai (U+0E00, lead byte 0xE0 0xB8), in practice: CJK and Hangul lead with
// 0xE3 and above. Cyrillic, Greek, Arabic, Hebrew are two-byte and spaced; so are the letters of Vietnamese and of
// older Greek between them (from U+1E00 to U+1FFF).
bool is_unspaced(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  if (lead < 0xE0) return false;
  return lead != 0xE1 || at + 1 >= text.size() || static_cast<uint8_t>(text[at + 1]) < 0xB8;
}

size_t character_bytes(char lead) {
  const auto byte = static_cast<uint8_t>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Calls visit(begin, end, folded word) for the word that begins at `at`, and returns its end.
template <typename Visit>
size_t split_word(std::string_view text, size_t at, Visit&& visit) {
  char word[max_word_bytes + 8];
  const size_t begin = at;
  size_t n = 0;
  bool seen_lower = false;
  while (at < text.size()) {
    const uint8_t c = class_of(text[at]);
    if (c == other) break;
    if (c == upper && seen_lower) break;
    // "HTTPServer": the last capital of a run starts the next word.
    if (c == upper && at > begin && at + 1 < text.size() && class_of(text[at + 1]) == lower &&
        class_of(text[at - 1]) == upper)
      break;
    if (c == high) {
      std::array<char, 4> character{};
      const size_t size = character_size(text, at);
      std::copy_n(text.data() + at, size, character.data());
      // A capital of another alphabet is one: "NÄM" is one word, and "号码ID" are two.
      if (!fold_character(character.data(), size)) seen_lower = true;
      for (size_t i = 0; i < size && n < max_word_bytes; ++i) word[n++] = character[i];
      at += size;
      continue;
    }
    if (c == lower) seen_lower = true;
    if (n < max_word_bytes) word[n++] = c == upper ? static_cast<char>(text[at] | 0x20) : text[at];
    ++at;
  }
  visit(begin, at, std::string_view(word, n));
  return at;
}

// Calls visit(begin, end, lower-case word) for each word of the text that begins in [at, to), and returns where the
// last ends, or `to` when that is behind.
template <typename Visit>
size_t split_words(std::string_view text, size_t at, size_t to, Visit&& visit) {
  while ((at = next_word(text, at)) < to) at = split_word(text, at, visit);
  return std::max(at, to);
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

uint32_t WordDictionary::word_id(const Key& key, size_t hash) const {
  if (!may_have(hash)) return 0;
  for (size_t i = hash;; ++i) {
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
  if (!phrase.empty() && is_unspaced(phrase, 0)) {
    auto& list = unspaced_[std::string(phrase.substr(0, character_bytes(phrase.front())))];
    for (uint32_t id : list)
      if (texts_[id] == phrase) return id;
    list.push_back(next);
    texts_.emplace_back(phrase);
    return next;
  }
  std::vector<uint32_t> ids;
  split_words(phrase, 0, phrase.size(), [&](size_t, size_t, std::string_view word) {
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
  PhraseKey key{};
  std::ranges::copy(ids, key.begin());
  const auto [it, added] = phrases_.emplace(key, next);
  if (!added) return it->second;
  texts_.emplace_back(phrase);
  if (ids.empty()) return next;
  Word& last = words_[ids.back()];
  last.longest_phrase = std::max(last.longest_phrase, static_cast<uint8_t>(ids.size()));
  if (ids.size() == 1) last.phrase = next;
  return next;
}

size_t WordDictionary::PhraseHash::operator()(const PhraseKey& key) const {
  uint64_t hash = 0;
  for (const uint32_t id : key) hash = (hash ^ id) * 0x9E3779B97F4A7C15ULL;
  return static_cast<size_t>(hash ^ (hash >> 32));
}

/// Looks for phrases in the words of a text, which are given one after the other.
class WordDictionary::Finder {
 public:
  Finder(const WordDictionary& words, uint32_t base, std::vector<WordHit>& hits)
      : words_(words), base_(base), hits_(hits) {}

  /// A word of ASCII letters. What it is, is looked for later, with that of others: finish() is to be called.
  void plain_word(std::string_view text, size_t begin, size_t end) {
    const size_t size = std::min(end - begin, max_word_bytes);
    uint64_t head = 0, tail = 0;
    if (begin + 8 <= text.size()) head = load_eight(text.data() + begin);
    else std::memcpy(&head, text.data() + begin, std::min(size, sizeof head));
    head |= 0x20 * every_byte;
    const char* const last = text.data() + begin + size;
    if (size > 8) tail = load_eight(last - 8) | (0x20 * every_byte);
    Waiting& word = waiting_[waiting_count_++];
    word.begin = static_cast<uint32_t>(begin);
    word.end = static_cast<uint32_t>(end);
    word.size = static_cast<uint32_t>(size);
    word.head = first_bytes(head, size);
    word.tail = tail;
    word.singular_hash = word.hash = hash({word.head, tail, word.size});
    word.singular_size = 0;
    if (size > 3 && (last[-1] | 0x20) == 's') {
      word.singular_head = first_bytes(head, size - 1);
      word.singular_tail = size > 9 ? load_eight(last - 9) | (0x20 * every_byte) : 0;
      word.singular_size = word.size - 1;
      word.singular_hash = hash({word.singular_head, word.singular_tail, word.singular_size});
    }
    if (waiting_count_ == waiting_.size()) finish();
  }

  /// Looks for the words that wait: first which of them may be known, without a branch, then where those lie in memory.
  void finish() {
    std::array<uint8_t, most_waiting> maybe;
    size_t count = 0;
    for (size_t i = 0; i < waiting_count_; ++i) {
      maybe[count] = static_cast<uint8_t>(i);
      count += size_t{words_.may_have(waiting_[i].hash)} | size_t{words_.may_have(waiting_[i].singular_hash)};
    }
    const size_t mask = words_.slots_.size() - 1;
    for (size_t i = 0; i < count; ++i) {
      __builtin_prefetch(&words_.slots_[waiting_[maybe[i]].hash & mask]);
      __builtin_prefetch(&words_.slots_[waiting_[maybe[i]].singular_hash & mask]);
    }
    size_t next = 0;  // of those that wait
    for (size_t i = 0; i < count; ++i) {
      const Waiting& word = waiting_[maybe[i]];
      if (maybe[i] != next) known_ = 0;
      next = maybe[i] + size_t{1};
      uint32_t id = words_.word_id({word.head, word.tail, word.size}, word.hash);
      if (id == 0 && word.singular_size != 0)
        id = words_.word_id({word.singular_head, word.singular_tail, word.singular_size}, word.singular_hash);
      take(id, word.begin, word.end);
    }
    if (next != waiting_count_) known_ = 0;
    waiting_count_ = 0;
  }

  /// A word with letters beyond ASCII; `lower` is how it compares.
  void other_word(std::string_view text, size_t begin, size_t end, std::string_view lower) {
    finish();
    if (is_unspaced(text, begin))
      words_.find_unspaced(text.substr(begin, end - begin), base_ + static_cast<uint32_t>(begin), hits_);
    uint32_t id = words_.word_id(key_of(lower));
    if (id == 0 && lower.size() > 3 && lower.back() == 's')
      id = words_.word_id(key_of(lower.substr(0, lower.size() - 1)));
    take(id, begin, end);
  }

 private:
  static uint64_t first_bytes(uint64_t bytes, size_t n) {
    return n >= 8 ? bytes : bytes & ((uint64_t{1} << (8 * n)) - 1);
  }

  void take(uint32_t id, size_t begin, size_t end) {
    if (id == 0) {
      known_ = 0;
      return;
    }
    if (known_ == max_phrase_words) {
      std::shift_left(ids_.begin(), ids_.end(), 1);
      std::shift_left(begins_.begin(), begins_.end(), 1);
      --known_;
    }
    ids_[known_] = id;
    begins_[known_] = base_ + static_cast<uint32_t>(begin);
    ++known_;
    const Word& entry = words_.words_[id];
    const uint32_t hit_end = base_ + static_cast<uint32_t>(end);
    if (entry.phrase != none) hits_.push_back({begins_[known_ - 1], hit_end, entry.phrase});
    for (size_t n = 2; n <= entry.longest_phrase && n <= known_; ++n) {
      const size_t first = known_ - n;
      PhraseKey key{};
      std::copy_n(ids_.begin() + static_cast<ptrdiff_t>(first), n, key.begin());
      const auto found = words_.phrases_.find(key);
      if (found != words_.phrases_.end()) hits_.push_back({begins_[first], hit_end, found->second});
    }
  }

  // A word, and the same without its 's', where it ends in one: parts of a Key each. Left as it is until it is used.
  struct Waiting {
    uint64_t head, tail, singular_head, singular_tail;
    size_t hash, singular_hash;
    uint32_t size, singular_size, begin, end;
  };

  const WordDictionary& words_;
  const uint32_t base_;
  std::vector<WordHit>& hits_;
  // The run of known words that ends here, the oldest first: ids, and where they begin.
  std::array<uint32_t, max_phrase_words> ids_{};
  std::array<uint32_t, max_phrase_words> begins_{};
  size_t known_ = 0;
  static constexpr size_t most_waiting = 32;
  std::array<Waiting, most_waiting> waiting_;
  size_t waiting_count_ = 0;
};

void WordDictionary::find(std::string_view text, uint32_t base, std::vector<WordHit>& hits) const {
  Finder finder(*this, base, hits);
  size_t open = none_open;  // where the word begins that the last block ended in
  for (size_t at = 0; at < text.size();) {
    const LetterMasks m = letter_masks(text, at);
    if (m.high != 0) {
      at = split_words(
          text, open == none_open ? at : open, std::min(at + 64, text.size()),
          [&](size_t begin, size_t end, std::string_view lower) { finder.other_word(text, begin, end, lower); });
      open = none_open;
      continue;
    }
    const uint8_t next = at + 64 < text.size() ? class_of(text[at + 64]) : uint8_t{other};
    const bool lower_follows = at + 65 < text.size() && class_of(text[at + 65]) == lower;
    const uint64_t letters = m.lower | m.upper;
    // Capitals that begin words: after a small letter, and the last of a run of them ("HTTPServer").
    const uint64_t lower_next = (m.lower >> 1) | uint64_t{next == lower} << 63;
    const uint64_t breaks = m.upper & ((m.lower << 1) | ((m.upper << 1) & lower_next));
    const bool break_follows = next == upper && (m.lower >> 63 != 0 || (m.upper >> 63 != 0 && lower_follows));
    uint64_t begins = breaks | (letters & ~((letters << 1) | uint64_t{open != none_open}));
    uint64_t ends =
        (letters & ~((letters >> 1) | uint64_t{next != other} << 63)) | (breaks >> 1) | uint64_t{break_follows} << 63;
    ends &= letters;
    for (; ends != 0; ends &= ends - 1) {
      const size_t end = at + static_cast<size_t>(std::countr_zero(ends)) + 1;
      size_t begin = open;
      if (open == none_open) {
        begin = at + static_cast<size_t>(std::countr_zero(begins));
        begins &= begins - 1;
      }
      open = none_open;
      finder.plain_word(text, begin, end);
    }
    if (begins != 0) open = at + static_cast<size_t>(std::countr_zero(begins));
    at += 64;
  }
  finder.finish();
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
