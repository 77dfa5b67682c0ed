#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "extract/text/icu_converter.h"

namespace assay::extract {

/// Converts one known charset to UTF-8, piece by piece, without judging the bytes: through ICU, single-byte charsets
/// through a table made by ICU. What has no meaning becomes U+FFFD.
class CharsetConverter {
 public:
  using Emit = std::function<void(std::string_view)>;

  /// `source` is not null.
  explicit CharsetConverter(Converter source);

  /// Each byte is a character by itself, and ASCII means ASCII: text may be converted from any byte on.
  bool is_bytewise() const { return has_table_ && keeps_ascii_; }

  /// `last` gives what an unfinished character at the end stands for.
  void convert(std::string_view bytes, bool last, const Emit& emit);

 private:
  struct Character {
    std::array<char, 4> utf8{};
    uint8_t length = 0;
  };

  void fill_table();
  void look_up(std::string_view bytes, const Emit& emit);
  void stream(std::string_view bytes, bool last, const Emit& emit);

  Converter source_;
  Converter target_;
  bool has_table_ = false;
  bool keeps_ascii_ = true;
  std::array<Character, 256> table_;
  std::string output_;
  std::array<UChar, 2048> pivot_;
  UChar* pivot_source_ = pivot_.data();
  UChar* pivot_target_ = pivot_.data();
};

}  // namespace assay::extract
