#pragma once

#include <ctime>
#include <string>

#include "core/sensitive.h"
#include "http/message.h"

namespace assay::connect::s3 {

struct Credentials {
  std::string access_key_id;
  core::Sensitive<std::string> secret_access_key;
  core::Sensitive<std::string> session_token;  ///< "" for none
};

/// Signs a request for S3: adds Host's part, x-amz-date, x-amz-content-sha256, x-amz-security-token and Authorization.
/// Its URL must be encoded as it will be sent. Source: "Signature Calculations for the Authorization Header:
/// Transferring Payload in a Single Chunk (AWS Signature Version 4)" in Amazon S3's API reference.
void sign(http::Request& request, const Credentials& credentials, const std::string& region, std::time_t now);

}  // namespace assay::connect::s3
