#include "cli/report/totals.h"

#include <algorithm>
#include <tuple>

namespace assay::cli {
namespace {

constexpr size_t max_columns = 5'000;

}  // namespace

void Totals::add(const model::Finding& finding) {
  Entity& entity = entities_[finding.entity];
  if (entity.findings == 0) {
    entity.name = finding.entity;
    entity.category = finding.category;
  }
  entity.sensitivity = std::max(entity.sensitivity, finding.sensitivity);
  ++entity.findings;
  entity.best = std::max(entity.best, finding.confidence);
  entity.confidence_sum += finding.confidence;
  if (entity.object_hashes.size() < max_objects_per_entity)
    entity.object_hashes.insert(std::hash<std::string>()(finding.object));
  entity.objects = entity.object_hashes.size();
  if (entity.samples.size() < max_samples_per_entity) entity.samples.push_back(finding);

  std::string name = folder_of(finding.object);
  if (folders_.size() >= max_folders && !folders_.contains(name)) name = "(other folders)";
  Folder& folder = folders_[name];
  ++folder.findings;
  if (finding.sensitivity >= model::Sensitivity::high) ++folder.sensitive;
  ++folder.by_entity[finding.entity];
}

void Totals::add(const model::ColumnFinding& column) {
  const auto found = entities_.find(column.entity);
  if (found != entities_.end()) ++found->second.columns;
  if (columns_.size() < max_columns) columns_.push_back(column);
}

void Totals::add(const model::ObjectRecord& record) {
  if (model::is_complete(record.verdict.kind)) return;
  if (unread_.size() < max_unread) unread_.push_back(record);
  else ++unread_left_out_;
}

std::vector<const Totals::Entity*> Totals::entities() const {
  std::vector<const Entity*> list;
  list.reserve(entities_.size());
  for (const auto& [name, entity] : entities_) list.push_back(&entity);
  std::ranges::sort(list, [](const Entity* a, const Entity* b) {
    return std::tuple(-static_cast<int>(a->sensitivity), -static_cast<int64_t>(a->findings), a->name) <
           std::tuple(-static_cast<int>(b->sensitivity), -static_cast<int64_t>(b->findings), b->name);
  });
  return list;
}

std::vector<std::pair<std::string, const Totals::Folder*>> Totals::folders() const {
  std::vector<std::pair<std::string, const Folder*>> list;
  list.reserve(folders_.size());
  for (const auto& [name, folder] : folders_) list.emplace_back(name, &folder);
  std::ranges::sort(list, [](const auto& a, const auto& b) {
    return std::tuple(-static_cast<int64_t>(a.second->findings), a.first) <
           std::tuple(-static_cast<int64_t>(b.second->findings), b.first);
  });
  return list;
}

std::string Totals::folder_of(const std::string& object) const {
  for (const auto& root : roots_) {
    std::string base = root;
    while (base.size() > 1 && base.back() == '/') base.pop_back();
    if (object == base) break;
    const std::string prefix = base == "/" ? base : base + "/";
    if (!object.starts_with(prefix)) continue;
    const size_t slash = object.find('/', prefix.size());
    return slash == std::string::npos ? base : object.substr(0, slash);
  }
  const size_t slash = object.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : object.substr(0, slash);
}

}  // namespace assay::cli
