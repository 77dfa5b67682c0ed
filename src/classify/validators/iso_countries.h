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

/// The place of two upper-case letters in a table of all such pairs.
constexpr size_t letter_pair(char first, char second) noexcept {
  return static_cast<size_t>(first - 'A') * 26 + static_cast<size_t>(second - 'A');
}

/// `first` and `second` in upper case.
inline bool is_iso_country(char first, char second) noexcept {
  static const auto known = [] {
    std::bitset<size_t{26} * 26> set;
    for (size_t i = 0; i + 1 < iso_country_codes.size(); i += 2)
      set.set(letter_pair(iso_country_codes[i], iso_country_codes[i + 1]));
    return set;
  }();
  if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z') return false;
  return known.test(letter_pair(first, second));
}

}  // namespace assay::classify
