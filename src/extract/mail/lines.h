#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "extract/input.h"

namespace assay::extract {

/// A line with its line end, or a piece of one that is longer than 64 KiB.
struct Line {
  std::string_view bytes;
  bool begins = true;  ///< the first piece of a line

  /// Without the line end.
  std::string_view content() const;
  bool is_blank() const { return begins && content().empty(); }
};

/// Gives lines one after the other. Views are valid until the next call of any function.
class LineSource {
 public:
  virtual ~LineSource() = default;
  virtual bool next(Line& line) = 0;
  /// Some bytes of what next() will give, as far as they are at hand; at least 200 unless the end is nearer.
  virtual std::string_view peek() = 0;
  /// The line given last will be given again.
  virtual void unread() = 0;
};

/// The lines of an input, read in large pieces.
class LineReader final : public LineSource {
 public:
  explicit LineReader(Input& input);
  bool next(Line& line) override;
  std::string_view peek() override;
  void unread() override;

 private:
  void fill(size_t wanted);

  Input& input_;
  std::string buffer_;
  size_t at_ = 0;
  size_t end_ = 0;
  size_t last_ = 0;
  uint64_t offset_ = 0;
  bool ended_ = false;
  bool begins_ = true;
  bool last_begins_ = true;
};

}  // namespace assay::extract
