#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::store {

/// A RUNNING job that has tasks to claim.
struct ClaimCandidate {
  int64_t job_id = 0;
  int32_t priority = 0;
  int64_t ready = 0;                  ///< tasks that anyone may claim: not isolated, their sources not blocked
  int64_t isolated = 0;               ///< tasks that must run alone
  std::vector<int64_t> probing = {};  ///< sources whose breaker is half open
  bool has_blocked = false;           ///< some of its tasks belong to sources whose breaker is not closed
};

/// Counters of one job and datasource.
struct ReadyCount {
  int64_t job_id = 0;
  int32_t priority = 0;
  int64_t datasource_id = 0;
  int64_t ready = 0, isolated = 0;
};

/// Where in claim order (priority, id) the next claim begins.
struct ClaimCursor {
  int64_t priority = std::numeric_limits<int32_t>::min();
  int64_t id = 0;
  bool operator==(const ClaimCursor&) const = default;
};

/// Which job is served next, and where in it; what one process remembers between claims. Not thread-safe.
///
/// Order: a job's priority (lower first), less one level for every 5 s that it waited for a claim; among equals the one
/// served longest ago. So a huge job cannot starve a small one, nor an urgent one an idle one for ever.
///
/// The cursor is a hint: under a transaction that is held open, PostgreSQL keeps the index entries of all tasks claimed
/// since, and a claim from the beginning would walk over each. A claim that comes back short begins anew at the front,
/// where tasks may have come back, if the last walk from there was cheap enough.
class ClaimOrder {
 public:
  static constexpr int64_t ageing_ms = 5'000;
  static constexpr int64_t keep_ms = 50;  ///< how long counters that were read are good

  /// What is known of the group's jobs; nothing when that is older than keep_ms.
  const std::vector<ReadyCount>* known(std::string_view group, int64_t now_ms) const;
  void remember(std::string_view group, std::vector<ReadyCount> counts, int64_t now_ms);
  /// Tasks of the job were claimed; `was_short`: there are no more just now.
  void took(std::string_view group, int64_t job_id, int64_t tasks, bool was_short, int64_t now_ms);

  void sort(std::vector<ClaimCandidate>& jobs, int64_t now_ms);

  /// `blocked`: which sources are left out; a cursor for others is not used.
  ClaimCursor cursor(int64_t job_id, const std::vector<int64_t>& blocked);
  void advance(int64_t job_id, ClaimCursor cursor);
  bool may_restart(int64_t job_id, int64_t now_us) const;
  void restarted(int64_t job_id, int64_t began_us, int64_t ended_us);
  /// Tasks of the job came back before the cursor.
  void reset(int64_t job_id);

 private:
  struct Job {
    int64_t served_at_ms = 0;  ///< or first seen
    uint64_t turn = 0;         ///< its place among all that were served
    ClaimCursor cursor;
    std::vector<int64_t> blocked;
    int64_t restart_from_us = 0;
  };
  struct Group {
    int64_t read_at_ms = 0;
    std::vector<ReadyCount> counts;
  };
  Job& job(int64_t job_id, int64_t now_ms);

  uint64_t turns_ = 0;
  std::unordered_map<int64_t, Job> jobs_;
  std::unordered_map<std::string, Group> groups_;
};

}  // namespace assay::store
