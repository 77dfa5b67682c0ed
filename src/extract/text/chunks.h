#pragma once

#include <algorithm>
#include <memory>
#include <string_view>

#include "extract/input.h"

namespace assay::extract {

inline constexpr size_t chunk_bytes = size_t{256} << 10;

/// Calls `take(std::string_view)` for one piece of the input after the other, from the start, until the end or until it
/// returns false.
template <typename Take>
void for_each_chunk(Input& input, Take&& take) {
  const uint64_t known = input.known_size().value_or(chunk_bytes);
  const auto size = static_cast<size_t>(std::clamp<uint64_t>(known + 1, 512, chunk_bytes));
  const auto buffer = std::make_unique_for_overwrite<char[]>(size);
  for (uint64_t offset = 0;;) {
    const size_t n = input.read_at(offset, std::span(buffer.get(), size));
    if (n > 0 && !take(std::string_view(buffer.get(), n))) return;
    if (n < size) return;
    offset += n;
  }
}

}  // namespace assay::extract
