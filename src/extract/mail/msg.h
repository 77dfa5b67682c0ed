#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// A message that Outlook saved ([MS-OXMSG]): its text properties and those of its recipients, its bodies, its
/// attachments.
void extract_msg(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
