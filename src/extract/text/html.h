#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// What an HTML page shows and what its attributes, comments and scripts hold, as one text with the lines of the file.
void extract_html(Input& input, const Context& context, Sink& sink);

/// The same for HTML inside something else: `part` is what its text is called, `charset` what the source claims ("" for
/// nothing).
void extract_html_part(Input& input, std::string_view charset, const Part& part, Sink& sink);

}  // namespace assay::extract
