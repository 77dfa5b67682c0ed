#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Office Open XML (ECMA-376 / ISO 29500, transitional and strict).
void extract_docx(Input& input, const Context& context, Sink& sink);
void extract_xlsx(Input& input, const Context& context, Sink& sink);
void extract_pptx(Input& input, const Context& context, Sink& sink);

/// Excel's binary workbook ([MS-XLSB]).
void extract_xlsb(Input& input, const Context& context, Sink& sink);

/// OpenDocument (ISO 26300).
void extract_odt(Input& input, const Context& context, Sink& sink);
void extract_ods(Input& input, const Context& context, Sink& sink);
void extract_odp(Input& input, const Context& context, Sink& sink);

/// EPUB: metadata here, pages and images as members in reading order.
void extract_epub(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
