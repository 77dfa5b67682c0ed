#pragma once

#include <string>
#include <string_view>

#include "extract/extractor.h"
#include "extract/ole/compound_file.h"

namespace assay::extract {

/// Decompresses a CompressedContainer ([MS-OVBA] 2.4.1), to at most 16 MiB. Throws Failure(partial) when damaged.
std::string decompress_vba(std::string_view container);

/// Gives the source code of all VBA modules of a compound file as text parts "macros".
void extract_macros(CompoundFile& file, Sink& sink);

}  // namespace assay::extract
