#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connect/connector_kind.h"
#include "connect/name_selection.h"
#include "connect/object_store/store.h"

namespace assay::connect {

/// Prefixes of buckets as a source: what all object stores have in common. A name is the key behind the root's prefix
/// and a slash; "" is the object that the root itself names.
class BucketConnector final : public Connector {
 public:
  BucketConnector(const SourceAddress& address, std::string_view scheme, std::unique_ptr<Store> store);

  const std::vector<std::string>& roots() const override { return urls_; }
  Trial test(uint64_t most_objects) override;
  void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) override;
  std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) override;

 private:
  /// What a listing says, in names below a root.
  class Walk;

  std::string key_of(size_t root, const std::string& name) const;

  std::vector<std::string> urls_;
  std::vector<BucketUrl> roots_;
  NameSelection selection_;
  std::unique_ptr<Store> store_;
};

}  // namespace assay::connect
