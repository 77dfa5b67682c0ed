#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::extract {

/// Where the text of a group goes.
enum class RtfTarget : uint8_t { body, header, footer, notes, comments, properties, fonts, object_data, nowhere };

/// The target of a control word that starts a destination (RTF 1.9.1, Destinations); nullopt for other words.
std::optional<RtfTarget> rtf_destination(std::string_view word);

/// Text that a control word stands for, such as a line end for \par; "" for other words.
std::string_view rtf_word_text(std::string_view word);

/// The code page of a \fcharset number, 0 when it means the document's own.
uint32_t rtf_charset_codepage(int charset);

}  // namespace assay::extract
