#include <algorithm>

#include "classify/detector.h"
#include "classify/token_places.h"

namespace assay::classify {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  static constexpr ByteSet words = word_bytes();
  return words.has(static_cast<uint8_t>(c));
}

// The run of word characters that touches `edge` from the left (or begins at it) holds a digit.
bool digits_left_of(std::string_view text, size_t edge) {
  for (size_t i = edge; i > 0 && edge - i < 40 && is_word(text[i - 1]); --i)
    if (is_digit(text[i - 1])) return true;
  return false;
}
bool digits_right_of(std::string_view text, size_t edge) {
  for (size_t i = edge; i < text.size() && i - edge < 40 && is_word(text[i]); ++i)
    if (is_digit(text[i])) return true;
  return false;
}
// ",ddd" and no further digit: the next group of a number written with thousands separators.
bool thousands_follow(std::string_view text, size_t at) {
  if (at + 3 > text.size()) return false;
  for (size_t i = at; i < at + 3; ++i)
    if (!is_digit(text[i])) return false;
  return at + 3 == text.size() || !is_word(text[at + 3]);
}

// "4275" or "56F7": of tables of code points and dumps, too. Small letters without a digit are words.
bool is_group(std::string_view text) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'f'; };
  const auto is_hex = [&](char c) { return is_digit(c) || is_small(c) || (c >= 'A' && c <= 'F'); };
  return std::ranges::all_of(text, is_hex) &&
         (std::ranges::any_of(text, is_digit) || std::ranges::none_of(text, is_small));
}

// How many groups of `digits` digits, a blank before each, follow one another from `at` on.
size_t groups_from(std::string_view text, size_t at, size_t digits, size_t most) {
  size_t groups = 0;
  for (; groups < most && at < text.size() && text[at] == ' '; ++groups) {
    const size_t end = at + 1 + digits;
    if (end > text.size() || !is_group(text.substr(at + 1, digits)) || (end < text.size() && is_word(text[end]))) break;
    at = end;
  }
  return groups;
}
size_t groups_before(std::string_view text, size_t at, size_t digits, size_t most) {
  size_t groups = 0;
  for (; groups < most && at > digits && text[at - 1] == ' '; ++groups) {
    const size_t begin = at - 1 - digits;
    if (!is_group(text.substr(begin, digits)) || (begin > 0 && is_word(text[begin - 1]))) break;
    at = begin;
  }
  return groups;
}
// "1234 5678" among further groups of four digits: a piece of a list of numbers, or of a number that is longer. One
// further group may be a year, and a whole number of times as many are others of the kind.
bool is_among_groups(std::string_view text, size_t begin, size_t end) {
  size_t digits = 0;
  while (digits < end - begin && is_digit(text[end - 1 - digits])) ++digits;
  const size_t stride = digits + 1;
  if (digits == 0 || digits + 1 >= end - begin || (end - begin + 1) % stride != 0) return false;
  for (size_t i = begin; i < end; ++i)
    if ((i - begin) % stride == digits ? text[i] != ' ' : !is_digit(text[i])) return false;
  const size_t own = (end - begin + 1) / stride, most = 3 * own;
  const size_t before = groups_before(text, begin, digits, most), behind = groups_from(text, end, digits, most);
  if (before + behind < 2) return false;
  return before % own != 0 || behind % own != 0 || before + behind >= most;
}

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Hardware and IPv6 addresses that are pieces of longer runs of the kind, such as fingerprints.
bool continues_over_colons(std::string_view text, size_t begin, size_t end) {
  if ((end >= text.size() || text[end] != ':') && (begin == 0 || text[begin - 1] != ':')) return false;
  if (text.substr(begin, end - begin).find(':') == std::string_view::npos) return false;
  if (end + 1 < text.size() && text[end] == ':' && (is_hex(text[end + 1]) || text[end + 1] == ':')) return true;
  if (begin < 2 || text[begin - 1] != ':') return false;
  if (text[begin - 2] == ':') return true;
  size_t run = 0;
  while (run < begin - 1 && is_word(text[begin - 2 - run])) ++run;
  return run == 2 && is_hex(text[begin - 2]) && is_hex(text[begin - 3]);
}

}  // namespace

Wholeness wholeness(std::string_view text, size_t begin, size_t end) {
  const char first = text[begin];
  const char last = text[end - 1];
  bool strictly = true;
  if (end < text.size() && is_word(last)) {
    const char next = text[end];
    if (is_word(next)) return {};
    if (next == '.' && end + 1 < text.size() && is_digit(text[end + 1])) return {};
    if (next == '-' && digits_right_of(text, end + 1)) strictly = false;
    if (next == ',' && is_digit(last) && thousands_follow(text, end + 1)) strictly = false;
    if (next == ' ' && end + 1 < text.size() && is_word(text[end + 1]) && is_among_groups(text, begin, end))
      strictly = false;
  }
  if (begin > 0 && is_word(first)) {
    const char before = text[begin - 1];
    if (before == '.' && begin > 1 && is_digit(text[begin - 2])) return {};
    if (before == '-' && digits_left_of(text, begin - 1)) strictly = false;
    if (before == ',' && begin > 1 && is_digit(text[begin - 2]) && thousands_follow(text, begin)) strictly = false;
    if (before == ' ' && begin > 1 && is_word(text[begin - 2]) && is_among_groups(text, begin, end)) strictly = false;
  }
  if (continues_over_colons(text, begin, end)) return {};
  return {true, strictly};
}

namespace {

constexpr size_t no_lead = SIZE_MAX;

// Where the run of a few letters begins that stands before the token at `begin`, one blank, '-' or ':' between them. A
// run with digits is a token of its own and begins matches by itself.
size_t lead_before(std::string_view text, size_t begin) {
  if (begin < 2) return no_lead;
  const char between = text[begin - 1];
  if (between != ' ' && between != '-' && between != ':') return no_lead;
  const size_t most_letters = between == ':' ? max_lead_letters_before_colon : max_lead_letters;
  size_t at = begin - 1;
  while (at > 0 && begin - 1 - at <= most_letters && is_word(text[at - 1])) {
    if (is_digit(text[at - 1]) || text[at - 1] == '_') return no_lead;
    --at;
  }
  const size_t letters = begin - 1 - at;
  return letters == 0 || letters > most_letters ? no_lead : at;
}

// What goes on from a number before it is known to be a piece of it, whatever it is.
void add_start(std::string_view text, size_t begin, std::vector<TokenDfa::Start>& starts) {
  bool loose_only = false;
  if (begin > 1) {
    if (text[begin - 1] == '.' && is_digit(text[begin - 2])) return;
    loose_only = text[begin - 1] == '-' && digits_left_of(text, begin - 1);
  }
  starts.push_back({static_cast<uint32_t>(begin), loose_only});
}

}  // namespace

void add_token_starts(std::string_view text, uint32_t begin, std::vector<TokenDfa::Start>& starts) {
  add_start(text, begin, starts);
  if (begin > 0 && (text[begin - 1] == '+' || text[begin - 1] == '(')) starts.push_back({begin - 1, false});
  size_t lead = begin;
  for (unsigned i = 0; i < max_leads; ++i) {
    lead = lead_before(text, lead);
    if (lead == no_lead) break;
    add_start(text, lead, starts);
  }
}

void TokenDetector::detect(const Window& window, size_t, size_t, const Survey& survey, Scratch& scratch,
                           CandidateSink& sink) const {
  if (rules_.token_edges.empty()) return;
  std::vector<TokenDfa::Start>& starts = scratch.token_starts;
  starts.clear();
  for (const uint32_t begin : survey.digit_tokens) add_token_starts(window.text, begin, starts);
  starts.resize(scratch.dfa.sift(window.text, starts));
  for (size_t at = 0; at < starts.size(); at += TokenDfa::max_batch) {
    const auto batch = std::span(starts).subspan(at, std::min(TokenDfa::max_batch, starts.size() - at));
    scratch.dfa.match(window.text, batch);
    for (size_t i = 0; i < batch.size(); ++i)
      if (const auto accepts = scratch.dfa.accepts(i); !accepts.empty())
        detect_at(window, batch[i].begin, accepts, scratch, sink);
  }
}

void TokenDetector::detect_at(const Window& window, size_t begin, std::span<const TokenDfa::Accept> accepts,
                              Scratch& scratch, CandidateSink& sink) const {
  const std::string_view text = window.text;
  PatternMarks& marks = scratch.marks;
  marks.start();
  const float least = sink.least_standing(window, begin, begin + accepts.back().length);
  // The longest end that stands wins for each pattern; shorter ones are tried when the longer fails its validator.
  for (size_t i = accepts.size(); i-- > 0;) {
    const size_t end = begin + accepts[i].length;
    const Wholeness whole = wholeness(text, begin, end);
    if (!whole.loosely) continue;
    const std::span<const int32_t> branches = scratch.dfa.branches(accepts[i]);
    for (size_t k = branches.size(); k-- > 0;) {
      const auto branch = static_cast<size_t>(branches[k]);
      const TokenEdge& edge = rules_.token_edges[branch];
      if (edge.standing < least) break;
      if (!whole.strictly && !edge.loose) continue;
      if (edge.has_edges) {
        const EdgeBytes& bytes = rules_.edge_bytes[branch];
        if (begin > 0 && bytes.not_before.has(static_cast<uint8_t>(text[begin - 1]))) continue;
        if (end < text.size() && bytes.not_after.has(static_cast<uint8_t>(text[end]))) continue;
      }
      if (marks.is_done(edge.pattern)) continue;
      judge(window, edge, begin, end, scratch, sink);
    }
  }
}

void TokenDetector::judge(const Window& window, const TokenEdge& edge, size_t begin, size_t end, Scratch& scratch,
                          CandidateSink& sink) const {
  if (edge.has_group) {
    const CompiledPattern& pattern = rules_.patterns[edge.pattern];
    const auto match = pattern.regex->find(window.text.substr(0, end), begin, true, pattern.group, scratch.pcre);
    if (!match) return;
    begin = match->value.begin;
    end = match->value.end;
  }
  PatternMarks& marks = scratch.marks;
  if (!sink.may_stand(window, edge.pattern, begin, end)) {
    // What its validator would say decides only whether a shorter end is tried, if that one may stand.
    if (!marks.has_postponed(edge.pattern)) marks.postpone(edge.pattern, begin, end);
    return;
  }
  if (marks.has_postponed(edge.pattern)) {
    const auto [longer_begin, longer_end] = marks.postponed(edge.pattern);
    if (passes(rules_, edge.pattern, window.text.substr(longer_begin, longer_end - longer_begin))) {
      marks.set_done(edge.pattern);
      return;
    }
  }
  if (consider(rules_, edge.pattern, window, begin, end, scratch, sink)) marks.set_done(edge.pattern);
}

}  // namespace assay::classify
