#pragma once

#include "extract/office/package.h"

namespace assay::extract {

/// Reads an XML part for its text, under this part name.
void extract_ooxml_text(Package& package, size_t part, const Part& as);

/// What the walk along a document's own order has not taken: comments, notes, headers, properties, charts, diagrams,
/// custom XML, external links, and embedded files as members. Parts of style and layout are left out.
void extract_ooxml_rest(Package& package);

}  // namespace assay::extract
