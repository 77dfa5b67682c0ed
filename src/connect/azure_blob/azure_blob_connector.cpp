#include "connect/azure_blob/azure_blob_connector.h"

#include "connect/azure_blob/azure_blob_store.h"
#include "connect/object_store/bucket_connector.h"

namespace assay::connect::azure_blob {
namespace {

constexpr std::string_view schemes[] = {"az"};
constexpr SettingKey setting_keys[] = {
    {.name = "account", .help = "name of the storage account; default AZURE_STORAGE_ACCOUNT"},
    {.name = "account_key", .help = "as the portal shows it; default AZURE_STORAGE_KEY", .is_secret = true},
    {.name = "sas_token", .help = "in place of account_key; default AZURE_STORAGE_SAS_TOKEN", .is_secret = true},
    {.name = "anonymous", .help = "true: for containers that are open to the public; default false"},
    {.name = "endpoint", .help = "URL of the blob service; default https://ACCOUNT.blob.core.windows.net"},
    {.name = "ca_file", .help = "PEM file of the authorities to trust in place of the system's"},
    {.name = "connect_to",
     .help = "HOST:PORT to connect to, whatever the endpoint's name: a private endpoint, a tunnel"},
    {.name = "environment_proxy", .help = "true: use the proxy that https_proxy and its like name; default false"},
};

std::unique_ptr<Connector> make_azure_blob(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<BucketConnector>(address, "az", make_store(address, std::move(context)));
}

}  // namespace

const ConnectorKind& azure_blob_kind() {
  static constexpr ConnectorKind kind{
      .name = "azure_blob", .schemes = schemes, .settings = setting_keys, .has_tables = false, .make = make_azure_blob};
  return kind;
}

}  // namespace assay::connect::azure_blob
