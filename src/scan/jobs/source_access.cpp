#include "scan/jobs/source_access.h"

#include <algorithm>

#include "connect/files/files_connector.h"
#include "core/error.h"

namespace assay::scan {

std::unique_ptr<connect::Connector> SourceAccess::open(const JobConfiguration& configuration, int64_t datasource_id,
                                                       std::stop_token stop) const {
  const auto source = std::ranges::find(configuration.sources, datasource_id, &JobSource::datasource_id);
  if (source == configuration.sources.end())
    throw core::Error(core::ErrorKind::bug, "a task names a source that its job does not have");
  return kinds.make(source->kind, source->address,
                    {.resolve_secret = resolve_secret, .stop = std::move(stop), .log = log, .own_files = own_files});
}

const SourceAccess& files_access() {
  static const SourceAccess access{.kinds = connect::ConnectorKinds({connect::files::files_kind()}),
                                   .resolve_secret = nullptr};
  return access;
}

bool is_as_found(const connect::ObjectEntry& entry, const ObjectItem& item) {
  return entry.size == item.size && entry.mtime_ns == item.mtime_ns && entry.change_id == item.change_id;
}

}  // namespace assay::scan
