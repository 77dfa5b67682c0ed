#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Printable strings of at least six characters in bytes of any kind, ASCII, UTF-8 and UTF-16LE, a line each. Gives
/// nothing unless the context asks for binaries.
void extract_strings(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
