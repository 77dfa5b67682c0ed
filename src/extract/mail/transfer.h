#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "extract/mail/lines.h"

namespace assay::extract {

enum class TransferEncoding : uint8_t { identity, quoted_printable, base64, uuencode };

TransferEncoding transfer_encoding(std::string_view header_value);

/// Undoes the transfer encoding of a body line by line (RFC 2045, section 6). Nothing is rejected: what cannot be
/// decoded is passed on or left out.
class TransferDecoder {
 public:
  /// `keep_foreign_lines`: a line in base64 that cannot be base64 is passed on as it is, for lists append footers to
  /// encoded text.
  explicit TransferDecoder(TransferEncoding encoding, bool keep_foreign_lines = false)
      : encoding_(encoding), keep_foreign_lines_(keep_foreign_lines) {}

  /// Appends what the line decodes to.
  void decode(const Line& line, std::string& out);
  void finish(std::string& out);

 private:
  void decode_base64_line(std::string_view line, std::string& out);
  void decode_quoted_line(const Line& line, std::string& out);
  void decode_uu_line(std::string_view line, std::string& out);

  TransferEncoding encoding_;
  bool keep_foreign_lines_;
  uint32_t bits_ = 0;
  int bit_count_ = 0;
  bool uu_ended_ = false;
  bool uu_begun_ = false;
  std::string held_;  ///< the "=" or "=X" that ends a piece of a long line
};

std::string decode_base64(std::string_view text);
std::string decode_quoted_printable(std::string_view text);

/// True when the line has the length that its first byte promises.
bool is_uu_line(std::string_view line);
/// The file name in "begin 644 name", "" when the line is none.
std::string_view uu_file_name(std::string_view line);

}  // namespace assay::extract
