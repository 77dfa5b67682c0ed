#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Members of every archive that libarchive knows, except zip. Returns false, with nothing given to the sink, when it
/// is no such archive.
bool extract_libarchive_members(Input& input, const Context& context, Sink& sink);

/// Members of a zip archive whose method is neither stored nor deflated, nor encrypted.
void extract_zip_other_methods(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
