#include "model/rule.h"

#include <array>

namespace assay::model {
namespace {

constexpr std::array<std::string_view, 4> names = {"low", "medium", "high", "critical"};

}  // namespace

std::string_view to_string(Sensitivity sensitivity) noexcept { return names[static_cast<size_t>(sensitivity)]; }

std::optional<Sensitivity> sensitivity_from_string(std::string_view name) noexcept {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<Sensitivity>(i);
  return std::nullopt;
}

}  // namespace assay::model
