#pragma once

#include <bitset>
#include <cstddef>
#include <string_view>

namespace assay::classify {

/// Officially assigned ISO 3166-1 alpha-2 codes, and XK (user-assigned, used by SWIFT and the EU for Kosovo).
inline constexpr std::string_view iso_country_codes =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZ"
    "DEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJO"
    "JP"
    "KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZ"
    "OM"
    "PAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ"
    "UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// `first` and `second` in upper case.
inline bool is_iso_country(char first, char second) noexcept {
  static const auto known = [] {
    std::bitset<26 * 26> set;
    for (size_t i = 0; i + 1 < iso_country_codes.size(); i += 2)
      set.set(static_cast<size_t>((iso_country_codes[i] - 'A') * 26 + (iso_country_codes[i + 1] - 'A')));
    return set;
  }();
  if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z') return false;
  return known.test(static_cast<size_t>((first - 'A') * 26 + (second - 'A')));
}

}  // namespace assay::classify
