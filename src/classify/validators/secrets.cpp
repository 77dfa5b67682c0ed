#include <array>

#include "classify/validators/countries.h"
#include "classify/validators/secret_formats.h"
#include "classify/validators/secret_password.h"

namespace assay::classify {

std::span<const Validator> validators_secrets() {
  static constexpr auto table = std::to_array<Validator>({
      {"secret_quoted_password", "CWE-798, use of hard-coded credentials", check_quoted_password},
      {"secret_bare_password", "CWE-798, use of hard-coded credentials", check_bare_password},
      {"secret_generated", "CWE-798, use of hard-coded credentials", check_generated_secret},
      {"secret_vendor_token", "the vendor's own token format", check_vendor_token},
      {"secret_random_key", "C. E. Shannon, A Mathematical Theory of Communication (1948)", check_random_key},
      {"secret_name_and_password", "RFC 3986, section 3.2.1", check_name_and_password},
      {"secret_github_token", "GitHub, Behind GitHub's new authentication token formats (2021)", check_github_token},
      {"secret_jwt", "RFC 7519", check_jwt},
      {"secret_basic_credentials", "RFC 7617", check_basic_credentials},
      {"secret_discord_token", "Discord developer documentation, Snowflakes", check_discord_token},
      {"secret_private_key", "RFC 7468", check_private_key},
      {"secret_aws_key_id", "AWS IAM user guide, Unique identifiers", check_aws_key_id},
      {"secret_base64_key", "RFC 4648", check_base64_key},
  });
  return table;
}

}  // namespace assay::classify
