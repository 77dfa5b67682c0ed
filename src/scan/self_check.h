#pragma once

#include <cstdint>
#include <string>

#include "extract/sandbox/status.h"
#include "scan/scan.h"

namespace assay::scan {

/// How an examiner fared with a small text that holds one thing to be found.
struct SelfCheck {
  bool ok = false;        ///< it started, read the text and found what is in it
  std::string problem;    ///< why not
  std::string examiner;   ///< its path; "" when there is none
  uint64_t start_ms = 0;  ///< until it was ready
  uint64_t examine_ms = 0;
  uint64_t peak_rss_bytes = 0;
  sandbox::SandboxStatus sandbox;  ///< as the worker that examined says; as the kernel promises when none did
};

/// Starts one examiner with the rules and limits of `options` and gives it the text. Never throws core::Error.
SelfCheck check_examiner(const ScanOptions& options);

}  // namespace assay::scan
