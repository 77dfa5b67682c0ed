#pragma once

#include <cstdint>

namespace assay::model {

/// Bounds on the examination of one object. Reaching one is a verdict of the object, never an error of the scan.
struct Limits {
  uint64_t max_object_bytes = 0;                    ///< bytes read of one object; 0: no bound
  uint64_t max_expanded_bytes = 16ULL << 30;        ///< bytes that all members of one object may expand to
  uint64_t max_member_bytes = 4ULL << 30;           ///< bytes that one member may expand to
  uint32_t max_expansion_ratio = 1000;              ///< expanded / read, judged once 64 MiB were expanded
  uint32_t max_depth = 8;                           ///< members inside members
  uint64_t max_members = 200'000;                   ///< members of one object, all depths together
  uint64_t max_object_cpu_ms = 300'000;             ///< CPU time for one object
  uint64_t max_object_wall_ms = 600'000;            ///< wall time for one object
  uint64_t max_no_progress_ms = 60'000;             ///< wall time without one byte read or one piece of text out
  uint64_t max_worker_memory_bytes = 112ULL << 20;  ///< private memory of one extractor process
  uint64_t max_findings_per_object = 1'000'000;
};

}  // namespace assay::model
