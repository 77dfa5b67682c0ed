#include "connect/s3/s3_connector.h"

#include "connect/object_store/bucket_connector.h"
#include "connect/s3/s3_store.h"

namespace assay::connect::s3 {
namespace {

constexpr std::string_view schemes[] = {"s3"};
constexpr SettingKey setting_keys[] = {
    {.name = "endpoint", .help = "URL of the server; default Amazon's of the region, or AWS_ENDPOINT_URL"},
    {.name = "region", .help = "default AWS_REGION, AWS_DEFAULT_REGION, or what the server says of the bucket"},
    {.name = "addressing",
     .help = "path: ENDPOINT/BUCKET, virtual: BUCKET.ENDPOINT; default virtual at Amazon, else path"},
    {.name = "access_key_id", .help = "default AWS_ACCESS_KEY_ID"},
    {.name = "secret_access_key", .help = "default AWS_SECRET_ACCESS_KEY", .is_secret = true},
    {.name = "session_token", .help = "of temporary credentials; default AWS_SESSION_TOKEN", .is_secret = true},
    {.name = "anonymous", .help = "true: do not sign requests, for public buckets; default false"},
    {.name = "requester_pays", .help = "true: this account pays for what it reads; default false"},
    {.name = "ca_file", .help = "PEM file of the authorities to trust in place of the system's; default AWS_CA_BUNDLE"},
    {.name = "connect_to",
     .help = "HOST:PORT to connect to, whatever the endpoint's name: a private endpoint, a tunnel"},
    {.name = "environment_proxy", .help = "true: use the proxy that https_proxy and its like name; default false"},
};

std::unique_ptr<Connector> make_s3(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<BucketConnector>(address, "s3", make_store(address, std::move(context)));
}

}  // namespace

const ConnectorKind& s3_kind() {
  static constexpr ConnectorKind kind{
      .name = "s3", .schemes = schemes, .settings = setting_keys, .has_tables = false, .make = make_s3};
  return kind;
}

}  // namespace assay::connect::s3
