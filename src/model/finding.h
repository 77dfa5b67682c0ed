#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/sensitive.h"
#include "model/locator.h"
#include "model/rule.h"
#include "model/verdict.h"

namespace assay::model {

/// One place that holds what a rule looks for. Never the value itself, unless the user asked to have it revealed.
struct Finding {
  std::string object;  ///< path as the user gave it, or as the walk found it; any bytes
  Locator locator;
  std::string entity;
  std::string rule;
  std::string pattern;  ///< of the rule
  std::string category;
  Sensitivity sensitivity = Sensitivity::medium;
  double confidence = 0;             ///< 0 to 1
  std::vector<std::string> reasons;  ///< how the confidence came about, for a person
  uint64_t start = 0, end = 0;       ///< bytes in the text that was scanned; in a table, bytes in the cell
  uint64_t start_code_point = 0, end_code_point = 0;  ///< the same in code points
  std::string masked;                                 ///< the value with all but a few characters hidden
  std::string fingerprint;                            ///< keyed hash of the normalised value, 32 hex digits
  bool suppressed = false;             ///< by a comment in the line or by a suppression file; counted, not reported
  core::Sensitive<std::string> value;  ///< filled only when the user asked to reveal
};

/// What a column of a table as a whole holds.
struct ColumnFinding {
  std::string object;
  Locator locator;  ///< member, table, column
  std::string entity;
  std::string rule;
  std::string category;
  Sensitivity sensitivity = Sensitivity::medium;
  double confidence = 0;
  uint64_t values = 0;    ///< values that are not empty
  uint64_t agreeing = 0;  ///< of these, how many are what the rule looks for
  std::vector<std::string> reasons;
};

/// One line of the coverage ledger: an object, or a member inside one, and what became of it.
struct ObjectRecord {
  std::string object;     ///< path
  std::string member;     ///< path inside the object; "" is the object itself
  std::string format;     ///< "pdf", "csv", ...; "" when it was not looked at
  uint64_t bytes = 0;     ///< its size when known
  uint64_t findings = 0;  ///< reported from it, members not included
  Verdict verdict;
  uint64_t suppressed = 0;  ///< of an object that jobs read: findings that a comment suppresses, members included
  std::string owner = {};   ///< of an object, as its source names owners; "" when it does not tell
};

}  // namespace assay::model
