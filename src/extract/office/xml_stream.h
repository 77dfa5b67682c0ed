#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace assay::extract {

/// The start tag of an element. Views are valid during the call. Elements and attributes are told apart by their
/// local names: so strict and transitional documents, and prefixes of any kind, read alike.
class XmlElement {
 public:
  XmlElement(std::string_view name, std::string_view parent, const unsigned char** attributes, int count)
      : name_(name), parent_(parent), attributes_(attributes), count_(static_cast<size_t>(count)) {}

  std::string_view name() const { return name_; }
  std::string_view parent() const { return parent_; }  ///< local name, empty at the root
  size_t attribute_count() const { return count_; }
  std::string_view attribute_name(size_t index) const;
  std::string attribute_value(size_t index) const;

  /// The first attribute of this local name; empty when there is none.
  std::string attribute(std::string_view name) const;
  /// The attribute that names a relationship (r:id, r:embed, ...), empty when there is none.
  std::string relationship(std::string_view name = "id") const;

 private:
  std::string_view name_;
  std::string_view parent_;
  const unsigned char** attributes_;
  size_t count_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(const XmlElement& element) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view utf8) = 0;  ///< any piece of character data
};

/// Reads XML from the front in constant memory. Nothing outside the text is ever loaded and entities other than the
/// five predefined ones are dropped. Damage is skipped where the parser can. Returns why the document was not read
/// whole, empty when it was. What `pull` and the handler throw passes through.
std::string parse_xml(const std::function<size_t(std::span<char>)>& pull, XmlHandler& handler);

}  // namespace assay::extract
