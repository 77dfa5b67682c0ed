#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "connect/connector_kind.h"
#include "scan/jobs/job_configuration.h"
#include "scan/jobs/packet.h"

/// How the tasks of a scan come to the objects of a source.
namespace assay::scan {

/// What of a process its tasks need to reach sources. Thread-safe.
struct SourceAccess {
  connect::ConnectorKinds kinds;
  std::function<core::Sensitive<std::string>(std::string_view reference)> resolve_secret;
  core::Log log{};                                 ///< where connectors say what whoever runs a job should know
  std::vector<connect::FileIdentity> own_files{};  ///< that a scan writes or keeps: no objects of it

  /// The source of a task, reached anew. Throws core::Error: bug when the job does not have it, else as
  /// connect::ConnectorKinds::make.
  std::unique_ptr<connect::Connector> open(const JobConfiguration& configuration, int64_t datasource_id,
                                           std::stop_token stop) const;
};

/// Reaches files and nothing else.
const SourceAccess& files_access();

/// Whether the open object is what the enumeration found.
bool is_as_found(const connect::ObjectEntry& entry, const ObjectItem& item);

}  // namespace assay::scan
