#pragma once

#include <string>
#include <string_view>

namespace assay::connect::postgresql {

/// The URL with a password among its parameters, as libpq takes it. Holds a secret.
std::string with_password(std::string_view url, std::string_view password);

/// Host, port and database of a URL, without user and parameters: what is shown, and what names the database whoever
/// logs in.
std::string shown_url(std::string_view url);

}  // namespace assay::connect::postgresql
