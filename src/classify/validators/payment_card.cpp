#include <algorithm>
#include <array>
#include <span>

#include "classify/validators/checksums.h"
#include "classify/validators/global_checks.h"

namespace assay::classify::global {
namespace {

/// Issuer identification numbers from `first` to `last`, compared on their leading `digits` digits.
struct IssuerRange {
  int digits;
  int first;
  int last;
  int shortest;  // digits in the whole number
  int longest;
};

// ISO/IEC 7812-1 issuer ranges as the card schemes publish them.
constexpr std::array issuers = {
    IssuerRange{1, 4, 4, 13, 19},            // Visa: 13, 16 or 19
    IssuerRange{2, 51, 55, 16, 16},          // Mastercard
    IssuerRange{4, 2221, 2720, 16, 16},      // Mastercard, series 2
    IssuerRange{2, 34, 34, 15, 15},          // American Express
    IssuerRange{2, 37, 37, 15, 15},          // American Express
    IssuerRange{3, 300, 305, 14, 19},        // Diners Club
    IssuerRange{4, 3095, 3095, 14, 19},      // Diners Club
    IssuerRange{2, 36, 36, 14, 19},          // Diners Club
    IssuerRange{2, 38, 39, 14, 19},          // Diners Club
    IssuerRange{4, 6011, 6011, 16, 19},      // Discover
    IssuerRange{3, 644, 649, 16, 19},        // Discover
    IssuerRange{2, 65, 65, 16, 19},          // Discover, RuPay, Troy, Elo, Verve
    IssuerRange{4, 3528, 3589, 16, 19},      // JCB
    IssuerRange{2, 62, 62, 16, 19},          // UnionPay
    IssuerRange{3, 810, 817, 16, 19},        // UnionPay
    IssuerRange{4, 2200, 2204, 16, 19},      // Mir
    IssuerRange{4, 2205, 2205, 16, 16},      // Borica
    IssuerRange{3, 353, 353, 16, 16},        // RuPay with JCB
    IssuerRange{3, 508, 508, 16, 16},        // RuPay
    IssuerRange{2, 60, 60, 16, 16},          // RuPay, Hipercard
    IssuerRange{2, 82, 82, 16, 16},          // RuPay
    IssuerRange{4, 9792, 9792, 16, 16},      // Troy
    IssuerRange{6, 506099, 506198, 16, 19},  // Verve
    IssuerRange{6, 507865, 507964, 16, 19},  // Verve
    IssuerRange{6, 506699, 506778, 16, 16},  // Elo
    IssuerRange{6, 504175, 504175, 16, 16},  // Elo
    IssuerRange{3, 509, 509, 16, 16},        // Elo
    IssuerRange{6, 627780, 627780, 16, 16},  // Elo
    IssuerRange{6, 636297, 636368, 16, 16},  // Elo
    IssuerRange{3, 636, 639, 16, 19},        // InterPayment, InstaPayment
    IssuerRange{4, 5019, 5019, 16, 16},      // Dankort
    IssuerRange{4, 8600, 8600, 16, 16},      // UzCard
    IssuerRange{4, 9860, 9860, 16, 16},      // Humo
    IssuerRange{4, 9704, 9704, 16, 19},      // Napas
    IssuerRange{4, 1946, 1946, 16, 16},      // GPN
};

// Maestro shares its ranges with much else and comes in every length from 12 to 19.
constexpr std::array maestro = {
    IssuerRange{2, 50, 50, 12, 19},     IssuerRange{2, 56, 58, 12, 19}, IssuerRange{4, 6304, 6304, 12, 19},
    IssuerRange{4, 6390, 6390, 12, 19}, IssuerRange{2, 67, 67, 12, 19},
};

bool issued(const Symbols& s, std::span<const IssuerRange> ranges) {
  const int length = static_cast<int>(s.size());
  return std::ranges::any_of(ranges, [&](const IssuerRange& r) {
    const auto prefix = s.number(0, static_cast<size_t>(r.digits));
    return prefix >= r.first && prefix <= r.last && length >= r.shortest && length <= r.longest;
  });
}

bool is_visa_of_odd_length(const Symbols& s) {
  return s[0] == '4' && s.size() != 13 && s.size() != 16 && s.size() != 19;
}

/// Digits per group, one decimal digit a group: 4444 for "4111 1111 1111 1111"; 0 without separators, -1 for a mixture
/// of separators, or for more groups than any card has.
long long grouping(std::string_view value) {
  constexpr long long most_groups = 99'999;
  long long groups = 0;
  int run = 0;
  char separator = 0;
  for (char c : value) {
    if (c >= '0' && c <= '9') {
      if (++run > 9 && separator != 0) return -1;
      continue;
    }
    if (run > 9 || groups > most_groups || (separator != 0 && c != separator)) return -1;
    separator = c;
    groups = groups * 10 + run;
    run = 0;
  }
  return separator == 0 ? 0 : groups * 10 + run;
}

bool is_customary_grouping(long long groups) {
  // As embossed: 16 by fours, American Express 4-6-5, Diners 4-6-4, 19 digits by fours or 6-13 (Maestro), Visa 13.
  constexpr std::array<long long, 9> customary = {0, 4444, 465, 464, 44443, 4445, 4441, 444, 44442};
  return std::ranges::find(customary, groups) != customary.end();
}

}  // namespace

Check credit_card(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.overflow() || s.size() < 12 || s.size() > 19 || !s.all_digits() || s.all_same()) return Check::invalid;
  const bool is_grouped = value.size() > s.size();
  if (is_grouped && !is_customary_grouping(grouping(value))) return Check::invalid;
  if (!luhn(s, 0, s.size())) return Check::invalid;
  if (!issued(s, issuers) || is_visa_of_odd_length(s)) return issued(s, maestro) ? Check::plausible : Check::invalid;
  // 13 digits are article numbers and 17 to 19 database keys far more often than cards; only UnionPay issues many.
  const bool customary_length = s.size() != 13 && s.size() <= 16;
  const bool is_union_pay = s.size() == 19 && s.number(0, 2) == 62;
  if (is_grouped && climbs_by_fours(s)) return Check::plausible;
  return customary_length || is_union_pay || is_grouped ? Check::valid : Check::plausible;
}

}  // namespace assay::classify::global
