#include "connect/tables/table_name.h"

#include <fmt/format.h>

#include <charconv>

namespace assay::connect {
namespace {

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '/' || c == '%' || byte < 0x20 || byte == 0x7F) out += fmt::format("%{:02X}", byte);
    else out += c;
  }
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    uint8_t byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string table_object_name(std::string_view schema, std::string_view table) {
  return schema.empty() ? encoded(table) : encoded(schema) + "/" + encoded(table);
}

std::pair<std::string, std::string> table_of_object_name(std::string_view name) {
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {"", decoded(name)};
  return {decoded(name.substr(0, slash)), decoded(name.substr(slash + 1))};
}

}  // namespace assay::connect
