#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connect/documents/document.h"

namespace assay::connect {

/// Parses what a server says is JSON. Numbers that are no integers of 64 bits are kept as strings of their digits, so
/// that none is lost; so is a name that an object has had: "name'2". Throws ReadFailure(io_error) for what is no JSON,
/// without quoting it, and for what is nested more than 64 deep.
boost::json::value parse_json(std::string_view text);

/// The path of a value: a JSON pointer (RFC 6901) when it begins with '/', else names with dots between them; "" is the
/// whole.
class JsonPath {
 public:
  JsonPath() = default;
  explicit JsonPath(std::string_view text);
  /// nullptr when there is none.
  const boost::json::value* find(const boost::json::value& root) const noexcept;
  boost::json::value* find(boost::json::value& root) const noexcept;
  const std::vector<std::string>& parts() const noexcept { return parts_; }

 private:
  template <typename Value>
  Value* find_in(Value* at) const noexcept;
  std::vector<std::string> parts_;
};

/// What a scalar says; nullopt for null, objects and arrays.
std::optional<std::string> scalar_text(const boost::json::value& value);

/// Takes a record apart: objects become paths, arrays and what is too deep, or has too long a path, JSON. A record that
/// is no object is a cell of its own under "value".
void append_cells(const boost::json::value& record, Document& document);

}  // namespace assay::connect
