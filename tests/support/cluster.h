#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sql/connection.h"
#include "tests/support/service.h"

namespace assay::tests {

/// What the processes of a cluster are told.
struct ClusterOptions {
  int64_t lease_ms = 1'500;                             ///< of orchestrators
  int64_t heartbeat_ms = 400;                           ///< of workers; what is silent for three of them is dead
  int64_t grace_ms = 5'000;                             ///< that SIGTERM leaves
  unsigned concurrency = 2;                             ///< tasks that a worker runs at a time
  std::map<std::string, std::string> environment = {};  ///< of every process, on top
};

/// Leases and heartbeats so long that nobody is taken for dead because the machine is busy: the test says who is
/// (Cluster::expire). Shorter than any wait, for a claim whose COMMIT the server was still at when its process died and
/// was expired.
inline const ClusterOptions unhurried{.lease_ms = 30'000, .heartbeat_ms = 10'000};

/// Those of the processes that shall be found out by time alone.
inline const std::map<std::string, std::string> hurried{{"ASSAY_ORCHESTRATOR_LEASE_MS", "1500"},
                                                        {"ASSAY_WORKER_HEARTBEAT_MS", "400"}};

/// A process of a cluster, and what is to happen to it.
struct Member {
  std::string name = {};
  std::string faults = {};                              ///< as ASSAY_FAULT_POINTS; "" none
  std::map<std::string, std::string> environment = {};  ///< on top
  std::string url = {};                                 ///< another way to the database; "" the cluster's
  uint64_t most_file_bytes = 0;                         ///< Service::Options
};

struct CommandResult {
  int exit_code = -1;  ///< -1: it ran past its time limit
  std::string output;
};

/// A database and the real processes around it: orchestrators and workers, any number, each by a name. Everything ends
/// with this object.
class Cluster {
 public:
  /// `folder`: for logs; must exist and outlive the cluster. The database is there, and migrated.
  Cluster(std::string url, std::filesystem::path folder, ClusterOptions options = {});
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  const std::string& url() const { return url_; }
  const ClusterOptions& options() const { return options_; }

  // -- processes; one of a name that is there already is killed first
  Service& start_worker(const Member& member);
  Service& start_orchestrator(const Member& member);
  Service& start_serve(const Member& member);
  Service& start(const std::string& role, const Member& member);
  Service& process(const std::string& name) { return *processes_.at(name); }
  /// SIGKILL to all.
  void end_all() { processes_.clear(); }
  /// For the database, the leases and the heartbeats of all processes of that name are over.
  void expire(const std::string& name) const;
  /// SIGKILL, and expire().
  void lose(const std::string& name);
  /// What every process of that name wrote.
  std::string log_of(const std::string& name) const;

  // -- threads that the fault `hold` keeps waiting
  void wait_until_held(const std::string& name, const std::string& point) const;
  void let_go(const std::string& name, const std::string& point) const;
  bool is_held(const std::string& name, const std::string& point) const;
  /// Nothing of that process waits any more, now or later.
  void let_go_for_good(const std::string& name) const;

  /// PostgreSQL ends no session any more because a transaction that touched tasks waits for its client for too long:
  /// for what is held within one. And each session has counters of its own, so that none waits for those of what is
  /// held.
  void leave_transactions_open() const;

  // -- commands of users
  /// Runs `assay` with these arguments on this database, to its end.
  CommandResult command(std::vector<std::string> arguments, const std::string& faults = {}) const;
  /// Starts a job from the template that World made, as `assay job start --full`; its number.
  int64_t start_job() const;

  // -- the database. A connection that is lost is made anew, once a call.
  sql::Rows ask(std::string_view sql, std::initializer_list<sql::Value> values = {}) const;
  /// The first number of the answer.
  int64_t number(std::string_view sql, std::initializer_list<sql::Value> values = {}) const;
  std::string text(std::string_view sql, std::initializer_list<sql::Value> values = {}) const;
  std::string job_status(int64_t job_id) const;

  // -- waiting. All throw std::runtime_error, with what the processes wrote last, when the time is up.
  /// Until it holds; asked again every few milliseconds. An error of the database is a no.
  void wait_until(const std::string& what, const std::function<bool()>& holds,
                  std::chrono::milliseconds limit = std::chrono::seconds(120)) const;
  /// Until the job has come to that status; it may have left it again (add_witnesses).
  void wait_for_status(int64_t job_id, const std::string& status) const;
  /// Until the job is over; its status.
  std::string wait_for_end(int64_t job_id, std::chrono::milliseconds limit = std::chrono::seconds(120)) const;
  /// Until the process was killed, by itself or by others. Its heartbeat and its leases still count.
  void wait_for_death(const std::string& name);
  /// Until it has registered at the database under its name.
  void wait_until_registered(const std::string& table, const std::string& name) const;

  std::filesystem::path operation_log() const { return folder_ / "operations.jsonl"; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::map<std::string, std::string> environment(const Member& member) const;
  std::filesystem::path log_path(const std::string& name) const { return folder_ / (name + ".log"); }
  std::filesystem::path hold_path(const std::string& name) const { return folder_ / (name + ".hold"); }
  std::string situation() const;

  std::string url_;
  std::filesystem::path folder_;
  ClusterOptions options_;
  std::map<std::string, std::unique_ptr<Service>> processes_;
  mutable std::unique_ptr<sql::Connection> connection_;
  mutable int commands_ = 0;
};

}  // namespace assay::tests
