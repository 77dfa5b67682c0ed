#include "store/profile_text.h"

#include <boost/json.hpp>
#include <cmath>
#include <vector>

#include "store/text.h"

namespace assay::store {
namespace {

namespace json = boost::json;
using model::ColumnProfile;

constexpr std::string_view sensitive_key = "is_sensitive";

struct CountKey {
  const char* key;
  uint64_t ColumnProfile::* field;
};
constexpr CountKey counts[] = {
    {"rows", &ColumnProfile::rows},
    {"nulls", &ColumnProfile::nulls},
    {"empty", &ColumnProfile::empty},
    {"null_tokens", &ColumnProfile::null_tokens},
    {"conforming", &ColumnProfile::conforming},
    {"valid", &ColumnProfile::valid},
    {"outliers", &ColumnProfile::outliers},
    {"shortest", &ColumnProfile::shortest},
    {"longest", &ColumnProfile::longest},
};

struct NumberKey {
  const char* key;
  std::optional<double> ColumnProfile::* field;
};
constexpr NumberKey numbers[] = {
    {"minimum", &ColumnProfile::minimum},
    {"maximum", &ColumnProfile::maximum},
    {"mean", &ColumnProfile::mean},
    {"deviation", &ColumnProfile::deviation},
};

json::string text_value(const std::string& bytes, size_t most_bytes) {
  std::string text = to_text(bytes);
  return json::string(cut_text(text, most_bytes));
}

json::array values_of(const std::vector<model::ValueCount>& values) {
  json::array out;
  for (const model::ValueCount& value : values) {
    if (out.size() == most_profile_values) break;
    out.push_back(json::object{{"text", text_value(value.text, most_profile_value_bytes)}, {"count", value.count}});
  }
  return out;
}

std::vector<model::ValueCount> values_from(const json::object& object, std::string_view key) {
  std::vector<model::ValueCount> values;
  if (const json::value* list = object.if_contains(key))
    for (const json::value& each : list->as_array())
      values.push_back(
          {from_text(std::string_view(each.at("text").as_string())), each.at("count").to_number<uint64_t>()});
  return values;
}

void add_number(json::object& out, std::string_view key, double number) {
  if (std::isfinite(number)) out[key] = number;
}

std::string text_from(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string() : from_text(std::string_view(value->as_string()));
}

double number_from(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? 0 : value->to_number<double>();
}

ColumnProfile profile_of(const json::object& object) {
  ColumnProfile profile;
  for (const CountKey& count : counts)
    if (const json::value* value = object.if_contains(count.key)) profile.*count.field = value->to_number<uint64_t>();
  for (const NumberKey& number : numbers)
    if (const json::value* value = object.if_contains(number.key)) profile.*number.field = value->to_number<double>();
  profile.distinct = number_from(object, "distinct");
  profile.distinct_is_exact = object.contains("distinct_is_exact");
  profile.type = text_from(object, "type");
  profile.entity = text_from(object, "entity");
  profile.confidence = number_from(object, "confidence");
  profile.mean_length = number_from(object, "mean_length");
  if (const json::value* list = object.if_contains("quantiles"))
    for (const json::value& each : list->as_array()) profile.quantiles.push_back(each.to_number<double>());
  profile.top_values = values_from(object, "top_values");
  profile.patterns = values_from(object, "patterns");
  if (const json::value* newest = object.if_contains("newest_s")) profile.newest_s = newest->to_number<int64_t>();
  return profile;
}

}  // namespace

std::string to_profile_text(const ColumnProfile& profile, bool is_sensitive) {
  json::object out;
  for (const CountKey& count : counts)
    if (profile.*count.field != 0) out[count.key] = profile.*count.field;
  if (profile.distinct > 0) add_number(out, "distinct", profile.distinct);
  if (profile.distinct_is_exact) out["distinct_is_exact"] = true;
  if (!profile.type.empty()) out["type"] = text_value(profile.type, most_profile_value_bytes);
  if (!profile.entity.empty()) out["entity"] = text_value(profile.entity, most_profile_value_bytes);
  if (profile.confidence > 0) add_number(out, "confidence", profile.confidence);
  if (profile.mean_length > 0) add_number(out, "mean_length", profile.mean_length);
  if (is_sensitive) {
    out[sensitive_key] = true;
  } else {
    for (const NumberKey& number : numbers)
      if (const auto& value = profile.*number.field) add_number(out, number.key, *value);
    json::array quantiles;
    for (const double value : profile.quantiles)
      if (std::isfinite(value) && quantiles.size() < most_profile_values) quantiles.push_back(value);
    if (!quantiles.empty() && quantiles.size() == profile.quantiles.size()) out["quantiles"] = std::move(quantiles);
    if (profile.newest_s) out["newest_s"] = *profile.newest_s;
  }
  if (!profile.top_values.empty()) out["top_values"] = values_of(profile.top_values);
  if (!profile.patterns.empty()) out["patterns"] = values_of(profile.patterns);
  return json::serialize(out);
}

bool is_of_sensitive_column(std::string_view text) {
  try {
    return json::parse(text).as_object().contains(sensitive_key);
  } catch (const std::exception&) {  // whatever it is, nobody knew
    return false;
  }
}

std::optional<ColumnProfile> profile_from_text(std::string_view text) {
  if (text.empty()) return std::nullopt;
  try {
    return profile_of(json::parse(text).as_object());
  } catch (const std::exception&) {  // a value that is not what it should be: there is nothing to show
    return std::nullopt;
  }
}

}  // namespace assay::store
