#include "scan/jobs/source_address.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/error.h"
#include "core/path_text.h"
#include "core/printable.h"

namespace assay::scan {
namespace {

namespace json = boost::json;

std::vector<std::string> texts(const json::value& value) {
  std::vector<std::string> list;
  for (const auto& item : value.as_array()) list.emplace_back(item.as_string());
  return list;
}

void read(connect::SourceAddress& address, std::string_view key, const json::value& value) {
  if (key == "roots") {
    for (const auto& root : texts(value)) address.roots.push_back(core::path_from_text(root));
  } else if (key == "settings") {
    for (const auto& [name, setting] : value.as_object()) address.settings[name] = setting.as_string();
  } else if (key == "include") {
    address.include = texts(value);
  } else if (key == "exclude") {
    address.exclude = texts(value);
  } else {
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("a source's configuration has an unknown key '{}'", core::printable(key, 200)));
  }
}

}  // namespace

std::string to_json(const connect::SourceAddress& address) {
  json::array roots;
  for (const auto& root : address.roots) roots.emplace_back(core::path_to_text(root));
  json::object settings;
  for (const auto& [name, value] : address.settings) settings[name] = value;
  return json::serialize(json::object{{"roots", std::move(roots)},
                                      {"settings", std::move(settings)},
                                      {"include", json::value_from(address.include)},
                                      {"exclude", json::value_from(address.exclude)}});
}

connect::SourceAddress source_address_from_json(std::string_view text) {
  connect::SourceAddress address;
  try {
    const auto value = json::parse(text);
    for (const auto& [key, member] : value.as_object()) read(address, key, member);
  } catch (const core::Error&) {
    throw;
  } catch (const std::exception&) {
    throw core::Error(core::ErrorKind::bad_input, "a source's configuration is not the JSON that it should be");
  }
  return address;
}

}  // namespace assay::scan
