#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coordinate/handler.h"
#include "model/work.h"

namespace assay::coordinate {

/// Packs items of outputs into tasks: each work packet is a JSON array of items as their output had them, in their
/// order, up to a count and a size; an item larger than that size has a task of its own. Items of different kinds or
/// datasources are never mixed.
class Packer {
 public:
  explicit Packer(const std::map<std::string, Packing, std::less<>>& packing) : packing_(packing) {}

  /// Throws core::Error(bug) for a payload that is no JSON array; nothing of it is kept then.
  void add(const model::TaskOutput& output);
  /// How many tasks are full or begun.
  size_t size() const noexcept { return full_.size() + open_.size(); }
  /// All tasks, those that were full first; the packer is empty afterwards.
  std::vector<model::NewTask> take();

 private:
  using Key = std::pair<std::string, int64_t>;  // child kind and datasource
  void add_item(const Key& key, const Packing& packing, std::string_view item);
  void close(std::map<Key, model::NewTask>::iterator open);

  const std::map<std::string, Packing, std::less<>>& packing_;
  std::vector<model::NewTask> full_;
  std::map<Key, model::NewTask> open_;
};

}  // namespace assay::coordinate
