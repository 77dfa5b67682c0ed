#pragma once

#include "connect/files/root.h"
#include "scan/jobs/packet.h"

/// The files of a source as the tasks of a scan meet them.
namespace assay::scan {

/// The source of a task. Throws core::Error(bug) when the job does not have it.
const JobSource& source_of(const JobConfiguration& configuration, int64_t datasource_id);

/// Whether the open file is what the walk found.
bool is_as_found(const connect::files::FileEntry& file, const ObjectItem& item);

}  // namespace assay::scan
