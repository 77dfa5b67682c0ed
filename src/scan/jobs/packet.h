#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/work.h"
#include "scan/jobs/job_configuration.h"

/// What the tasks of a scan job are given to do: tasks.work_packet as JSON.
namespace assay::scan {

/// Work of scan.enumerate: the roots of one source, from where an earlier attempt came to.
struct EnumeratePacket {
  int64_t datasource_id = 0;
  uint32_t root = 0;            ///< index into JobSource::paths
  std::string resume_after;     ///< path below that root, bytes; "": from its beginning
  bool met_unreadable = false;  ///< something could not be read, so what was not seen may be there all the same
};
std::string to_json(const EnumeratePacket& packet);
EnumeratePacket enumerate_packet_from_json(std::string_view json);

/// The task that begins the scan of a source.
model::NewTask enumerate_task(const JobSource& source);

/// One object to be examined.
struct ObjectItem {
  uint32_t root = 0;
  std::string relative;  ///< below that root; bytes
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  std::string change_id;  ///< connect::ObjectEntry::change_id
  bool is_whole = false;  ///< it is not to be split
};

/// Work of scan.examine: a JSON array with one object an item, as the pipeliner packs them.
void append_json(std::string& array, const ObjectItem& item);  ///< `array` is "" or "[..." without its end
std::vector<ObjectItem> object_items_from_json(std::string_view json);

/// One range of a large object.
struct RangeItem {
  ObjectItem object;
  uint32_t number = 0;  ///< 0 for the first
  uint64_t begin = 0, end = 0;
  std::string charset, declared;  ///< as RangeRequest
  uint8_t escapes = 0;
  // Of a table. Then begin and end are only its part of the bytes.
  std::string rows{};      ///< as connect::TableRanges::ranges; "" it is none
  std::string snapshot{};  ///< as connect::TableRanges::snapshot
  uint32_t parts = 1;      ///< ranges of the table
  std::string cut{};       ///< another one where it was cut in another way
};
/// Work of scan.range: a JSON array of one range.
void append_json(std::string& array, const RangeItem& item);
RangeItem range_item_from_json(std::string_view json);

/// A table whose ranges were read.
struct JoinItem {
  ObjectItem object;
  uint32_t parts = 1;
  bool has_snapshot = false;  ///< all were to be read in one
};
/// Work of scan.join: a JSON array of one table.
std::string to_json(const JoinItem& item);
JoinItem join_item_from_json(std::string_view json);

}  // namespace assay::scan
