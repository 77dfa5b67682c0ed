#include <array>
#include <cstdint>

#include "classify/validators/checksums.h"
#include "classify/validators/global_checks.h"

namespace assay::classify::global {
namespace {

struct IbanFormat {
  std::string_view country;
  size_t length;
  std::string_view account;  // basic account number: runs of n (digits), a (letters), c (either), as "8n10n"
};

// SWIFT IBAN registry, release 99; country, length, structure of the basic bank account number.
constexpr std::array formats = {
    IbanFormat{"AD", 24, "8n12c"},    IbanFormat{"AE", 23, "19n"},      IbanFormat{"AL", 28, "8n16c"},
    IbanFormat{"AT", 20, "16n"},      IbanFormat{"AZ", 28, "4a20c"},    IbanFormat{"BA", 20, "16n"},
    IbanFormat{"BE", 16, "12n"},      IbanFormat{"BG", 22, "4a6n8c"},   IbanFormat{"BH", 22, "4a14c"},
    IbanFormat{"BI", 27, "23n"},      IbanFormat{"BR", 29, "23n1a1c"},  IbanFormat{"BY", 28, "4c4n16c"},
    IbanFormat{"CH", 21, "5n12c"},    IbanFormat{"CR", 22, "18n"},      IbanFormat{"CY", 28, "8n16c"},
    IbanFormat{"CZ", 24, "20n"},      IbanFormat{"DE", 22, "18n"},      IbanFormat{"DJ", 27, "23n"},
    IbanFormat{"DK", 18, "14n"},      IbanFormat{"DO", 28, "4c20n"},    IbanFormat{"EE", 20, "16n"},
    IbanFormat{"EG", 29, "25n"},      IbanFormat{"ES", 24, "20n"},      IbanFormat{"FI", 18, "14n"},
    IbanFormat{"FK", 18, "2a12n"},    IbanFormat{"FO", 18, "14n"},      IbanFormat{"FR", 27, "10n11c2n"},
    IbanFormat{"GB", 22, "4a14n"},    IbanFormat{"GE", 22, "2a16n"},    IbanFormat{"GI", 23, "4a15c"},
    IbanFormat{"GL", 18, "14n"},      IbanFormat{"GR", 27, "7n16c"},    IbanFormat{"GT", 28, "24c"},
    IbanFormat{"HN", 28, "4a20n"},    IbanFormat{"HR", 21, "17n"},      IbanFormat{"HU", 28, "24n"},
    IbanFormat{"IE", 22, "4a14n"},    IbanFormat{"IL", 23, "19n"},      IbanFormat{"IQ", 23, "4a15n"},
    IbanFormat{"IS", 26, "22n"},      IbanFormat{"IT", 27, "1a10n12c"}, IbanFormat{"JO", 30, "4a4n18c"},
    IbanFormat{"KW", 30, "4a22c"},    IbanFormat{"KZ", 20, "3n13c"},    IbanFormat{"LB", 28, "4n20c"},
    IbanFormat{"LC", 32, "4a24c"},    IbanFormat{"LI", 21, "5n12c"},    IbanFormat{"LT", 20, "16n"},
    IbanFormat{"LU", 20, "3n13c"},    IbanFormat{"LV", 21, "4a13c"},    IbanFormat{"LY", 25, "21n"},
    IbanFormat{"MC", 27, "10n11c2n"}, IbanFormat{"MD", 24, "20c"},      IbanFormat{"ME", 22, "18n"},
    IbanFormat{"MK", 19, "3n10c2n"},  IbanFormat{"MN", 20, "16n"},      IbanFormat{"MR", 27, "23n"},
    IbanFormat{"MT", 31, "4a5n18c"},  IbanFormat{"MU", 30, "4a19n3a"},  IbanFormat{"NI", 28, "4a20n"},
    IbanFormat{"NL", 18, "4a10n"},    IbanFormat{"NO", 15, "11n"},      IbanFormat{"OM", 23, "3n16c"},
    IbanFormat{"PK", 24, "4a16c"},    IbanFormat{"PL", 28, "24n"},      IbanFormat{"PS", 29, "4a21c"},
    IbanFormat{"PT", 25, "21n"},      IbanFormat{"QA", 29, "4a21c"},    IbanFormat{"RO", 24, "4a16c"},
    IbanFormat{"RS", 22, "18n"},      IbanFormat{"RU", 33, "14n15c"},   IbanFormat{"SA", 24, "2n18c"},
    IbanFormat{"SC", 31, "4a20n3a"},  IbanFormat{"SD", 18, "14n"},      IbanFormat{"SE", 24, "20n"},
    IbanFormat{"SI", 19, "15n"},      IbanFormat{"SK", 24, "20n"},      IbanFormat{"SM", 27, "1a10n12c"},
    IbanFormat{"SO", 23, "19n"},      IbanFormat{"ST", 25, "21n"},      IbanFormat{"SV", 28, "4a20n"},
    IbanFormat{"TL", 23, "19n"},      IbanFormat{"TN", 24, "20n"},      IbanFormat{"TR", 26, "6n16c"},
    IbanFormat{"UA", 29, "6n19c"},    IbanFormat{"VA", 22, "18n"},      IbanFormat{"VG", 24, "4a16n"},
    IbanFormat{"XK", 20, "16n"},      IbanFormat{"YE", 30, "4a4n18c"},
};

// By the country's two letters: its place in formats and one; 0 where there is none.
constexpr size_t letters = 26;
constexpr auto format_of_country = [] {
  std::array<uint8_t, letters * letters> table{};
  for (size_t i = 0; i < formats.size(); ++i)
    table[static_cast<size_t>(formats[i].country[0] - 'A') * letters +
          static_cast<size_t>(formats[i].country[1] - 'A')] = static_cast<uint8_t>(i + 1);
  return table;
}();

const IbanFormat* format_of(const Symbols& s) {
  if (s.is_digit(0) || s.is_digit(1)) return nullptr;
  const uint8_t found = format_of_country[static_cast<size_t>(s[0] - 'A') * letters + static_cast<size_t>(s[1] - 'A')];
  return found == 0 ? nullptr : &formats[found - 1];
}

bool fits(const Symbols& s, std::string_view account) {
  size_t at = 4;
  for (size_t i = 0; i < account.size(); ++i) {
    size_t count = 0;
    for (; account[i] >= '0' && account[i] <= '9'; ++i) count = count * 10 + static_cast<size_t>(account[i] - '0');
    const size_t end = at + count;
    if (end > s.size() || (account[i] == 'n' && !s.digits_in(at, end))) return false;
    for (; at < end; ++at)
      if (account[i] == 'a' && s.is_digit(at)) return false;
  }
  return at == s.size();
}

/// The same separator after every fourth symbol (ISO 13616-1, print format), or none at all.
bool is_grouped_by_four(std::string_view value) {
  size_t run = 0;
  char separator = 0;
  for (const char c : value) {
    const bool symbol = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (symbol) {
      ++run;
      if (separator != 0 && run > 4) return false;
    } else {
      if (run != 4 || (separator != 0 && c != separator)) return false;
      separator = c;
      run = 0;
    }
  }
  return true;
}

}  // namespace

Check iban(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.overflow() || s.size() < 15 || s.size() > 34 || !s.digits_in(2, 4)) return Check::invalid;
  const IbanFormat* format = format_of(s);
  if (format == nullptr || format->length != s.size()) return Check::invalid;
  if ((value.size() > s.size() && !is_grouped_by_four(value)) || !fits(s, format->account)) return Check::invalid;
  // ISO 13616-1: the first four symbols move to the end, the remainder modulo 97 is 1; 00, 01 and 99 are not issued.
  const auto check = s.number(2, 4);
  if (check < 2 || check > 98) return Check::invalid;
  const long long rest =
      (mod97(s, 4, s.size()) * 1'000'000LL + s.value(0) * 10'000LL + s.value(1) * 100LL + check) % 97;
  return rest == 1 ? Check::valid : Check::invalid;
}

}  // namespace assay::classify::global
