#pragma once

#include <string>

#include "connect/connector.h"
#include "scan/jobs/packet.h"
#include "scan/wire/protocol.h"
#include "store/store.h"

namespace assay::scan {

/// Findings of one object that are kept; what is beyond is counted, and the object's verdict says so.
inline constexpr uint64_t most_findings_of_an_object = 10'000;
/// Reason of that verdict.
std::string too_many_findings();

/// What of a job and its worker says how objects are split.
SplitBounds split_bounds(const JobConfiguration& configuration, const SplitBounds& of_worker);

/// False when the object is too small, or all of it is one range.
bool may_split(const ObjectItem& item, const SplitBounds& bounds);

/// Adds to a completion that an object becomes ranges, at most 4096 of them, and is not examined now.
void add_split(const std::string& path, const ObjectItem& item, const RangePlan& plan, const SplitBounds& bounds,
               const model::Limits& limits, int64_t datasource_id, store::TaskCompletion& completion);

/// Ranges that a table becomes, at most.
inline constexpr size_t most_ranges_of_table = 256;

/// The same of a table.
void add_split(const std::string& path, const ObjectItem& item, const connect::TableRanges& ranges,
               int64_t datasource_id, store::TaskCompletion& completion);

}  // namespace assay::scan
