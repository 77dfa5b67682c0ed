#include "classify/text_scanner.h"

#include <algorithm>

#include "classify/count.h"

namespace assay::classify {
namespace {

// Matches of which the text still to come may say more are not reported.
constexpr size_t settles_behind = Detector::reach_before + 1024;
constexpr size_t longest_match = 4096;
static_assert(longest_match + TextScanner::held_after <= settles_behind + Detector::reach_after);
constexpr size_t full_window = TextScanner::window_bytes + Detector::reach_before + Detector::reach_after;
// How much of a window is held for the next one, unless matches still wait to be settled.
constexpr size_t usually_held = TextScanner::held_before + settles_behind + Detector::reach_after;
// Pieces from this size on are worth two windows: one over the seam, one where they lie.
constexpr size_t least_in_place = 4 * usually_held;

}  // namespace

TextScanner::TextScanner(const Classifier& classifier, Scratch& scratch, float min_confidence, MatchSink& sink)
    : classifier_(classifier),
      scratch_(scratch),
      min_confidence_(min_confidence),
      sink_(sink),
      scorer_(classifier.rules()),
      resolver_(classifier.rules()),
      buffer_(survey_padding, '\0') {}

void TextScanner::feed(std::string_view text) {
  const char* const fed = text.data();
  while (!text.empty()) {
    const size_t before = held().size();
    const bool is_large = before + text.size() >= scanned_ + least_in_place;
    // What is held is also in the piece, or has just been read from it: from there on, the piece is a window itself.
    if (is_large && before <= static_cast<size_t>(text.data() - fed)) {
      text = {text.data() - before, before + text.size()};
      buffer_.assign(survey_padding, '\0');
      const std::string_view window = text.substr(0, std::min(text.size() - survey_padding, full_window));
      try {
        text.remove_prefix(scan_window(window, false));
      } catch (...) {  // the sink's: finish() goes on from here, when the piece is gone
        hold(window);
        throw;
      }
      continue;
    }
    // Of a large piece no more is copied than makes all that is to be held lie in it.
    const size_t room = full_window - before;
    const size_t n = std::min({text.size(), room, is_large ? usually_held : room});
    hold(text.substr(0, n));
    text.remove_prefix(n);
    if (is_large || n == room) buffer_.erase(0, scan_window(held(), false));
  }
}

void TextScanner::hold(std::string_view text) {
  buffer_.resize(buffer_.size() - survey_padding);
  buffer_.append(text);
  buffer_.append(survey_padding, '\0');
}

void TextScanner::begin_inside() {
  static_assert(lead_bytes > Detector::reach_before + 2 * Detector::reach_after);
  resolver_.distrust_before(Detector::reach_before + Detector::reach_after + 1024);
}

void TextScanner::finish() {
  scan_window(held(), true);
  buffer_.assign(survey_padding, '\0');
  base_ = position_ = line_begin_code_point_ = code_point_ = 0;
  line_ = 1;
  left_out_.clear();
  left_out_of_line_ = 0;
  scanned_ = 0;
}

// Scans text that begins at base_ and has survey_padding readable bytes behind it. Gives how much of its beginning is
// done with.
size_t TextScanner::scan_window(std::string_view text, bool is_last) {
  const Window window{text, base_};
  const size_t to = is_last ? text.size() : text.size() - std::min(text.size(), Detector::reach_after);
  if (to > scanned_) {
    scratch_.survey.clear();
    survey_window(text, scanned_, to, classifier_.rules().keywords, scratch_.survey);
    scorer_.start_window();
    for (const auto& detector : classifier_.detectors())
      detector->detect(window, scanned_, to, scratch_.survey, scratch_, *this);
    scanned_ = to;
  }
  report(window, is_last);
  if (is_last) return text.size();
  // What is behind is kept as far as detectors and context reach back, and the lines around what is not reported yet.
  static_assert(held_before > 2 * Scorer::context_before + 256);
  const uint64_t done = base_ + scanned_;
  const uint64_t open = std::min(done - std::min<uint64_t>(done, settles_behind), resolver_.group_begin());
  const size_t keep_from = open > base_ + held_before ? static_cast<size_t>(open - base_ - held_before) : 0;
  advance_position(text, keep_from);
  base_ += keep_from;
  scanned_ -= keep_from;
  return keep_from;
}

bool TextScanner::may_stand(const Window& window, uint32_t pattern, size_t begin, size_t end) {
  return scratch_.trace != nullptr || scorer_.may_reach(window, pattern, begin, end, min_confidence_);
}

// Scores at once: most candidates end here. All the text that bears on one is in the window in which it is found.
void TextScanner::take(const Window& window, const Candidate& candidate) {
  const Match match = scorer_.score(window, candidate, min_confidence_, scratch_);
  if (match.confidence >= min_confidence_ && match.confidence > 0) {
    matches_.push_back(match);
  } else if (scratch_.trace != nullptr) {
    const bool required =
        classifier_.rules().rules[match.rule].context_required && match.evidence.phrase == Evidence::none;
    scratch_.trace->push_back({match, required ? Drop::context_required : Drop::below_threshold, 0});
  }
}

// Resolves the matches that no later anchor can precede.
void TextScanner::report(const Window& window, bool is_last) {
  const uint64_t done = base_ + scanned_;
  const uint64_t settled = is_last ? UINT64_MAX : done - std::min<uint64_t>(done, settles_behind);
  sort_candidates(matches_);
  winners_.clear();
  size_t used = 0;
  for (; used < matches_.size() && matches_[used].begin < settled; ++used)
    resolver_.add(matches_[used], scratch_.trace, winners_);
  matches_.erase(matches_.begin(), matches_.begin() + static_cast<ptrdiff_t>(used));
  if (is_last) resolver_.finish(scratch_.trace, winners_);
  else resolver_.settle_before(settled, scratch_.trace, winners_);
  for (const Match& match : winners_) {
    advance_position(window.text, match.begin - base_);
    const auto begin = static_cast<size_t>(match.begin - base_);
    sink_.on_match(match, {window.text, begin, static_cast<size_t>(match.end - base_), line_,
                           code_point_ - line_begin_code_point_ + 1 + left_out_of_line_, code_point_});
  }
}

// Counts lines and code points from position_ to the window's offset `to`. Never goes back.
void TextScanner::advance_position(std::string_view text, size_t to) {
  while (!left_out_.empty() && left_out_.front().offset <= base_ + to) {
    count_up_to(text, static_cast<size_t>(left_out_.front().offset - base_));
    left_out_of_line_ += left_out_.front().code_points;
    left_out_.pop_front();
  }
  count_up_to(text, to);
}

void TextScanner::count_up_to(std::string_view text, size_t to) {
  if (base_ + to <= position_) return;
  const std::string_view passed =
      text.substr(static_cast<size_t>(position_ - base_), static_cast<size_t>(base_ + to - position_));
  const Passage passage = pass_over(passed);
  line_ += passage.newlines;
  code_point_ += passage.code_points;
  if (passage.newlines != 0) {
    line_begin_code_point_ = code_point_ - passage.code_points_behind;
    left_out_of_line_ = 0;
  }
  position_ = base_ + to;
}

}  // namespace assay::classify
