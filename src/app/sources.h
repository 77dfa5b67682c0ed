#pragma once

#include "scan/jobs/source_access.h"

namespace assay::app {

/// Every kind of source that this program reads, and where their secrets come from. Lives as long as the program.
const scan::SourceAccess& source_access();

}  // namespace assay::app
