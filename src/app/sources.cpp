#include "app/sources.h"

#include "cli/secrets.h"
#include "connect/azure_blob/azure_blob_connector.h"
#include "connect/files/files_connector.h"
#include "connect/gcs/gcs_connector.h"
#include "connect/mongodb/mongodb_connector.h"
#include "connect/mysql/mysql_connector.h"
#include "connect/odbc/odbc_connector.h"
#include "connect/postgresql/postgresql_connector.h"
#include "connect/rest/rest_connector.h"
#include "connect/s3/s3_connector.h"
#include "connect/sftp/sftp_connector.h"
#include "connect/smb/smb_connector.h"
#include "connect/sqlserver/sqlserver_connector.h"

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
      connect::mongodb::mongodb_kind(),
      connect::rest::rest_kind(),
      connect::sftp::sftp_kind(),
      connect::smb::smb_kind(),
      connect::mysql::mysql_kind(),
      connect::odbc::odbc_kind(),
      connect::sqlserver::sqlserver_kind(),
  });
}

// What a program without a database can reach. Nothing is kept between two secrets, of which there are few.
core::Sensitive<std::string> resolve_secret(std::string_view reference) {
  const cli::Configuration configuration = cli::load_configuration(cli::ConfigurationArguments{});
  return cli::credential_manager(nullptr, configuration, nullptr)->resolve(reference);
}

}  // namespace

const scan::SourceAccess& source_access() {
  static const scan::SourceAccess access{
      .kinds = connector_kinds(), .resolve_secret = resolve_secret, .log = core::Log::to_stderr(core::LogLevel::info)};
  return access;
}

scan::SourceAccess source_access(secure::CredentialManager& credentials, const core::Log& log) {
  return {.kinds = connector_kinds(),
          .resolve_secret = [&credentials](std::string_view reference) { return credentials.resolve(reference); },
          .log = log};
}

}  // namespace assay::app
