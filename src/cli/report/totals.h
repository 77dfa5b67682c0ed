#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "model/finding.h"

namespace assay::cli {

/// What the readable reports show of all findings: counts by entity and by folder, the first findings of each entity,
/// and the objects that could not be read. Bounded: what goes past a bound is counted.
class Totals {
 public:
  static constexpr size_t max_folders = 10'000;
  static constexpr size_t max_samples_per_entity = 5;
  static constexpr size_t max_unread = 1'000;
  static constexpr size_t max_objects_per_entity = 1'000'000;

  struct Entity {
    std::string name, category;
    model::Sensitivity sensitivity = model::Sensitivity::low;
    uint64_t findings = 0, objects = 0, columns = 0;  ///< objects: counted up to max_objects_per_entity
    double best = 0, confidence_sum = 0;
    std::unordered_set<size_t> object_hashes;  ///< objects come in any order and interleaved
    std::vector<model::Finding> samples;
  };
  struct Folder {
    uint64_t findings = 0, sensitive = 0;
    std::map<std::string, uint64_t> by_entity;
  };

  /// `roots`: folders are shown one level below these.
  explicit Totals(std::vector<std::string> roots) : roots_(std::move(roots)) {}

  void add(const model::Finding& finding);
  void add(const model::ColumnFinding& column);
  void add(const model::ObjectRecord& record);

  /// The most sensitive first, then the most frequent.
  std::vector<const Entity*> entities() const;
  /// The folders with most findings first.
  std::vector<std::pair<std::string, const Folder*>> folders() const;
  const std::vector<model::ColumnFinding>& columns() const { return columns_; }
  const std::vector<model::ObjectRecord>& unread() const { return unread_; }
  uint64_t unread_left_out() const { return unread_left_out_; }

 private:
  std::string folder_of(const std::string& object) const;

  std::vector<std::string> roots_;
  std::map<std::string, Entity> entities_;
  std::map<std::string, Folder> folders_;
  std::vector<model::ColumnFinding> columns_;
  std::vector<model::ObjectRecord> unread_;
  uint64_t unread_left_out_ = 0;
};

}  // namespace assay::cli
