#pragma once

#include "extract/office/package.h"

namespace assay::extract {

/// Throws Failure(encrypted) when the manifest tells of encrypted parts (ISO 26300-2, 4.8).
void refuse_encrypted_odf(Package& package);

/// Sends content.xml (or another part) through OdfText.
void extract_odf_text(Package& package, std::string_view part_name, const Part& as);

/// What stands beside the content: headers and footers of styles.xml, properties of meta.xml, embedded objects'
/// texts, and pictures and other files as members.
void extract_odf_rest(Package& package);

}  // namespace assay::extract
