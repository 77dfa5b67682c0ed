#include <algorithm>
#include <array>

#include "classify/validators/symbols.h"
#include "classify/validators/uk_checks.h"

namespace assay::classify {
namespace {

constexpr std::string_view areas[] = {
    "AB", "AL", "B",  "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB", "CF", "CH",
    "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E",  "EC", "EH",
    "EN", "EX", "FK", "FY", "G",  "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM",
    "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L",  "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M",  "ME", "MK",
    "ML", "N",  "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH",
    "RM", "S",  "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD",
    "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W",  "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE"};
static_assert(std::ranges::is_sorted(areas));

constexpr std::string_view areas_with_district_zero[] = {"BL", "BS", "CM", "CR", "FY", "HA", "PR", "SL", "SS"};
constexpr std::string_view areas_of_two_digit_districts[] = {"AB", "LL", "SO"};
/// Districts of central London that a letter divides further; W1 and SW1 take more letters than the others.
constexpr std::string_view lettered_districts[] = {"E1",  "EC1", "EC2", "EC3", "EC4", "N1",
                                                   "NW1", "SE1", "SW1", "W1",  "WC1", "WC2"};
constexpr std::string_view measures_and_ordinals[] = {"GB", "HZ", "LB", "ND", "PT", "PX", "RD", "ST", "TB", "TH"};

template <size_t n>
constexpr bool contains(const std::string_view (&list)[n], std::string_view item) {
  return std::ranges::find(list, item) != std::end(list);
}

constexpr bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

bool district_fits(std::string_view area, std::string_view district) noexcept {
  if (district.front() == '0') return district.size() == 1 && contains(areas_with_district_zero, area);
  return district.size() == 2 || !contains(areas_of_two_digit_districts, area);
}

bool outward_fits(std::string_view outward) noexcept {
  const size_t letters = is_letter(outward[1]) ? 2 : 1;
  const auto area = outward.substr(0, letters);
  auto district = outward.substr(letters);
  if (district.empty() || !std::ranges::binary_search(areas, area)) return false;
  if (is_letter(district.back())) {
    if (!contains(lettered_districts, outward.substr(0, outward.size() - 1))) return false;
    district.remove_suffix(1);
  }
  return !district.empty() && std::ranges::none_of(district, is_letter) && district.size() <= 2 &&
         district_fits(area, district);
}

}  // namespace

Check uk_postcode(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 5 || s.size() > 7) return Check::invalid;
  if (s.view() == "GIR0AA") return Check::valid;  // GIRO bank, an area of its own
  const auto inward = s.view().substr(s.size() - 3);
  if (!is_letter(s[0]) || is_letter(inward[0]) || !is_letter(inward[1]) || !is_letter(inward[2])) return Check::invalid;
  // Units never use the letters that are mistaken for others when written by hand.
  if (inward.find_first_of("CIKMOV") != std::string_view::npos) return Check::invalid;
  if (!outward_fits(s.view().substr(0, s.size() - 3))) return Check::invalid;
  return contains(measures_and_ordinals, inward.substr(1)) ? Check::plausible : Check::valid;
}

}  // namespace assay::classify
