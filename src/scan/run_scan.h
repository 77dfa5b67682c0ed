#pragma once

#include <functional>

#include "scan/jobs/source_access.h"
#include "scan/scan.h"

namespace assay::scan {

/// Scans, in this process and now. `stop` is asked now and then, from several threads; once it says true it must go on
/// to say so, and the scan ends early and the summary says so.
/// Throws core::Error when the scan cannot start: a path that does not exist, a bad glob, rules that do not load, no
/// examiner.
ScanSummary run_scan(const ScanOptions& options, const SourceAccess& access, ScanSink& sink, Progress& progress,
                     const std::function<bool()>& stop);

}  // namespace assay::scan
