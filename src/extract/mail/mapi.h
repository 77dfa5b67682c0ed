#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "extract/extractor.h"

/// What the messages of Outlook are made of, in .msg files and in winmail.dat alike ([MS-OXPROPS], [MS-OXCDATA]).
namespace assay::extract::mapi {

inline constexpr uint16_t type_int32 = 0x0003;
inline constexpr uint16_t type_string8 = 0x001E;
inline constexpr uint16_t type_unicode = 0x001F;
inline constexpr uint16_t type_binary = 0x0102;
inline constexpr uint16_t type_object = 0x000D;

inline constexpr uint16_t subject = 0x0037;
inline constexpr uint16_t body = 0x1000;
inline constexpr uint16_t compressed_rtf = 0x1009;
inline constexpr uint16_t html = 0x1013;
inline constexpr uint16_t attach_data = 0x3701;
inline constexpr uint16_t attach_short_name = 0x3704;
inline constexpr uint16_t attach_long_name = 0x3707;
inline constexpr uint16_t display_name = 0x3001;
inline constexpr uint16_t message_codepage = 0x3FFD;
inline constexpr uint16_t internet_codepage = 0x3FDE;

/// The name under which a text property is shown, "property 1234" for those without a common one.
std::string property_name(uint16_t id);

/// Collects what is known of a message, then gives it to the sink as headers and bodies.
struct MessageText {
  std::string headers;       ///< "name: value" lines, UTF-8
  std::string plain;         ///< UTF-8
  std::string html;          ///< as stored
  std::string html_charset;  ///< "" when unknown
  std::string rtf;           ///< compressed, as stored

  void add_text(uint16_t id, std::string_view utf8);
  /// The body in rich text only where there is no other: Outlook makes it from the same text.
  void give(const Context& context, Sink& sink) const;
};

}  // namespace assay::extract::mapi
