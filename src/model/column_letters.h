#pragma once

#include <cstddef>
#include <string>

namespace assay::model {

/// What a column without a name is called: "A" for the first (0), "AB" for 27.
inline std::string column_letters(size_t column) {
  std::string letters;
  for (size_t n = column + 1; n > 0; n = (n - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return letters;
}

}  // namespace assay::model
