#include "scan/jobs/job_configuration.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <boost/json.hpp>
#include <functional>
#include <map>

#include "core/error.h"
#include "scan/jobs/source_address.h"

namespace assay::scan {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw core::Error(core::ErrorKind::bad_input, "the job's configuration cannot be read: " + why);
}

/// The keys of an object, each with what takes its value: an unknown key is an error.
using Readers = std::map<std::string_view, std::function<void(const json::value&)>, std::less<>>;

void read_object(const json::value& value, const std::string& what, const Readers& readers) {
  if (!value.is_object()) refuse(what + " is no object");
  for (const auto& [key, element] : value.get_object()) {
    const auto reader = readers.find(std::string_view(key));
    if (reader == readers.end()) refuse(fmt::format("{} has an unknown key '{}'", what, std::string_view(key)));
    try {
      reader->second(element);
    } catch (const boost::system::system_error&) {
      refuse(fmt::format("'{}' of {} has the wrong type", std::string_view(key), what));
    }
  }
}

template <typename T>
std::function<void(const json::value&)> into(T& target) {
  return [&target](const json::value& value) { target = json::value_to<T>(value); };
}

json::object limits_to_json(const model::Limits& l) {
  return {{"max_object_bytes", l.max_object_bytes},
          {"max_expanded_bytes", l.max_expanded_bytes},
          {"max_member_bytes", l.max_member_bytes},
          {"max_expansion_ratio", l.max_expansion_ratio},
          {"max_depth", l.max_depth},
          {"max_members", l.max_members},
          {"max_object_cpu_ms", l.max_object_cpu_ms},
          {"max_object_wall_ms", l.max_object_wall_ms},
          {"max_no_progress_ms", l.max_no_progress_ms},
          {"max_worker_memory_bytes", l.max_worker_memory_bytes},
          {"max_findings_per_object", l.max_findings_per_object}};
}

void read_limits(const json::value& value, model::Limits& l) {
  read_object(value, "limits",
              {{"max_object_bytes", into(l.max_object_bytes)},
               {"max_expanded_bytes", into(l.max_expanded_bytes)},
               {"max_member_bytes", into(l.max_member_bytes)},
               {"max_expansion_ratio", into(l.max_expansion_ratio)},
               {"max_depth", into(l.max_depth)},
               {"max_members", into(l.max_members)},
               {"max_object_cpu_ms", into(l.max_object_cpu_ms)},
               {"max_object_wall_ms", into(l.max_object_wall_ms)},
               {"max_no_progress_ms", into(l.max_no_progress_ms)},
               {"max_worker_memory_bytes", into(l.max_worker_memory_bytes)},
               {"max_findings_per_object", into(l.max_findings_per_object)}});
}

constexpr std::array<const char*, 3> profile_scopes = {"none", "databases", "all"};

model::ProfileScope read_scope(const json::value& value) {
  const auto name = json::value_to<std::string>(value);
  for (size_t i = 0; i < profile_scopes.size(); ++i)
    if (name == profile_scopes[i]) return static_cast<model::ProfileScope>(i);
  refuse("'profile' names no tables");
}

JobSource read_source(const json::value& value) {
  JobSource s;
  read_object(value, "a source",
              {{"datasource_id", into(s.datasource_id)},
               {"name", into(s.name)},
               {"kind", into(s.kind)},
               {"address",
                [&s](const json::value& address) { s.address = source_address_from_json(json::serialize(address)); }}});
  return s;
}

}  // namespace

std::string to_json(const JobConfiguration& c) {
  json::array sources;
  for (const JobSource& s : c.sources)
    sources.push_back(json::object{{"datasource_id", s.datasource_id},
                                   {"name", s.name},
                                   {"kind", s.kind},
                                   {"address", json::parse(to_json(s.address))}});
  json::object out{{"sources", std::move(sources)},
                   {"rule_set_hash", c.rule_set_hash},
                   {"entities", json::value_from(c.entities)},
                   {"min_confidence", c.min_confidence},
                   {"ocr", c.ocr},
                   {"binaries", c.binaries},
                   {"ocr_languages", json::value_from(c.ocr_languages)},
                   {"limits", limits_to_json(c.limits)},
                   {"profile", profile_scopes.at(static_cast<size_t>(c.profile))},
                   {"full", c.full},
                   {"correlation_id", c.correlation_id}};
  if (c.split_from) out["split_from"] = *c.split_from;
  if (c.range_bytes) out["range_bytes"] = *c.range_bytes;
  return json::serialize(out);
}

JobConfiguration job_configuration_from_json(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) refuse("it is no JSON");
  JobConfiguration c;
  read_object(value, "it",
              {{"sources",
                [&](const json::value& sources) {
                  for (const json::value& source : sources.as_array()) c.sources.push_back(read_source(source));
                }},
               {"rule_set_hash", into(c.rule_set_hash)},
               {"entities", into(c.entities)},
               {"min_confidence", into(c.min_confidence)},
               {"ocr", into(c.ocr)},
               {"binaries", into(c.binaries)},
               {"ocr_languages", into(c.ocr_languages)},
               {"limits", [&](const json::value& limits) { read_limits(limits, c.limits); }},
               {"profile", [&](const json::value& scope) { c.profile = read_scope(scope); }},
               {"full", into(c.full)},
               {"split_from", [&](const json::value& bytes) { c.split_from = json::value_to<uint64_t>(bytes); }},
               {"range_bytes", [&](const json::value& bytes) { c.range_bytes = json::value_to<uint64_t>(bytes); }},
               {"correlation_id", into(c.correlation_id)}});
  return c;
}

std::string to_definition(const std::vector<classify::RuleSource>& rules) {
  json::array files;
  for (const auto& rule : rules) files.push_back(json::object{{"file", rule.file}, {"yaml", rule.yaml}});
  return json::serialize(files);
}

std::vector<classify::RuleSource> rules_from_definition(std::string_view definition) {
  boost::system::error_code error;
  const json::value value = json::parse(definition, error);
  if (error || !value.is_array()) refuse("its rule set is damaged");
  std::vector<classify::RuleSource> rules;
  for (const json::value& file : value.get_array()) {
    classify::RuleSource source;
    read_object(file, "a rule file", {{"file", into(source.file)}, {"yaml", into(source.yaml)}});
    rules.push_back(std::move(source));
  }
  return rules;
}

std::string rule_set_hash(std::string_view definition) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(definition.data()),
                     definition.size(), nullptr, 0);
  std::string hex;
  for (const unsigned char byte : hash) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace assay::scan
