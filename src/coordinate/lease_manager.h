#pragma once

#include "coordinate/loop.h"
#include "coordinate/orchestration.h"

namespace assay::coordinate {

/// Keeps what this orchestrator holds: registers it, renews its row and the leases of all its jobs with one statement
/// each, at a third of the lease; and obeys the commands of users, each with its clearing in one transaction.
class LeaseManager : public Loop {
 public:
  explicit LeaseManager(Orchestration& shared);
  std::string_view name() const override { return "lease_manager"; }
  int64_t turn() override;

  /// Registers a new incarnation: before the other loops run, and again when the store forgot this one.
  void enlist();
  /// Gives up the row and, with it, all jobs, so that others can take them at once.
  void resign();

 private:
  void renew();
  void obey(const HeldJob& job);

  Orchestration& shared_;
  core::Counter& renewals_;
  core::Counter& lost_;
  core::Histogram& renewal_s_;
  core::Gauge& held_;
  Random random_;
  int64_t next_renewal_ms_ = 0;
};

}  // namespace assay::coordinate
