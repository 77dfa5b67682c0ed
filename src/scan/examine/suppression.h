#pragma once

#include <string_view>

namespace assay::scan {

/// True when the value's line says `assay:ignore` (everything) or `assay:ignore ENTITY, rule-name` (these), or the line
/// before says `assay:ignore-next-line` likewise. `begin` and `end` are the value's place in `window`.
bool is_ignored_inline(std::string_view window, size_t begin, size_t end, std::string_view entity,
                       std::string_view rule);

}  // namespace assay::scan
