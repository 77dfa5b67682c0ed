#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace assay::coordinate {

/// Shows the elements of a JSON array as they are written, in order, without building them: what the pipeliner repacks
/// is passed on byte for byte. Throws core::Error(bug) when the text is no array, or its brackets, strings or commas do
/// not fit; what is inside an element is not looked at further. Depth is not bounded, and costs nothing.
void for_each_element(std::string_view array, const std::function<void(std::string_view)>& visit);

/// The value of a member of a JSON object as it is written; nothing when it has none or the text is no object. Names
/// with escapes in them are not found.
std::optional<std::string_view> member_of(std::string_view object, std::string_view name);

/// A member that is a whole number of at least 0, else 0.
uint64_t number_in(std::string_view object, std::string_view name);
/// A member that is a string without escapes, else "".
std::string_view text_in(std::string_view object, std::string_view name);

}  // namespace assay::coordinate
