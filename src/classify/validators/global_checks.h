#pragma once

#include <string_view>

#include "classify/validators/validator.h"

/// Checks of entities that belong to no single country. The table in global.cpp names the standard of each.
namespace assay::classify::global {

Check credit_card(std::string_view value) noexcept;
Check iban(std::string_view value) noexcept;
Check bic(std::string_view value) noexcept;
Check isin(std::string_view value) noexcept;
Check crypto_address(std::string_view value) noexcept;

Check date_time(std::string_view value) noexcept;
Check date_of_birth(std::string_view value) noexcept;
Check time_of_day(std::string_view value) noexcept;

Check email_address(std::string_view value) noexcept;
Check url(std::string_view value) noexcept;
Check ip_address(std::string_view value) noexcept;
Check mac_address(std::string_view value) noexcept;
Check phone_international(std::string_view value) noexcept;
Check phone_north_america(std::string_view value) noexcept;
Check phone_national(std::string_view value) noexcept;

Check imei(std::string_view value) noexcept;
Check vin(std::string_view value) noexcept;
Check geo_coordinates(std::string_view value) noexcept;
Check icd10(std::string_view value) noexcept;

}  // namespace assay::classify::global
