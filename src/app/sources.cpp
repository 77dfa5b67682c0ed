#include "app/sources.h"

#include <cstdlib>

#include "connect/azure_blob/azure_blob_connector.h"
#include "connect/files/files_connector.h"
#include "connect/gcs/gcs_connector.h"
#include "connect/postgresql/postgresql_connector.h"
#include "connect/s3/s3_connector.h"
#include "core/error.h"

namespace assay::app {
namespace {

// A kind of source is a folder of connect/ and a line here.
connect::ConnectorKinds connector_kinds() {
  return connect::ConnectorKinds({
      connect::files::files_kind(),
      connect::s3::s3_kind(),
      connect::azure_blob::azure_blob_kind(),
      connect::gcs::gcs_kind(),
      connect::postgresql::postgresql_kind(),
  });
}

core::Sensitive<std::string> resolve_secret(std::string_view reference) {
  constexpr std::string_view environment = "env:";
  if (!reference.starts_with(environment))
    throw core::Error(core::ErrorKind::bad_input,
                      "a secret is given as env:NAME, an environment variable of the process that reads the source");
  const std::string name(reference.substr(environment.size()));
  const char* value = std::getenv(name.c_str());
  if (value == nullptr)
    throw core::Error(core::ErrorKind::not_found,
                      "there is no environment variable " + name + " to take a secret from");
  return core::Sensitive(std::string(value));
}

}  // namespace

const scan::SourceAccess& source_access() {
  static const scan::SourceAccess access{.kinds = connector_kinds(), .resolve_secret = resolve_secret};
  return access;
}

}  // namespace assay::app
