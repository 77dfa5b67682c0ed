#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "extract/extractor.h"

namespace assay::extract {

/// Text on its way to the sink. Ends of lines wait until more text comes, so that the end of a table cell can take
/// back the end of the paragraph inside it.
class TextStream {
 public:
  explicit TextStream(Part part) : part_(std::move(part)) {}

  void write(std::string_view utf8) {
    if (utf8.empty()) return;
    settle();
    cell_is_fresh_ = false;
    bytes_ += utf8;
  }
  void end_line() { line_ended_ = !cell_is_fresh_; }
  void begin_cell() {
    settle();
    cell_is_fresh_ = true;
  }
  void end_cell() {
    line_ended_ = cell_is_fresh_ = false;
    bytes_ += '\t';
    any_ = true;
  }
  bool empty() const { return bytes_.empty(); }
  size_t size() const { return bytes_.size(); }
  /// What was written since the last time, for streams that no sink takes.
  std::string take() {
    line_ended_ = any_ = false;
    return std::exchange(bytes_, {});
  }

 private:
  friend class TextStreams;
  void settle() {
    if (line_ended_ && any_) bytes_ += '\n';
    line_ended_ = false;
    any_ = true;
  }

  Part part_;
  std::string bytes_;
  bool line_ended_ = false;
  bool cell_is_fresh_ = false;  // an empty paragraph that begins a cell would tear its row apart
  bool any_ = false;
};

/// The running text of a part and what stands beside it (deleted text, comments, boxes): the sink takes one text at a
/// time, so side texts are held back (1 MiB at most) and given in pieces between paragraphs.
class TextStreams {
 public:
  TextStreams(Sink& sink, Part main) : sink_(sink), main_(std::move(main)) {}

  TextStream& main() { return main_; }
  /// The side text of this name, on the page of the main text.
  TextStream& side(std::string_view name);

  bool has_side(std::string_view name) const;

  /// Gives what has become large. Call it often: after each paragraph and each piece of text.
  void flush_if_large();
  /// Ends the main text, gives all side texts, and begins anew with `main`.
  void restart(Part main);
  /// Gives everything. To be called once, at the end.
  void finish();

 private:
  void give_main();
  void end_main();
  void give_side(TextStream& side);

  Sink& sink_;
  TextStream main_;
  bool main_open_ = false;
  std::deque<TextStream> sides_;
};

}  // namespace assay::extract
