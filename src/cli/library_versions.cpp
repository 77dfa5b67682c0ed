#include "cli/library_versions.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <hs.h>
#include <pcre2.h>
#include <sodium.h>

#include <array>
#include <boost/version.hpp>
#include <string_view>

namespace assay::cli {
namespace {

// "5.4.8 2022-10-03" -> "5.4.8"
std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

std::string pcre2_version() {
  std::array<char, 64> text{};
  return pcre2_config(PCRE2_CONFIG_VERSION, nullptr) < static_cast<int>(text.size()) &&
                 pcre2_config(PCRE2_CONFIG_VERSION, text.data()) > 0
             ? std::string(first_word(text.data()))
             : "unknown";
}

}  // namespace

std::string library_versions() {
  return fmt::format("Vectorscan {}, PCRE2 {}, libsodium {}, Boost {}.{}, fmt {}.{}", first_word(hs_version()),
                     pcre2_version(), sodium_version_string(), BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                     FMT_VERSION / 10000, FMT_VERSION / 100 % 100);
}

}  // namespace assay::cli
