#include "connect/mongodb/bson_document.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <optional>

#include "connect/documents/unique_names.h"
#include "connect/object_store/digest.h"

namespace assay::connect::mongodb {
namespace {

namespace json = boost::json;

constexpr size_t max_json_depth = 100;  // what MongoDB itself takes

std::string iso_date(int64_t ms) {
  const int64_t seconds = ms >= 0 ? ms / 1000 : (ms - 999) / 1000;
  std::tm time{};
  const auto whole = static_cast<std::time_t>(seconds);
  if (::gmtime_r(&whole, &time) == nullptr || time.tm_year < -1900 || time.tm_year > 8099) return fmt::format("{}", ms);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", time, ms - seconds * 1000);
}

std::string uuid_text(std::string_view bytes) {
  std::string text = hex(bytes);
  for (const size_t at : {8, 13, 18, 23}) text.insert(at, "-");
  return text;
}

std::string_view text_of(const char* text, uint32_t size) {
  return text == nullptr ? "" : std::string_view(text, size);
}

/// A value that is no document and no array.
struct Scalar {
  std::string_view type;
  model::CellKind kind = model::CellKind::text;
  std::string bytes;
};

Scalar binary_scalar(const bson_iter_t& at) {
  bson_subtype_t subtype{};
  uint32_t size = 0;
  const uint8_t* data = nullptr;
  bson_iter_binary(&at, &subtype, &size, &data);
  const auto bytes = text_of(reinterpret_cast<const char*>(data), size);
  if ((subtype == BSON_SUBTYPE_UUID || subtype == BSON_SUBTYPE_UUID_DEPRECATED) && size == 16)
    return {"uuid", model::CellKind::text, uuid_text(bytes)};
  return {"binData", model::CellKind::binary, std::string(bytes)};
}

Scalar timestamp_scalar(const bson_iter_t& at) {
  uint32_t seconds = 0, increment = 0;
  bson_iter_timestamp(&at, &seconds, &increment);
  return {"timestamp", model::CellKind::text, iso_date(int64_t{seconds} * 1000)};
}

Scalar decimal_scalar(const bson_iter_t& at) {
  bson_decimal128_t value;
  char text[BSON_DECIMAL128_STRING] = "";
  if (bson_iter_decimal128(&at, &value)) bson_decimal128_to_string(&value, text);
  return {"decimal", model::CellKind::text, text};
}

Scalar oid_scalar(const bson_oid_t* oid) {
  char text[25] = "";
  if (oid != nullptr) bson_oid_to_string(oid, text);
  return {"objectId", model::CellKind::text, text};
}

Scalar regex_scalar(const bson_iter_t& at) {
  const char* options = nullptr;
  const char* pattern = bson_iter_regex(&at, &options);
  return {"regex", model::CellKind::text,
          fmt::format("/{}/{}", pattern == nullptr ? "" : pattern, options == nullptr ? "" : options)};
}

// nullopt for null, documents and arrays.
std::optional<Scalar> scalar_of(const bson_iter_t& at) {
  using model::CellKind;
  uint32_t size = 0;
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_UTF8: {
      const char* text = bson_iter_utf8(&at, &size);
      return Scalar{"string", CellKind::text, std::string(text_of(text, size))};
    }
    case BSON_TYPE_INT32: return Scalar{"int", CellKind::text, fmt::format("{}", bson_iter_int32(&at))};
    case BSON_TYPE_INT64: return Scalar{"long", CellKind::text, fmt::format("{}", bson_iter_int64(&at))};
    case BSON_TYPE_DOUBLE: return Scalar{"double", CellKind::text, fmt::format("{}", bson_iter_double(&at))};
    case BSON_TYPE_DECIMAL128: return decimal_scalar(at);
    case BSON_TYPE_BOOL: return Scalar{"bool", CellKind::text, bson_iter_bool(&at) ? "true" : "false"};
    case BSON_TYPE_DATE_TIME: return Scalar{"date", CellKind::text, iso_date(bson_iter_date_time(&at))};
    case BSON_TYPE_TIMESTAMP: return timestamp_scalar(at);
    case BSON_TYPE_OID: return oid_scalar(bson_iter_oid(&at));
    case BSON_TYPE_BINARY: return binary_scalar(at);
    case BSON_TYPE_REGEX: return regex_scalar(at);
    case BSON_TYPE_SYMBOL: {
      const char* text = bson_iter_symbol(&at, &size);
      return Scalar{"symbol", CellKind::text, std::string(text_of(text, size))};
    }
    case BSON_TYPE_CODE: {
      const char* text = bson_iter_code(&at, &size);
      return Scalar{"javascript", CellKind::text, std::string(text_of(text, size))};
    }
    case BSON_TYPE_CODEWSCOPE: {
      uint32_t scope_size = 0;
      const uint8_t* scope = nullptr;
      const char* text = bson_iter_codewscope(&at, &size, &scope_size, &scope);
      return Scalar{"javascript", CellKind::text, std::string(text_of(text, size))};
    }
    case BSON_TYPE_DBPOINTER: {
      const char* collection = nullptr;
      const bson_oid_t* oid = nullptr;
      bson_iter_dbpointer(&at, &size, &collection, &oid);
      return Scalar{"dbPointer", CellKind::text, oid_scalar(oid).bytes};
    }
    case BSON_TYPE_MINKEY: return Scalar{"minKey", CellKind::text, "MinKey"};
    case BSON_TYPE_MAXKEY: return Scalar{"maxKey", CellKind::text, "MaxKey"};
    default: return std::nullopt;
  }
}

bool is_nested(const bson_iter_t& at) { return BSON_ITER_HOLDS_DOCUMENT(&at) || BSON_ITER_HOLDS_ARRAY(&at); }

// As JSON that reads as the cells do.
json::value json_of(const bson_iter_t& at, size_t depth, bool& is_sound) {
  if (!is_nested(at)) {
    auto scalar = scalar_of(at);
    if (!scalar) return nullptr;
    if (scalar->type == "int" || scalar->type == "long") return bson_iter_as_int64(&at);
    if (scalar->type == "bool") return bson_iter_bool(&at);
    return json::string(scalar->kind == model::CellKind::binary ? base64(scalar->bytes) : scalar->bytes);
  }
  bson_iter_t item;
  if (depth == max_json_depth || !bson_iter_recurse(&at, &item)) {
    is_sound = false;
    return nullptr;
  }
  if (BSON_ITER_HOLDS_ARRAY(&at)) {
    json::array list;
    while (bson_iter_next(&item)) list.push_back(json_of(item, depth + 1, is_sound));
    is_sound = is_sound && item.err_off == 0;
    return list;
  }
  json::object object;
  UniqueNames names;
  while (bson_iter_next(&item)) object.emplace(names.of(bson_iter_key(&item)), json_of(item, depth + 1, is_sound));
  is_sound = is_sound && item.err_off == 0;
  return object;
}

bool is_taken_apart(const bson_iter_t& at, size_t path_bytes, size_t depth, PathBytes& room) {
  if (!BSON_ITER_HOLDS_DOCUMENT(&at) || depth >= max_document_depth) return false;
  uint32_t size = 0;
  const uint8_t* bytes = nullptr;
  bson_iter_document(&at, &size, &bytes);
  bson_t inner;
  // What is malformed is said by who takes it apart.
  return bytes == nullptr || !bson_init_static(&inner, bytes, size) || room.take(path_bytes, bson_count_keys(&inner));
}

bool append(bson_iter_t& at, const std::string& prefix, size_t depth, PathBytes& room, Document& document) {
  bool is_sound = true;
  while (is_sound && bson_iter_next(&at)) {
    const std::string path = prefix.empty() ? bson_iter_key(&at) : prefix + "." + bson_iter_key(&at);
    if (auto scalar = scalar_of(at)) {
      document.push_back({path, scalar->kind, std::move(scalar->bytes), scalar->type});
    } else if (is_taken_apart(at, path.size(), depth, room)) {
      bson_iter_t inner;
      is_sound = bson_iter_recurse(&at, &inner) && append(inner, path, depth + 1, room, document);
    } else if (is_nested(at)) {
      const json::value value = json_of(at, 0, is_sound);
      if (value.is_array() && value.get_array().empty()) continue;
      document.push_back({path, model::CellKind::json, json::serialize(value), value.is_array() ? "array" : "object"});
    }
  }
  return is_sound && at.err_off == 0;
}

}  // namespace

bool append_cells(const bson_t& bson, Document& document) {
  bson_iter_t at;
  PathBytes room;
  return bson_iter_init(&at, &bson) && append(at, "", 1, room, document);
}

}  // namespace assay::connect::mongodb
