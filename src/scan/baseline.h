#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "scan/object_names.h"
#include "scan/scan.h"

namespace assay::scan {

/// Findings that are known already. Kept by fingerprint and object, never by value, with the id of the key that made
/// the fingerprints. File format: one JSON object; see docs/baseline.md.
class Baseline {
 public:
  /// One that is empty; `names` tells what objects are called in it.
  explicit Baseline(ObjectNames names = {}) : names_(std::move(names)) {}
  /// Throws core::Error(bad_input) when the file is no baseline, or was made with another key.
  static Baseline load(const std::string& path, const std::string& key_id, ObjectNames names = {});

  void add(const model::Finding& finding);
  bool has(const model::Finding& finding) const;
  size_t size() const;
  /// Writes the file whole or not at all.
  void save(const std::string& path, const std::string& key_id) const;

 private:
  ObjectNames names_;
  std::unordered_map<std::string, std::unordered_set<std::string>> by_object_;  ///< place -> entity and fingerprint
};

}  // namespace assay::scan
