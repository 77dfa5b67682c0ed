#pragma once

#include "classify/validators/validator.h"

namespace assay::classify {

// de_documents.cpp
Check de_id_card(std::string_view value) noexcept;
Check de_passport(std::string_view value) noexcept;
Check de_fuehrerschein(std::string_view value) noexcept;

// de_health.cpp
Check de_bsnr(std::string_view value) noexcept;
Check de_lanr(std::string_view value) noexcept;
Check de_health_insurance(std::string_view value) noexcept;
Check de_social_security(std::string_view value) noexcept;

// de_tax.cpp
Check de_tax_id(std::string_view value) noexcept;
Check de_vat_id(std::string_view value) noexcept;

// de_tax_number.cpp
Check de_tax_number(std::string_view value) noexcept;

// de_places.cpp
Check de_kfz(std::string_view value) noexcept;
Check de_plz(std::string_view value) noexcept;

}  // namespace assay::classify
