#include "connect/documents/json_document.h"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <utility>

#include "connect/connector.h"
#include "connect/documents/unique_names.h"

namespace assay::connect {
namespace {

namespace json = boost::json;

constexpr size_t max_depth = 64;

// Builds values, all of an object's under names of their own, with the digits of numbers where they tell more than a
// double does.
struct JsonBuilder {
  static constexpr size_t max_object_size = SIZE_MAX;
  static constexpr size_t max_array_size = SIZE_MAX;
  static constexpr size_t max_key_size = SIZE_MAX;
  static constexpr size_t max_string_size = SIZE_MAX;
  using Code = json::error_code;
  using Text = json::string_view;

  json::value_stack stack;
  std::string number, name;
  std::vector<UniqueNames> names;  // of the objects that are open

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return names.emplace_back(), true; }
  bool on_object_end(size_t n, Code&) { return names.pop_back(), stack.push_object(n), true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(size_t n, Code&) { return stack.push_array(n), true; }
  bool on_key_part(Text part, size_t, Code&) { return name += part, true; }
  bool on_key(Text part, size_t, Code&) {
    name += part;
    stack.push_key(names.back().of(std::exchange(name, {})));
    return true;
  }
  bool on_string_part(Text part, size_t, Code&) { return stack.push_chars(part), true; }
  bool on_string(Text part, size_t, Code&) { return stack.push_string(part), true; }
  bool on_number_part(Text part, Code&) { return number += part, true; }
  bool on_int64(int64_t value, Text, Code&) { return number.clear(), stack.push_int64(value), true; }
  bool on_uint64(uint64_t value, Text, Code&) { return number.clear(), stack.push_uint64(value), true; }
  bool on_double(double, Text part, Code&) {
    number += part;
    stack.push_string(number);
    number.clear();
    return true;
  }
  bool on_bool(bool value, Code&) { return stack.push_bool(value), true; }
  bool on_null(Code&) { return stack.push_null(), true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }
};

std::string_view type_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::object: return "object";
    case json::kind::array: return "array";
    case json::kind::string: return "string";
    case json::kind::bool_: return "boolean";
    case json::kind::null: return "null";
    default: return "number";
  }
}

void append(const json::value& value, const std::string& path, size_t depth, PathBytes& room, Document& document) {
  using model::CellKind;
  if (value.is_null()) return;
  if (const auto text = scalar_text(value)) {
    document.push_back({path, CellKind::text, *text, type_of(value)});
    return;
  }
  const auto* object = value.if_object();
  if (object != nullptr && depth < max_document_depth && room.take(path.size(), object->size())) {
    for (const auto& [key, member] : *object)
      append(member, path.empty() ? std::string(key) : path + "." + std::string(key), depth + 1, room, document);
    return;
  }
  if (value.is_array() && value.get_array().empty()) return;
  document.push_back({path, CellKind::json, json::serialize(value), type_of(value)});
}

}  // namespace

json::value parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_depth;
  options.allow_invalid_utf8 = true;  // the examiner repairs it
  json::basic_parser<JsonBuilder> parser(options);
  json::error_code code;
  parser.handler().stack.reset();
  const size_t parsed = parser.write_some(false, text.data(), text.size(), code);
  const bool is_blank_behind =
      text.find_first_not_of(" \t\r\n", std::min(parsed, text.size())) == std::string_view::npos;
  if (code == json::error::too_deep)
    throw ReadFailure({model::VerdictKind::io_error, "the server's JSON is nested more than 64 deep"});
  if (code || !parser.done() || !is_blank_behind)
    throw ReadFailure({model::VerdictKind::io_error, "the server's answer is no JSON"});
  return parser.handler().stack.release();
}

JsonPath::JsonPath(std::string_view text) {
  if (text.empty()) return;
  const bool is_pointer = text.front() == '/';
  if (is_pointer) text.remove_prefix(1);
  for (;;) {
    const size_t end = std::min(text.find(is_pointer ? '/' : '.'), text.size());
    std::string part(text.substr(0, end));
    if (is_pointer) {
      for (const auto& [escape, meant] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}})
        for (size_t at = 0; (at = part.find(escape, at)) != std::string::npos; ++at) part.replace(at, 2, meant);
    }
    parts_.push_back(std::move(part));
    if (end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

template <typename Value>
Value* JsonPath::find_in(Value* at) const noexcept {
  for (const std::string& part : parts_) {
    if (auto* object = at->if_object()) {
      at = object->if_contains(part);
    } else if (auto* array = at->if_array()) {
      size_t index = 0;
      const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
      const bool is_index = error == std::errc() && end == part.data() + part.size();
      at = is_index ? array->if_contains(index) : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

const json::value* JsonPath::find(const json::value& root) const noexcept { return find_in(&root); }
json::value* JsonPath::find(json::value& root) const noexcept { return find_in(&root); }

std::optional<std::string> scalar_text(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (value.is_null() || value.is_structured()) return std::nullopt;
  return json::serialize(value);
}

void append_cells(const json::value& record, Document& document) {
  PathBytes room;
  append(record, record.is_object() ? "" : "value", 0, room, document);
}

}  // namespace assay::connect
