#pragma once

#include <string_view>

#include "extract/extractor.h"

namespace assay::extract {

/// The name that Outlook gives to what it wraps ([MS-OXTNEF]).
inline constexpr std::string_view tnef_name = "winmail.dat";

bool is_tnef_name(std::string_view name);

/// The text, properties and attachments in a winmail.dat; what is not one is examined as the member it is.
void extract_tnef(std::string_view name, Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
