#pragma once

#include <PDFDoc.h>

#include "extract/extractor.h"
#include "extract/pdf/pdf_objects.h"

namespace assay::extract {

/// The information dictionary and the XMP packet, as part "metadata".
void extract_pdf_metadata(PDFDoc& document, Sink& sink);

/// Titles of the outline, as part "outline".
void extract_pdf_outline(PDFDoc& document, Sink& sink);

/// Names and values of all form fields, shown or not, and XFA data, as part "form". The fields met are noted.
void extract_pdf_form(PDFDoc& document, Visited& fields, Sink& sink);

/// Annotations of a page as part "comments", targets of its links as "links", values of widgets that no form lists
/// as "form", scripts as "scripts"; files attached to the page as members.
void extract_pdf_annotations(PDFDoc& document, int page, const Visited& fields, const Context& context, Sink& sink);

/// Scripts of the document itself, as part "scripts".
void extract_pdf_scripts(PDFDoc& document, Sink& sink);

/// Files embedded in the document, as members.
void extract_pdf_files(PDFDoc& document, const Context& context, Sink& sink);

/// The file of a file specification dictionary as a member; nothing when it has no file inside.
void give_pdf_file(const Object& file_specification, const Context& context, Sink& sink);

}  // namespace assay::extract
