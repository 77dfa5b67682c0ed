#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::cli {

/// "512 B", "1.4 MB", "23 GB": decimal units.
std::string human_bytes(uint64_t bytes);
/// "8 s", "3 min 20 s", "2 h 5 min".
std::string human_duration(double seconds);
/// "1,234,567"
std::string human_count(uint64_t n);
/// "1 finding", "1,234 findings"
std::string counted(uint64_t n, std::string_view noun);

}  // namespace assay::cli
