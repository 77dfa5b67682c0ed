#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scan/scan.h"
#include "scan/wire/protocol.h"

namespace assay::scan {

/// What became of everything in one line that a rule's pattern matched.
struct LineExplanation {
  struct Candidate {
    std::string member;  ///< inside the object; "" is the object itself
    TraceLine trace;
  };
  std::vector<Candidate> candidates;  ///< by member, then by place
  bool has_line = false;              ///< some text or table of the object, or of a member, has that line
  std::string format;                 ///< of the object; "" when it was not told
  model::Verdict verdict;             ///< of the object
};

/// Examines one file as a scan with `options` would (its paths are not used), and tells the fate of each candidate of
/// line `line`, which is 1-based: of the text, or row of the table. Throws core::Error when the file cannot be opened,
/// is no regular file, or no examiner starts.
LineExplanation explain_line(const ScanOptions& options, const std::string& path, uint64_t line);

}  // namespace assay::scan
