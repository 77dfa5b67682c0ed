#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Loads what poppler would open while it reads documents: its tables of encodings and character maps. Call before
/// the sandbox closes, once; later calls do nothing.
void warm_up_pdf();

/// PDF documents (ISO 32000): text by page in reading order, form values, annotations, links, outline, information
/// and XMP metadata, scripts, and attached files as members. With context.ocr the images of pages without text are
/// members too. A document that needs a password throws
/// Failure(encrypted).
void extract_pdf(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
