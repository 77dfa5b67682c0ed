#include "scan/suppressions.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <span>
#include <sstream>
#include <utility>

#include "classify/yaml_reader.h"
#include "core/error.h"
#include "core/nearest_name.h"
#include "core/printable.h"

namespace assay::scan {
namespace {

// Today in UTC as "2026-01-31", which compares as dates do.
std::string today() { return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr))); }

bool is_date(const std::string& text) {
  if (text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  using namespace std::chrono;
  return year_month_day(year(std::stoi(text.substr(0, 4))), month(static_cast<unsigned>(std::stoi(text.substr(5, 2)))),
                        day(static_cast<unsigned>(std::stoi(text.substr(8, 2)))))
      .ok();
}

bool is_fingerprint(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Globs describe relative paths: "./a/b" and "/a/b" are "a/b".
std::string_view relative(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.starts_with('/')) path.remove_prefix(1);
  return path;
}

// One letter wrong, and the entry would do nothing without a word.
void expect_known(const classify::YamlReader& reader, const YAML::Node& entry, const char* key, const std::string& name,
                  std::span<const std::string> names) {
  if (name.empty() || std::ranges::find(names, name) != names.end()) return;
  reader.fail(entry[key],
              fmt::format("no rule that is loaded has the {} '{}'{}", key == std::string_view("rule") ? "name" : key,
                          core::printable(name, 256), core::did_you_mean(name, names)));
}

}  // namespace

Suppressions Suppressions::load(const std::string& path, const NamesOfRules& known, ObjectNames names) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw core::Error(core::ErrorKind::bad_input, fmt::format("cannot read the suppression file {}", path));
  const classify::YamlReader reader(path);
  YAML::Node root;
  try {
    root = YAML::Load(text.str());
  } catch (const YAML::Exception& error) {
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("{}:{}: not valid YAML: {}", path, error.mark.line + 1, error.msg));
  }
  Suppressions suppressions;
  suppressions.names_ = std::move(names);
  if (root.IsNull()) return suppressions;
  reader.expect_map(root, "a suppression file");
  reader.expect_keys(root, {"suppressions"});
  const YAML::Node list = root["suppressions"];
  if (!list || !list.IsSequence()) reader.fail(root, "a suppression file holds a list under 'suppressions'");
  for (const auto& node : list) {
    reader.expect_map(node, "a suppression");
    reader.expect_keys(node, {"path", "entity", "rule", "fingerprint", "reason", "expires"});
    reader.required_text(node, "reason");
    Entry entry{reader.text(node, "path", ""),
                reader.text(node, "entity", ""),
                reader.text(node, "rule", ""),
                reader.text(node, "fingerprint", ""),
                {}};
    if (entry.path.empty() && entry.entity.empty() && entry.rule.empty() && entry.fingerprint.empty())
      reader.fail(node, "a suppression needs a path, entity, rule or fingerprint");
    if (!entry.fingerprint.empty() && !is_fingerprint(entry.fingerprint))
      reader.fail(node["fingerprint"], "'fingerprint' must be 32 hexadecimal digits, as a report shows it");
    const std::string expires = reader.text(node, "expires", "");
    if (!expires.empty() && !is_date(expires)) reader.fail(node["expires"], "'expires' must be a date as 2027-01-31");
    if (!expires.empty() && expires < today()) continue;  // its rule may be gone, too
    expect_known(reader, node, "entity", entry.entity, known.entities);
    expect_known(reader, node, "rule", entry.rule, known.rules);
    if (!entry.path.empty()) entry.glob.emplace(entry.path);
    suppressions.entries_.push_back(std::move(entry));
  }
  return suppressions;
}

// By the path as it is given, too: who wrote the glob saw it in a report.
bool Suppressions::covers_path(const core::Glob& glob, const std::string& object) const {
  return glob.matches(relative(object), false) ||
         names_.any_name(object, [&glob](const std::string& name) { return glob.matches(relative(name), false); });
}

bool Suppressions::covers(const model::Finding& finding) const {
  for (const Entry& entry : entries_) {
    if (!entry.entity.empty() && entry.entity != finding.entity) continue;
    if (!entry.rule.empty() && entry.rule != finding.rule) continue;
    if (!entry.fingerprint.empty() && entry.fingerprint != finding.fingerprint) continue;
    if (entry.glob && !covers_path(*entry.glob, finding.object)) continue;
    return true;
  }
  return false;
}

}  // namespace assay::scan
