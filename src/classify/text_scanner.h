#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.h"
#include "classify/resolver.h"
#include "classify/scorer.h"

namespace assay::classify {

/// Where a match stands. Views are valid during the call.
struct Place {
  std::string_view window;             ///< the text around, as far as it is held
  size_t begin = 0, end = 0;           ///< of the match in the window
  uint64_t line = 0, line_column = 0;  ///< 1-based; the column in code points
  uint64_t code_point = 0;             ///< 0-based position of the match's begin

  std::string_view value() const { return window.substr(begin, end - begin); }
};

/// Takes what a TextScanner found, in order of begin.
class MatchSink {
 public:
  virtual ~MatchSink() = default;
  virtual void on_match(const Match& match, const Place& place) = 0;
};

/// Scans one component's text, fed in pieces of any size: the matches are those of the whole text, whatever the cuts.
/// Large pieces are scanned where they lie. Keeps at most window_bytes plus the detectors' reach in memory.
class TextScanner : private CandidateSink {
 public:
  static constexpr size_t window_bytes = size_t{256} << 10;
  /// A place's window has so much text before and after the match, where the text has it: what is said of a match by
  /// its lines must not depend on where windows end.
  static constexpr size_t held_before = 4200, held_after = 2048;
  /// A text that begins in the middle of a longer one is scanned as the longer one would be from about here on.
  static constexpr size_t lead_bytes = 16384;

  TextScanner(const Classifier& classifier, Scratch& scratch, float min_confidence, MatchSink& sink);

  /// Before the byte at `at` of the piece that is fed next, the line has so many more characters than are fed. In
  /// order.
  void leave_out(size_t at, uint32_t code_points) { left_out_.push_back({bytes() + at, code_points}); }
  /// Lets through what the sink throws; finish() then still finds what is left of what was fed.
  void feed(std::string_view text);
  /// To be called once at the end; the scanner may then be used for another text.
  void finish();

  /// To be called before the first piece of a text that begins in the middle of a longer one.
  void begin_inside();
  /// To be called after finish(): whether the matches that begin at `offset` or behind, which is at least lead_bytes,
  /// are those of the longer text. False only where matches overlap each other without a gap from there to `offset`.
  bool is_in_step(uint64_t offset) const { return resolver_.is_in_step(offset); }

  uint64_t bytes() const { return base_ + buffer_.size() - survey_padding; }

 private:
  bool may_stand(const Window& window, uint32_t pattern, size_t begin, size_t end) override;
  void take(const Window& window, const Candidate& candidate) override;
  float least_standing(const Window& window, size_t begin, size_t end) override {
    return scratch_.trace != nullptr ? -1 : scorer_.least_standing(window, begin, end, min_confidence_);
  }
  size_t scan_window(std::string_view text, bool is_last);
  void report(const Window& window, bool is_last);
  void advance_position(std::string_view text, size_t to);
  void count_up_to(std::string_view text, size_t to);
  std::string_view held() const { return std::string_view(buffer_).substr(0, buffer_.size() - survey_padding); }
  void hold(std::string_view text);

  const Classifier& classifier_;
  Scratch& scratch_;
  float min_confidence_;
  MatchSink& sink_;
  Scorer scorer_;
  Resolver resolver_;
  std::string buffer_;          // what is held of earlier pieces, and padding
  uint64_t base_ = 0;           // where in the text it begins, or the window
  size_t scanned_ = 0;          // anchors before this offset behind base_ are done
  std::vector<Match> matches_;  // that are good enough and may still be preceded by others
  std::vector<Match> winners_;
  // Where position_ stands in lines and code points.
  uint64_t position_ = 0, line_ = 1, line_begin_code_point_ = 0, code_point_ = 0;
  struct LeftOut {
    uint64_t offset;
    uint32_t code_points;
  };
  std::deque<LeftOut> left_out_;   // behind position_
  uint64_t left_out_of_line_ = 0;  // code points, before position_
};

}  // namespace assay::classify
