#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/rule_loader.h"
#include "connect/connector_kind.h"
#include "model/limits.h"
#include "model/table_profile.h"

namespace assay::scan {

/// Where a scan job reads: a datasource of its node group, as it was when the job was composed.
struct JobSource {
  int64_t datasource_id = 0;
  std::string name;
  std::string kind;  ///< one of connect::ConnectorKinds
  connect::SourceAddress address;
};

/// When a large object that can be read from its middle becomes several tasks.
struct SplitBounds {
  uint64_t split_from = uint64_t{256} << 20;  ///< bytes; smaller objects stay whole. 0: all do
  uint64_t range_bytes = uint64_t{64} << 20;  ///< of each range but the last
};
inline constexpr uint64_t least_range_bytes = uint64_t{256} << 10;
inline constexpr uint64_t most_range_bytes = uint64_t{1} << 40;

/// Everything that the tasks of one scan job need to know: jobs.configuration as JSON. Frozen when the job is composed.
struct JobConfiguration {
  std::vector<JobSource> sources;
  std::string rule_set_hash;  ///< the rules themselves lie in rule_sets under this name
  std::vector<std::string> entities;
  double min_confidence = 0.5;
  bool ocr = false, binaries = false;
  std::vector<std::string> ocr_languages = {"eng"};
  model::Limits limits;
  model::ProfileScope profile = model::ProfileScope::none;
  bool full = false;                                ///< read what is unchanged, too
  std::optional<uint64_t> split_from, range_bytes;  ///< as SplitBounds; where there are none, the worker's own hold
  std::string correlation_id;                       ///< stands in every line of the log about the job; "" none
};

std::string to_json(const JobConfiguration& configuration);
/// Throws core::Error(bad_input) naming the key that is unknown, missing or of the wrong type.
JobConfiguration job_configuration_from_json(std::string_view json);

/// A rule set as one text, for rule_sets.definition, and back.
std::string to_definition(const std::vector<classify::RuleSource>& rules);
std::vector<classify::RuleSource> rules_from_definition(std::string_view definition);
/// Names a rule set by its content: BLAKE2b-256 of the definition, 64 hex digits.
std::string rule_set_hash(std::string_view definition);

/// The kinds of tasks of a scan job.
inline constexpr std::string_view enumerate_kind = "scan.enumerate";  ///< walks one source, hands on its objects
inline constexpr std::string_view examine_kind = "scan.examine";      ///< reads a pack of objects
inline constexpr std::string_view range_kind = "scan.range";          ///< reads one range of a large object
inline constexpr std::string_view join_kind = "scan.join";            ///< makes one of what ranges of a table left
inline constexpr std::string_view sweep_kind = "scan.sweep";          ///< marks what is gone

}  // namespace assay::scan
