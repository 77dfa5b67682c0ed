#pragma once

#include "classify/validators/validator.h"

namespace assay::classify {

/// Prefix, '_', 30 random characters and the CRC-32 of these 30 in six base 62 digits: the token format that GitHub
/// announced on 5 April 2021 ("Behind GitHub's new authentication token formats") and npm took over.
/// A wrong check leaves the token `plausible`: the announcement does not promise the check for ever.
Check check_github_token(std::string_view value) noexcept;

/// JSON Web Token (RFC 7519): the header is JSON in Base64url and names an algorithm ("alg", RFC 7515 section 4.1.1).
/// A token signed with "none" is `plausible`.
Check check_jwt(std::string_view value) noexcept;

/// Credentials of HTTP Basic authentication (RFC 7617) and of docker's "auth": Base64 of "user:password".
Check check_basic_credentials(std::string_view value) noexcept;

/// Discord bot token: its first part is the decimal account id in Base64 (Discord developer documentation, Snowflakes).
Check check_discord_token(std::string_view value) noexcept;

/// The body of a key in textual encoding (RFC 7468) or in PuTTY's: enough Base64, and not one letter over and over.
Check check_private_key(std::string_view value) noexcept;

/// AWS access key id: four letters for the kind and sixteen characters of Base32 (IAM user guide, "Unique
/// identifiers").
Check check_aws_key_id(std::string_view value) noexcept;

/// Base64 of a key of whole bytes: decodes cleanly and is neither text nor a filling.
Check check_base64_key(std::string_view value) noexcept;

}  // namespace assay::classify
