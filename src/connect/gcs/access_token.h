#pragma once

#include <ctime>
#include <mutex>
#include <string>

#include "core/sensitive.h"
#include "http/client.h"

namespace assay::connect::gcs {

/// A service account's key file, taken apart.
struct ServiceAccount {
  std::string email, token_url, key_id;
  core::Sensitive<std::string> private_key;  ///< PEM
};
/// Throws core::Error(bad_input) for what is no such file, without showing it.
ServiceAccount parse_service_account(const core::Sensitive<std::string>& json);

/// The signed claim that a token is asked for with: reads only, for an hour. Source: RFC 7519 and 7523; "Using
/// OAuth 2.0 for Server to Server Applications". Throws core::Error(bad_input) for a key that is none.
core::Sensitive<std::string> make_assertion(const ServiceAccount& account, std::time_t now);

/// Gets tokens for a service account, and another one before the last expires. Thread-safe.
class TokenSource {
 public:
  TokenSource(ServiceAccount account, http::Client& client) : account_(std::move(account)), client_(client) {}
  /// Throws core::Error: denied when the account is refused.
  core::Sensitive<std::string> token();

 private:
  ServiceAccount account_;
  http::Client& client_;
  std::mutex mutex_;
  core::Sensitive<std::string> token_;
  std::time_t expires_ = 0;
};

}  // namespace assay::connect::gcs
