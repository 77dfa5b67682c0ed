#include "coordinate/packer.h"

#include "coordinate/json_slices.h"

namespace assay::coordinate {

void Packer::add(const model::TaskOutput& output) {
  std::vector<std::string_view> items;
  for_each_element(output.payload, [&](std::string_view item) { items.push_back(item); });
  const auto found = packing_.find(output.child_kind);
  const Packing packing = found == packing_.end() ? Packing{} : found->second;
  const Key key{output.child_kind, output.datasource_id};
  for (const std::string_view item : items) add_item(key, packing, item);
}

void Packer::add_item(const Key& key, const Packing& packing, std::string_view item) {
  const uint64_t bytes = number_in(item, "bytes");
  auto open = open_.find(key);
  if (open != open_.end()) {
    const model::NewTask& task = open->second;
    if (task.items >= packing.most_items || bytes > packing.most_bytes || task.bytes > packing.most_bytes - bytes) {
      close(open);
      open = open_.end();
    }
  }
  if (open == open_.end()) {
    model::NewTask task;
    task.kind = key.first;
    task.datasource_id = key.second;
    task.work_packet = "[";
    if (packing.runs_last) task.priority = model::last_priority;
    task.needs_admission = packing.runs_last;
    open = open_.emplace(key, std::move(task)).first;
  }
  model::NewTask& task = open->second;
  if (task.items > 0) task.work_packet += ',';
  task.work_packet += item;
  ++task.items;
  task.bytes += bytes;
}

void Packer::close(std::map<Key, model::NewTask>::iterator open) {
  open->second.work_packet += ']';
  full_.push_back(std::move(open->second));
  open_.erase(open);
}

std::vector<model::NewTask> Packer::take() {
  while (!open_.empty()) close(open_.begin());
  return std::exchange(full_, {});
}

}  // namespace assay::coordinate
