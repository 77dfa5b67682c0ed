#include <algorithm>
#include <utility>

#include "classify/detector.h"

namespace assay::classify {
namespace {

constexpr size_t max_lead = 80;
constexpr size_t max_match = 4096;
// What look-behinds at the start of a match may see.
constexpr size_t look_behind = 16;

constexpr size_t words_ahead = 4;
// In pieces of so many bytes is text beyond ASCII looked for.
constexpr size_t max_piece = 4096;

bool is_beyond_ascii(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<uint8_t>(c) >= 0x80; });
}

constexpr ByteSet bytes_of(std::string_view text) {
  ByteSet bytes;
  for (const char c : text) bytes.add(static_cast<uint8_t>(c));
  return bytes;
}

bool is_mailbox_byte(char c) {
  static constexpr ByteSet bytes = [] {
    ByteSet all = word_bytes();
    all.add_all(bytes_of(".!#$%&'*+=?^~-"));
    all.add_all(ByteSet::of_range(0x80, 0xFF));
    return all;
  }();
  return bytes.has(static_cast<uint8_t>(c));
}
// "scheme://user@host", "scheme://user:password@host": what stands before the '@' at `at` is no mailbox.
bool ends_credentials(std::string_view text, size_t at) {
  constexpr size_t longest = 200;
  static_assert(longest + 3 < Detector::reach_before);
  static constexpr ByteSet ends = [] {
    ByteSet all = bytes_of("\"'<>@,;|");
    all.add_all(ByteSet::of_range(0, ' '));
    return all;
  }();
  for (size_t i = at; i > 2 && at - i < longest; --i) {
    const char c = text[i - 1];
    if (c == '/') return text.substr(i - 3, 2) == ":/" && !text.substr(0, i - 3).ends_with("mailto");
    if (ends.has(static_cast<uint8_t>(c))) return false;
  }
  return false;
}
bool is_scheme_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '.' || c == '-';
}

}  // namespace

// The match that holds the keyword (found twice when it holds two; equal candidates become one later): first one that
// begins at `likely_begin`, then any that begins up to max_lead before.
void KeywordDetector::match_around(const Window& window, uint32_t pattern_id, size_t keyword_begin, size_t keyword_end,
                                   size_t likely_begin, Scratch& scratch, CandidateSink& sink) const {
  const CompiledPattern& pattern = rules_.patterns[pattern_id];
  const size_t start = keyword_begin > max_lead + look_behind ? keyword_begin - max_lead - look_behind : 0;
  const std::string_view subject = window.text.substr(start, keyword_begin - start + max_match);
  auto take = [&](const std::optional<Pcre::Match>& match) {
    if (!match || match->whole.begin + start > keyword_begin || match->whole.end + start < keyword_end) return false;
    return consider(rules_, pattern_id, window, start + match->value.begin, start + match->value.end, scratch, sink);
  };
  if (take(pattern.regex->find(subject, likely_begin - start, true, pattern.group, scratch.pcre)) ||
      pattern.starts_with_keyword)
    return;
  const size_t earliest = keyword_begin > max_lead ? keyword_begin - max_lead : 0;
  for (size_t from = earliest - start; from <= keyword_begin - start;) {
    const auto match =
        pattern.regex->find_starting_until(subject, from, keyword_begin - start, pattern.group, scratch.pcre);
    if (!match || take(match)) return;
    from = match->whole.begin + 1;
  }
}

// Which of the survey's keyword words may matter. Which of them do not is not to be foretold, so there is no branch.
const PlaceList& KeywordDetector::worthwhile_words(const Window& window, const Survey& survey, Scratch& scratch) const {
  const KeywordIndex& keywords = rules_.keywords;
  const uint32_t* const places = survey.keyword_words.begin();
  const uint32_t* const heads = survey.keyword_heads.begin();
  PlaceList& list = scratch.words;
  list.clear();
  uint32_t* const kept = list.room_for(survey.keyword_words.size());
  size_t count = 0;
  for (uint32_t i = 0; i < survey.keyword_words.size(); ++i) {
    const size_t place = places[i];
    const auto reach = keywords.digit_reach(heads[i]);
    kept[count] = i;
    count += static_cast<size_t>(
        static_cast<int>(reach.forward == KeywordIndex::no_digit) |
        static_cast<int>(survey.may_have_digit(place - std::min<size_t>(place, reach.back), place + reach.forward)));
  }
  const size_t with_digits = std::exchange(count, 0);
  for (size_t n = 0; n < with_digits; ++n) {
    const uint32_t i = kept[n];
    kept[count] = i;
    count += keywords.surely_has_none(window.text.data() + places[i], heads[i]) ? 0 : 1;
  }
  list.keep(count);
  return list;
}

void KeywordDetector::detect(const Window& window, size_t from, size_t to, const Survey& survey, Scratch& scratch,
                             CandidateSink& sink) const {
  const PlaceList& worthwhile = worthwhile_words(window, survey, scratch);
  for (size_t n = 0; n < worthwhile.size(); ++n) {
    if (n + words_ahead < worthwhile.size())
      rules_.keywords.prefetch(survey.keyword_heads.begin()[worthwhile.begin()[n + words_ahead]]);
    const uint32_t i = worthwhile.begin()[n];
    const uint32_t place = survey.keyword_words.begin()[i], head = survey.keyword_heads.begin()[i];
    rules_.keywords.match(window.text, place, head, [&](const KeywordIndex::Keyword& keyword, size_t begin) {
      const size_t end = begin + keyword.text.size();
      if (passes_gate(keyword.gate, window, begin, end, survey))
        match_around(window, keyword.pattern, begin, end, begin, scratch, sink);
    });
  }
  for (const uint32_t at : survey.at_signs) {
    size_t begin = at;
    while (begin > 0 && at - begin < max_lead && is_mailbox_byte(window.text[begin - 1])) --begin;
    if (begin == at || ends_credentials(window.text, at)) continue;
    for (const uint32_t pattern : rules_.at_patterns) match_around(window, pattern, at, at + 1, begin, scratch, sink);
  }
  for (const uint32_t colon : survey.schemes) {
    size_t begin = colon;
    while (begin > 0 && colon - begin < 24 && is_scheme_byte(window.text[begin - 1])) --begin;
    if (begin == colon) continue;
    for (const uint32_t pattern : rules_.scheme_patterns)
      match_around(window, pattern, colon, colon + 3, begin, scratch, sink);
  }
  const auto take = [&](const GluedKeywords::Keyword& keyword, size_t begin) {
    const size_t end = begin + keyword.text.size();
    for (const auto& use : keyword.uses)
      if (passes_gate(use.gate, window, begin, end, survey))
        match_around(window, use.pattern, begin, end, begin, scratch, sink);
  };
  const auto find = [&](const GluedKeywords& glued, size_t begin, size_t end) {
    glued.find(window.text, begin, end, scratch.hyperscan, scratch.literal_places, take);
  };
  find(rules_.glued, from, to);
  const size_t reach = rules_.glued_beyond_ascii.longest();
  if (reach == 0) return;
  for (size_t piece = from; piece < to; piece += max_piece) {
    const size_t end = std::min(piece + max_piece, to);
    if (survey.may_have_beyond_ascii(piece, end) || is_beyond_ascii(window.text.substr(end, reach)))
      find(rules_.glued_beyond_ascii, piece, end);
  }
}

bool KeywordDetector::passes_gate(uint32_t gate, const Window& window, size_t begin, size_t end,
                                  const Survey& survey) const {
  return rules_.gates[gate].lets_pass(window.text, begin, end, survey.digit_blocks.data(), survey.digits_from,
                                      survey.digits_to);
}

}  // namespace assay::classify
