#pragma once

#include <string_view>

namespace assay::scan {

/// True when a comment in the value's line, or alone in the line before, says `assay:ignore` (everything) or
/// `assay:ignore ENTITY, rule-name` (these). `begin` and `end` are the value's place in `window`.
bool is_ignored_inline(std::string_view window, size_t begin, size_t end, std::string_view entity, std::string_view rule);

}  // namespace assay::scan
