#include "cli/report/html_text.h"

#include <sodium.h>

#include <array>

#include "cli/report/json_text.h"
#include "core/printable.h"

namespace assay::cli::html {

std::string escape(std::string_view text, size_t max_bytes) {
  std::string out;
  for (const char c : core::printable(text, max_bytes)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string script_json(const boost::json::value& value) {
  std::string out;
  for (const char c : to_text(value)) {
    switch (c) {
      case '<': out += "\\u003c"; break;
      case '>': out += "\\u003e"; break;
      case '&': out += "\\u0026"; break;
      default: out += c;
    }
  }
  return out;
}

std::string csp_hash(std::string_view inline_text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(inline_text.data()), inline_text.size());
  std::string base64(sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(base64.data(), base64.size(), digest.data(), digest.size(), sodium_base64_VARIANT_ORIGINAL);
  base64.pop_back();  // the terminating zero
  return "'sha256-" + base64 + "'";
}

}  // namespace assay::cli::html
