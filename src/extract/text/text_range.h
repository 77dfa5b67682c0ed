#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "extract/input.h"
#include "extract/text/escapes.h"

/// Reading one range of a large text as extract_text() reads it within the whole.
namespace assay::extract {

/// What the head of a text says to those who read it from its middle.
struct TextHead {
  std::string charset;   ///< "utf-8" or a converter's name; "": ASCII so far
  std::string declared;  ///< the converter that the text itself names, "" when it names none
  Escapes escapes = Escapes::none;
};
/// Nothing when the text cannot be read from its middle: UTF-16, UTF-32, and charsets of which a byte may be the
/// second half of a character.
std::optional<TextHead> look_at_text_head(Input& input, Escapes escapes);

/// Bytes [begin, end) of a text.
struct TextRange {
  uint64_t begin = 0, end = 0;
  TextHead head;
};

/// Takes the text of a range and what stands around it, so that a match at its edge is judged as within the whole.
class TextRangeSink {
 public:
  virtual ~TextRangeSink() = default;
  virtual void left_out(std::span<const LeftOut>) {}  ///< as Sink has it
  virtual void text(std::string_view utf8) = 0;
  virtual void begin_range() = 0;  ///< what came before stands before the range
  virtual void end_range() = 0;    ///< what comes now stands behind it. A character belongs where its last byte is
};

/// How much is read around a range, in bytes.
inline constexpr uint64_t text_range_margin_bytes = uint64_t{128} << 10;

/// False when what is given to the sink is the text from its beginning on.
bool starts_inside(const TextRange& range);

struct TextRangeEnd {
  std::string charset;   ///< in which the bytes were read; "": they are ASCII
  bool is_exact = true;  ///< false: the range cannot be read without what comes before it
};
/// Reads a range. All ranges of one text that were read exactly, in the same charset where they are not ASCII, give the
/// text that extract_text() gives. Throws what the input and the sink throw.
TextRangeEnd read_text_range(Input& input, const TextRange& range, TextRangeSink& sink);

}  // namespace assay::extract
