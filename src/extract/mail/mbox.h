#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// A folder of mails in one file (RFC 4155 and its relatives). Messages are not members but parts "message N", so that
/// their number has no bound; their attachments are members "message N/name". Constant memory.
void extract_mbox(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
