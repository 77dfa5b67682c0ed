#include "scan/jobs/source_files.h"

#include <algorithm>

#include "core/error.h"

namespace assay::scan {

const JobSource& source_of(const JobConfiguration& configuration, int64_t datasource_id) {
  const auto source = std::ranges::find(configuration.sources, datasource_id, &JobSource::datasource_id);
  if (source == configuration.sources.end())
    throw core::Error(core::ErrorKind::bug, "a task names a source that its job does not have");
  return *source;
}

bool is_as_found(const connect::files::FileEntry& file, const ObjectItem& item) {
  return file.size == item.size && file.mtime_ns == item.mtime_ns &&
         change_id_of(file.device, file.inode, file.ctime_ns) == item.change_id;
}

}  // namespace assay::scan
