#include "classify/validators/secret_formats.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "classify/validators/secret_base64.h"
#include "classify/validators/secret_password.h"
#include "classify/validators/secret_placeholder.h"
#include "classify/validators/secret_text.h"

namespace assay::classify {

namespace {

constexpr std::array<uint32_t, 256> crc32_table = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t n = 0; n < 256; ++n) {
    uint32_t c = n;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xedb88320U ^ (c >> 1) : c >> 1;
    table[n] = c;
  }
  return table;
}();

/// CRC-32 of ISO-HDLC, as zlib computes it.
uint32_t crc32(std::string_view text) noexcept {
  uint32_t c = 0xffffffffU;
  for (const char byte : text) c = crc32_table[(c ^ static_cast<unsigned char>(byte)) & 0xffU] ^ (c >> 8);
  return c ^ 0xffffffffU;
}

constexpr std::string_view base62_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::array<char, 6> base62(uint32_t number) noexcept {
  std::array<char, 6> digits{};
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = base62_digits[number % 62];
    number /= 62;
  }
  return digits;
}

}  // namespace

Check check_github_token(std::string_view value) noexcept {
  constexpr size_t random_characters = 30;
  constexpr size_t check_characters = 6;
  if (check_vendor_token(value) == Check::invalid) return Check::invalid;
  const size_t prefix = value.find('_');
  if (prefix == std::string_view::npos || value.size() != prefix + 1 + random_characters + check_characters)
    return Check::plausible;
  const auto expected = base62(crc32(value.substr(prefix + 1, random_characters)));
  return value.ends_with(std::string_view(expected.data(), expected.size())) ? Check::valid : Check::plausible;
}

Check check_jwt(std::string_view value) noexcept {
  const size_t dot = value.find('.');
  if (dot == std::string_view::npos) return Check::invalid;
  const Base64Head header(value.substr(0, dot));
  if (!header.readable() || !header.bytes().starts_with('{')) return Check::invalid;
  if (!header.bytes().contains("\"alg\"")) return header.clean() ? Check::invalid : Check::plausible;
  const auto signature = value.substr(value.rfind('.') + 1);
  if (signature.size() >= 16 && entropy_bits(signature) < 2.5) return Check::invalid;
  return contains_folded(header.bytes(), "\"none\"") ? Check::plausible : Check::valid;
}

Check check_basic_credentials(std::string_view value) noexcept {
  const Base64Head credentials(value);
  if (!credentials.clean() || !credentials.readable()) return Check::invalid;
  const auto pair = credentials.bytes();
  const size_t colon = pair.find(':');
  if (colon == std::string_view::npos || colon + 1 == pair.size()) return Check::invalid;
  const auto password = pair.substr(colon + 1);
  return is_template(password) || is_template(pair.substr(0, colon)) || is_placeholder(password) ? Check::plausible
                                                                                                 : Check::valid;
}

Check check_discord_token(std::string_view value) noexcept {
  if (check_vendor_token(value) == Check::invalid) return Check::invalid;
  const Base64Head account(value.substr(0, value.find('.')));
  const auto id = account.bytes();
  const bool decimal = account.clean() && id.size() >= 17 && id.size() <= 20 && std::ranges::all_of(id, is_decimal);
  return decimal ? Check::valid : Check::invalid;
}

Check check_private_key(std::string_view value) noexcept {
  const size_t label_end = value.starts_with("-----BEGIN") ? value.find("-----", 10) : std::string_view::npos;
  const auto body = label_end == std::string_view::npos ? value : value.substr(label_end + 5);
  // Headers such as "Proc-Type" and the first line's constant ASN.1 make the head of the body less varied than keys
  // are.
  const auto counts = count_characters(body);
  if (counts.letters() + counts.digits < 32 || entropy_bits(body) < 3.5 || longest_repeat(body) >= 24)
    return Check::invalid;
  return contains_folded(body.substr(0, 200), "example") || body.contains("...") ? Check::invalid : Check::valid;
}

Check check_aws_key_id(std::string_view value) noexcept {
  if (value.size() < 20 || check_vendor_token(value) == Check::invalid) return Check::invalid;
  const auto body = value.substr(4);
  const bool base32 = std::ranges::all_of(body, [](char c) { return is_upper(c) || (c >= '2' && c <= '7'); });
  return base32 ? Check::valid : Check::plausible;
}

Check check_base64_key(std::string_view value) noexcept {
  if (is_placeholder(value)) return Check::invalid;
  const Base64Head key(value);
  if (!key.clean() || key.printable() || entropy_bits(value) < 3.8) return Check::invalid;
  return Check::valid;
}

}  // namespace assay::classify
