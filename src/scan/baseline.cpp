#include "scan/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "core/whole_file.h"
#include "core/printable.h"

namespace assay::scan {
namespace {

// Of version 1, paths were written as the scan's roots were spelled.
constexpr int format_version = 2, version_as_spelled = 1;

// One name for an object and the member in it; the line does not count, so that findings may move.
std::string place_of(const std::string& name, const model::Finding& finding) {
  std::string place = core::printable(name, 8192);
  if (!finding.locator.member.empty()) place += "!/" + finding.locator.member;
  return place;
}

std::string renamed(const std::string& place, const ObjectNames& names) {
  const size_t member = std::min(place.find("!/"), place.size());
  return names.name_of_spelled(place.substr(0, member)) + place.substr(member);
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw core::Error(core::ErrorKind::bad_input, fmt::format("{} cannot be used as a baseline: {}", path, why));
}

}  // namespace

Baseline Baseline::load(const std::string& path, const std::string& key_id, ObjectNames names) {
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, "it cannot be read; write one with --write-baseline");
  std::ostringstream text;
  text << file.rdbuf();
  boost::system::error_code error;
  const boost::json::value root = boost::json::parse(text.str(), error);
  const auto* object = root.if_object();
  if (error || object == nullptr || !object->contains("assay_baseline"))
    refuse(path, "it is not a file that --write-baseline wrote");
  const auto* version = object->at("assay_baseline").if_int64();
  if (version == nullptr || (*version != format_version && *version != version_as_spelled))
    refuse(path, "its format version is not known to this Assay");
  const auto* key = object->if_contains("key");
  if (key == nullptr || !key->is_string() || key->as_string() != key_id)
    refuse(
        path,
        "its fingerprints were made with another key; give that key with --fingerprint-key or ASSAY_FINGERPRINT_KEY");
  Baseline baseline(std::move(names));
  const auto* findings = object->if_contains("findings");
  if (findings == nullptr || !findings->is_object()) refuse(path, "it has no findings");
  for (const auto& [place, list] : findings->as_object()) {
    if (!list.is_array()) refuse(path, "its findings are malformed");
    const std::string name(place);
    auto& set = baseline.by_object_[*version == version_as_spelled ? renamed(name, baseline.names_) : name];
    for (const auto& item : list.as_array()) {
      if (!item.is_string()) refuse(path, "its findings are malformed");
      set.emplace(item.as_string().c_str());
    }
  }
  return baseline;
}

void Baseline::add(const model::Finding& finding) {
  by_object_[place_of(names_.name_of(finding.object), finding)].insert(finding.entity + ":" + finding.fingerprint);
}

bool Baseline::has(const model::Finding& finding) const {
  if (by_object_.empty()) return false;
  const std::string what = finding.entity + ":" + finding.fingerprint;
  return names_.any_name(finding.object, [&](const std::string& name) {
    const auto found = by_object_.find(place_of(name, finding));
    return found != by_object_.end() && found->second.contains(what);
  });
}

size_t Baseline::size() const {
  size_t n = 0;
  for (const auto& [place, set] : by_object_) n += set.size();
  return n;
}

void Baseline::save(const std::string& path, const std::string& key_id) const {
  // Sorted and one line a fingerprint, so that a baseline under version control has readable differences.
  std::vector<std::string> places;
  places.reserve(by_object_.size());
  for (const auto& [place, set] : by_object_) places.push_back(place);
  std::ranges::sort(places);
  std::string text =
      fmt::format("{{\n  \"assay_baseline\": {},\n  \"key\": \"{}\",\n  \"findings\": {{", format_version, key_id);
  bool first_place = true;
  for (const auto& place : places) {
    std::vector<std::string> list(by_object_.at(place).begin(), by_object_.at(place).end());
    std::ranges::sort(list);
    text += fmt::format("{}\n    {}: [", first_place ? "" : ",", boost::json::serialize(boost::json::value(place)));
    first_place = false;
    for (size_t i = 0; i < list.size(); ++i) text += fmt::format("{}\n      \"{}\"", i == 0 ? "" : ",", list[i]);
    text += "\n    ]";
  }
  text += "\n  }\n}\n";
  core::write_whole_file(path, text);
}

}  // namespace assay::scan
