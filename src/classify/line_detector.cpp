#include <hs/hs.h>

#include <algorithm>

#include "classify/detector.h"

namespace assay::classify {
namespace {

// A line longer than this is looked at in pieces that overlap, so that a match of at most max_overlap bytes is seen.
constexpr size_t max_piece = 4096;
constexpr size_t max_overlap = 512;

}  // namespace

// Anchors are line starts: what begins in [from, to) is this call's. Pieces of a long line count from its start, which
// is looked for as far back as a detector may reach; farther back, the pieces begin where the line enters the window.
void LineDetector::detect(const Window& window, size_t from, size_t to, const Survey&, Scratch& scratch,
                          CandidateSink& sink) const {
  if (rules_.line_patterns.empty() && rules_.always_line_patterns.empty()) return;
  const std::string_view text = window.text;
  std::vector<uint32_t> maybe(rules_.always_line_patterns);
  if (rules_.line_database != nullptr) {
    const std::string_view searched = text.substr(0, std::min(text.size(), to + max_overlap));
    std::vector<bool> seen(rules_.line_patterns.size(), false);
    hs_scan(
        rules_.line_database.get(), searched.data(), static_cast<unsigned>(searched.size()), 0, scratch.hyperscan,
        [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
          (*static_cast<std::vector<bool>*>(context))[id] = true;
          return 0;
        },
        &seen);
    for (size_t i = 0; i < seen.size(); ++i)
      if (seen[i]) maybe.push_back(rules_.line_patterns[i]);
  }
  if (maybe.empty()) return;

  // Matches are taken where they begin, so each piece may start anywhere at or before its first own byte.
  for (size_t piece = from; piece < to;) {
    const size_t newline = text.find('\n', piece);
    const size_t line_end = newline == std::string_view::npos ? text.size() : newline;
    const size_t own_end = std::min({line_end + 1, to, piece + max_piece});
    size_t line_begin = piece;
    while (line_begin > 0 && piece - line_begin < max_overlap && text[line_begin - 1] != '\n') --line_begin;
    const std::string_view subject = text.substr(line_begin, std::min(line_end, own_end + max_overlap) - line_begin);
    for (const uint32_t id : maybe) {
      const CompiledPattern& pattern = rules_.patterns[id];
      size_t at = 0;
      while (at < subject.size()) {
        const auto match = pattern.regex->find(subject, at, false, pattern.group, scratch.pcre);
        if (!match || line_begin + match->whole.begin >= own_end) break;
        if (line_begin + match->whole.begin >= piece)
          consider(rules_, id, window, line_begin + match->value.begin, line_begin + match->value.end, scratch, sink);
        at = std::max(match->whole.end, match->whole.begin + 1);
      }
    }
    piece = own_end;
  }
}

}  // namespace assay::classify
