#include <array>

#include "classify/validators/countries.h"
#include "classify/validators/global_checks.h"

namespace assay::classify {

std::span<const Validator> validators_global() {
  static constexpr std::array table = {
      Validator{"bic", "ISO 9362", global::bic},
      Validator{"credit_card", "ISO/IEC 7812-1 and the schemes' issuer ranges", global::credit_card},
      Validator{"crypto_address", "Bitcoin base58check, BIP 173, BIP 350, EIP-55, CIP-19", global::crypto_address},
      Validator{"date_of_birth", "Gregorian calendar, ISO 8601-1", global::date_of_birth},
      Validator{"date_time", "Gregorian calendar, ISO 8601-1", global::date_time},
      Validator{"email_address", "RFC 5321 section 4.1.2", global::email_address},
      Validator{"geo_coordinates", "ISO 6709", global::geo_coordinates},
      Validator{"iban", "ISO 13616-1 and the SWIFT IBAN registry", global::iban},
      Validator{"icd10", "WHO ICD-10 and ICD-10-CM", global::icd10},
      Validator{"imei", "3GPP TS 23.003 annex B", global::imei},
      Validator{"ip_address", "RFC 791, RFC 4291 section 2.2", global::ip_address},
      Validator{"isin", "ISO 6166", global::isin},
      Validator{"mac_address", "IEEE 802", global::mac_address},
      Validator{"phone_international", "ITU-T E.164", global::phone_international},
      Validator{"phone_national", "ITU-T E.164", global::phone_national, false},
      Validator{"phone_north_america", "North American Numbering Plan", global::phone_north_america},
      Validator{"time_of_day", "ISO 8601-1", global::time_of_day},
      Validator{"url", "RFC 3986 section 3.2", global::url},
      Validator{"vin", "ISO 3779, 49 CFR 565.15", global::vin},
  };
  return table;
}

}  // namespace assay::classify
