#include "extract/office/generic_xml.h"

namespace assay::extract {

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
    if (value.empty()) continue;
    streams_.main().write(std::string(element.attribute_name(i)) + ": " + value);
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
