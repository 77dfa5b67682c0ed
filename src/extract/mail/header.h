#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/mail/lines.h"

namespace assay::extract {

/// One header field (RFC 5322): unfolded, otherwise as it came.
struct HeaderField {
  std::string name;
  std::string value;
};

/// The headers of a message or of a part of it.
class HeaderBlock {
 public:
  /// Reads to the blank line that ends headers, or to the first line that cannot be one. Bounded at 1 MiB.
  static HeaderBlock read(LineSource& lines);

  bool empty() const { return fields_.empty(); }
  /// The value of the first field of that name (any case), "" when there is none.
  std::string_view value(std::string_view name) const;
  /// All fields as "Name: value" lines in UTF-8, encoded words decoded.
  std::string to_text() const;

 private:
  std::vector<HeaderField> fields_;
};

/// A structured value such as `text/plain; charset="utf-8"` (RFC 2045, 2231).
struct ParameterizedValue {
  std::string value;                                            ///< lower case
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case, values in UTF-8

  std::string_view parameter(std::string_view name) const;
};

ParameterizedValue parse_parameterized(std::string_view raw);

/// Decodes the encoded words of RFC 2047; bytes outside of them are taken as whatever encoding they look like.
std::string decode_header_text(std::string_view raw);

/// True for lines such as "Name: value".
bool is_header_line(std::string_view line);

/// ASCII only.
std::string to_lower(std::string_view text);
std::string_view trim_spaces(std::string_view text);

}  // namespace assay::extract
