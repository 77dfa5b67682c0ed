#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace assay::connect {

/// The object name of a table: "SCHEMA/TABLE", or "TABLE" where there are no schemas. A slash, a percent sign or a
/// control character of either is percent-encoded.
std::string table_object_name(std::string_view schema, std::string_view table);

/// Its schema ("" when there is none) and table. What was not made by table_object_name() comes back as it reads.
std::pair<std::string, std::string> table_of_object_name(std::string_view name);

}  // namespace assay::connect
