#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/sensitive.h"
#include "secure/locked_bytes.h"

namespace assay::secure {

/// A JSON document whose values are secrets: they lie in memory that is overwritten with this object.
class SecretJson {
 public:
  /// Nothing in it when the text is no JSON.
  explicit SecretJson(std::string_view text);

  const boost::json::value& value() const noexcept { return value_; }
  /// The object that the names lead to; null when there is none.
  const boost::json::object* object(std::initializer_list<std::string_view> names) const noexcept;

 private:
  LockedBytes memory_;
  boost::json::static_resource resource_;
  boost::json::value value_;
};

/// A member as text: strings as they are, numbers and truths as JSON writes them. Nothing when it is not there, null,
/// or made of others.
std::optional<core::Sensitive<std::string>> text_member(const boost::json::object& object, std::string_view name);

/// A whole number that is not negative, or 0.
int64_t number_member(const boost::json::object& object, std::string_view name);

}  // namespace assay::secure
