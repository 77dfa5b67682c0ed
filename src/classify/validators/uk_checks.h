#pragma once

#include "classify/validators/validator.h"

namespace assay::classify {

/// Plausible when the post town area and the district fit Royal Mail's formats but the unit reads as a unit of measure
/// or an ordinal ("B1 2GB"); valid when nothing speaks against it.
Check uk_postcode(std::string_view value) noexcept;

/// Valid for marks of the scheme of 2001 with an issued memory tag and age identifier; older marks are plausible.
Check uk_vehicle_registration(std::string_view value) noexcept;

}  // namespace assay::classify
