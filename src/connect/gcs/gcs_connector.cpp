#include "connect/gcs/gcs_connector.h"

#include "connect/gcs/gcs_store.h"
#include "connect/object_store/bucket_connector.h"

namespace assay::connect::gcs {
namespace {

constexpr std::string_view schemes[] = {"gs"};
constexpr SettingKey setting_keys[] = {
    {.name = "credentials",
     .help = "JSON key of a service account; default the file that GOOGLE_APPLICATION_CREDENTIALS names",
     .is_secret = true},
    {.name = "access_token", .help = "an OAuth token in place of credentials; nobody renews it", .is_secret = true},
    {.name = "anonymous", .help = "true: for buckets that are open to the public; default false"},
    {.name = "user_project", .help = "the project that pays, for buckets whose readers do"},
    {.name = "endpoint", .help = "URL of the service; default https://storage.googleapis.com"},
    {.name = "ca_file", .help = "PEM file of the authorities to trust in place of the system's"},
    {.name = "connect_to",
     .help = "HOST:PORT to connect to, whatever the endpoint's name: a private endpoint, a tunnel"},
    {.name = "environment_proxy", .help = "true: use the proxy that https_proxy and its like name; default false"},
};

std::unique_ptr<Connector> make_gcs(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<BucketConnector>(address, "gs", make_store(address, std::move(context)));
}

}  // namespace

const ConnectorKind& gcs_kind() {
  static constexpr ConnectorKind kind{
      .name = "gcs", .schemes = schemes, .settings = setting_keys, .has_tables = false, .make = make_gcs};
  return kind;
}

}  // namespace assay::connect::gcs
