#pragma once

#include <set>
#include <string>

#include "tests/support/cluster.h"

namespace assay::tests {

/// What a scan must come to: known from an undisturbed run.
struct Expected {
  int64_t objects = 0;                  ///< files of the tree
  std::multiset<std::string> findings;  ///< object, entity, place, fingerprint of each
};

/// Adds triggers to a migrated database that write down what must never happen, whoever does it: an epoch or a version
/// that shrinks, a claim at an old epoch, an owner that changes at the same version, a completed task that changes. And
/// each status that a job comes to, since a look now and then misses the short ones.
void add_witnesses(const std::string& url);

/// The findings of a database, as Expected has them.
std::multiset<std::string> findings_of(const Cluster& cluster);

/// Fails the test for everything that does not hold, now that a job is over:
/// - what the witnesses saw;
/// - the counters of every job equal a full count of its tasks and outputs, and its objects add up;
/// - no task of the job runs; each that is COMPLETED became so once;
/// - the operation log: nobody's claim was another's, nobody recorded what was claimed by another.
void expect_sound(const Cluster& cluster, int64_t job_id);

/// And that the job found everything, once: the findings are the expected ones, every object is there exactly once.
void expect_complete(const Cluster& cluster, int64_t job_id, const Expected& expected);

/// And that it looked for what is gone only after it had seen all; not to be asked of a job with tasks that were dead
/// and tried again, since it had ended without them.
void expect_swept_last(const Cluster& cluster, int64_t job_id);

}  // namespace assay::tests
