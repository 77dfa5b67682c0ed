#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "extract/text/decoder.h"

namespace assay::extract {

/// Joins what the lines of iCalendar (RFC 5545, 3.1) and vCard (RFC 6350, 3.2; 2.1 of versit) cut: a line that begins
/// with a blank goes on with the one before, and so does one behind a soft line break of quoted-printable, which is
/// decoded. In values "\n" becomes a blank and other escapes what they stand for. A property stands in its first line;
/// the line ends inside it follow it, so that those behind stay in theirs. Takes UTF-8 in pieces of any size, cut
/// between characters, in constant memory.
class FoldedText {
 public:
  using Emit = std::function<void(std::string_view)>;
  explicit FoldedText(Emit emit) : emit_(std::move(emit)) {}

  void feed(std::string_view utf8);
  void finish();

 private:
  void take(char c);
  void take_behind_line_end(char c);
  void take_head(char c);
  void take_value(char c);
  void take_quoted(char c);
  void begin_value();
  void fold();
  void end_property();
  void end_value();
  void flush();

  Emit emit_;
  std::string out_;
  std::string head_;  ///< the property's name and parameters, upper case; no more than tells what they are
  bool in_value_ = false, in_quotes_ = false;
  bool is_escaped_ = false;          ///< a backslash came
  std::string line_end_;             ///< that came, before it is known whether the property goes on behind it
  uint64_t inner_ends_ = 0;          ///< line ends inside the property so far
  std::unique_ptr<Decoder> quoted_;  ///< of a value in quoted-printable
  std::string quoted_bytes_, quoted_escape_;
};

}  // namespace assay::extract
