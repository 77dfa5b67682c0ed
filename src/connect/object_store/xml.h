#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::connect {

/// One element of a small document, such as a page of a listing. Namespaces are left out.
struct XmlElement {
  std::string name, text;  ///< the text directly inside it
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<XmlElement> children;

  /// The first child of that name; nullptr when there is none.
  const XmlElement* find(std::string_view child) const noexcept;
  /// The text of find(); "" when there is none.
  std::string text_of(std::string_view child) const;
};

/// Reads what a server sent, which is not trusted: no network, no entities but the five of XML, no document type, at
/// most 16 elements deep, 100,000 elements and attributes in all. Throws core::Error(permanent) for what is no such
/// document.
XmlElement parse_xml(std::string_view document);

}  // namespace assay::connect
