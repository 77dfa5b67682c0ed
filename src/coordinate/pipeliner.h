#pragma once

#include "coordinate/loop.h"
#include "coordinate/orchestration.h"

namespace assay::coordinate {

/// Turns outputs of finished tasks into their child tasks, packed by bytes and count. Takes so many outputs at a time
/// that their payloads stay within a bound, job by job in turn, so that a huge job does not hold up a small one.
class Pipeliner : public Loop {
 public:
  explicit Pipeliner(Orchestration& shared);
  std::string_view name() const override { return "pipeliner"; }
  int64_t turn() override;

 private:
  void pack(const HeldJob& job);

  Orchestration& shared_;
  core::Counter &outputs_, &children_;
  uint64_t payload_bytes_ = 64 << 10;  ///< of one output, as they have been lately
};

}  // namespace assay::coordinate
