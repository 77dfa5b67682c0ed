#include "secure/secret_json.h"

#include <new>

namespace assay::secure {
namespace json = boost::json;

namespace {

// An element is far larger than the two bytes that it can stand for.
size_t memory_for(std::string_view text) { return 16 * text.size() + 4096; }

}  // namespace

SecretJson::SecretJson(std::string_view text)
    : memory_(memory_for(text)), resource_(memory_.data(), memory_.size()), value_(&resource_) {
  boost::system::error_code error;
  try {
    value_ = json::parse(text, error, &resource_);
    if (error) value_ = nullptr;
  } catch (const std::bad_alloc&) {
    value_ = nullptr;
  }
}

const json::object* SecretJson::object(std::initializer_list<std::string_view> names) const noexcept {
  const json::object* at = value_.if_object();
  for (const auto name : names) {
    const json::value* member = at ? at->if_contains(name) : nullptr;
    at = member ? member->if_object() : nullptr;
  }
  return at;
}

std::optional<core::Sensitive<std::string>> text_member(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  if (!member || member->is_null() || member->is_structured()) return std::nullopt;
  if (const auto* text = member->if_string())
    return core::Sensitive<std::string>(std::string(text->data(), text->size()));
  return core::Sensitive<std::string>(json::serialize(*member));
}

int64_t number_member(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  if (!member) return 0;
  boost::system::error_code error;
  const auto number = member->to_number<int64_t>(error);
  return error || number < 0 ? 0 : number;
}

}  // namespace assay::secure
