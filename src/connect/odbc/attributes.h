#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::connect::odbc {

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// Takes a connection string apart: "KEY=VALUE;KEY={VALUE WITH ; IN IT}". Throws core::Error(bad_input), also for a
/// password or another secret, which has no place in settings: a key of such a name, also one within a value.
Attributes parsed_attributes(std::string_view text);

/// Whether there is a key of that name, in whatever case.
bool has(const Attributes& attributes, std::string_view key);

/// As a connection string; each value in braces that needs them.
std::string joined(const Attributes& attributes);

}  // namespace assay::connect::odbc
