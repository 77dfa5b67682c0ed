#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::core {

/// How many letters have to be put in, left out, changed or swapped with their neighbour to make one of the other, case
/// apart; more than `most` counts as `most` + 1. The optimal string alignment distance, by the usual recurrence.
size_t spelling_distance(std::string_view one, std::string_view other, size_t most);

/// Of these the one that whoever wrote `name` may have meant: about one letter in three may be wrong. The first of
/// those that are equally near; nullopt when none is near.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> names);

/// "; did you mean 'scan'?", to go behind what is wrong with `name`; "" when nothing is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> names);

}  // namespace assay::core
