#pragma once

#include "extract/sandbox/pool.h"
#include "scan/scan.h"

namespace assay::scan {

/// Options of a pool whose workers examine objects as `options` asks. Throws core::Error(not_found) when there is no
/// examiner.
sandbox::PoolOptions examiner_pool_options(const ScanOptions& options);

}  // namespace assay::scan
