#include "extract/office/generic_xml.h"

#include <fmt/format.h>

namespace assay::extract {
namespace {

/// ECMA-376-1, 18.10.
bool holds_cached_value(std::string_view name) {
  return name == "v" || name == "name" || name == "caption" || name == "refreshedBy";
}

}  // namespace

void GenericXml::start(const XmlElement& element) {
  streams_.main().end_line();
  in_line_ = false;
  // A custom property tells its name in an attribute, and its value in an element that is named for the type.
  if (std::string name = element.attribute("name"); !name.empty() && attributes_ == Attributes::ignored) {
    label_ = std::move(name);
    label_is_given_ = true;
  } else if (!label_is_given_) {
    label_ = element.name();
  }
  if (attributes_ == Attributes::ignored) return;
  for (size_t i = 0; i < element.attribute_count(); ++i) {
    const std::string value = element.attribute_value(i);
    const std::string_view name = element.attribute_name(i);
    if (value.empty() || (attributes_ == Attributes::cached_values && !holds_cached_value(name))) continue;
    streams_.main().write(fmt::format("{}: {}", name, value));
    streams_.main().end_line();
  }
  streams_.flush_if_large();
}

void GenericXml::text(std::string_view utf8) {
  if (!in_line_ && utf8.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  if (!in_line_ && !label_.empty()) streams_.main().write(label_ + ": ");
  in_line_ = true;
  label_.clear();
  streams_.main().write(utf8);
  streams_.flush_if_large();
}

void GenericXml::end(std::string_view) {
  label_.clear();
  label_is_given_ = in_line_ = false;
  streams_.main().end_line();
}

}  // namespace assay::extract
