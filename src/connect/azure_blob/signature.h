#pragma once

#include <ctime>
#include <string>

#include "core/sensitive.h"
#include "http/message.h"

namespace assay::connect::azure_blob {

/// Signs a request with an account's key: adds x-ms-date, x-ms-version and Authorization. `key` is raw, not base64.
/// Source: "Authorize with Shared Key" in the REST API of Azure Storage, version 2015-02-21 and later.
void sign(http::Request& request, const std::string& account, const core::Sensitive<std::string>& key, std::time_t now);

/// The x-ms-version that requests carry.
inline constexpr const char* service_version = "2021-12-02";

}  // namespace assay::connect::azure_blob
