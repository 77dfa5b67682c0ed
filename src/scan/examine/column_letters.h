#pragma once

#include <cstdint>
#include <string>

namespace assay::scan {

/// What a column without a name is called: "A" for the first (0), "AB" for 27.
inline std::string column_letters(uint32_t column) {
  std::string letters;
  for (uint64_t n = uint64_t{column} + 1; n > 0; n = (n - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return letters;
}

}  // namespace assay::scan
