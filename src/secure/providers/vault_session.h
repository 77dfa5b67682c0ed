#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "secure/credentials.h"
#include "secure/http_request.h"

namespace assay::secure {

/// The way to one Vault, with a token that is kept alive. Thread-safe.
class VaultSession {
 public:
  /// Throws core::Error(bad_input) for options that make no sense.
  explicit VaultSession(VaultOptions options);

  /// GET /v1/<path>, with the token. One that is refused is replaced once, where it can be. Throws core::Error when
  /// Vault cannot be reached, is sealed, or sends elsewhere; any other answer is the caller's.
  HttpAnswer get(std::string_view path);

  const std::string& who() const noexcept { return who_; }

 private:
  struct Token {
    core::Sensitive<std::string> text;
    int64_t obtained_at_ms = 0;
    int64_t lease_ms = 0;  ///< 0: it does not end, or nobody says when
    bool is_renewable = false;
  };

  HttpAnswer send(const char* method, std::string_view path, const core::Sensitive<std::string>* token,
                  core::Sensitive<std::string> body = {}) const;
  core::Sensitive<std::string> current_token();
  /// Whether there is another than `refused` now.
  bool replace_token(const core::Sensitive<std::string>& refused);
  void log_in();
  void log_in_with_token();
  void log_in_with_approle();
  void renew();

  const VaultOptions options_;
  const std::string who_;
  std::mutex mutex_;  ///< guards what follows
  Token token_;
};

}  // namespace assay::secure
