#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/transitions.h"
#include "sql/pool.h"
#include "store/changes.h"
#include "store/claim_order.h"
#include "store/counters.h"
#include "store/operation_log.h"
#include "store/statements.h"
#include "store/store.h"

namespace assay::store {

/// A status as a row has it. Throws core::Error(bug) for a text that is none.
template <typename Status>
Status status_of(std::string_view text) {
  std::optional<Status> status;
  if constexpr (std::is_same_v<Status, model::JobStatus>) status = model::job_status_from_string(text);
  else status = model::task_status_from_string(text);
  if (!status) throw core::Error(core::ErrorKind::bug, "the database has a status that does not exist");
  return *status;
}

/// The advisory lock that claims of a job's tasks share, and that whoever waits for their end takes alone.
int64_t claims_lock_key(int64_t job_id);

/// The store over a SQL database. Each group of operations is a file: jobs.cpp, tasks_claim.cpp, ...
class SqlStore final : public Store, public secure::SecretStore {
 public:
  /// Checks nothing: Store::open() has.
  explicit SqlStore(const StoreOptions& options);
  ~SqlStore() override;
  /// What Store::open() says of its errors.
  void prepare_schema(bool create);

  sql::Dialect dialect() const override { return dialect_; }
  int64_t now_ms() override;

  // sources.cpp
  int64_t add_datasource(const model::Datasource& source) override;
  void update_datasource(const model::Datasource& source) override;
  void remove_datasource(std::string_view name) override;
  std::vector<model::Datasource> list_datasources() override;
  std::optional<model::Datasource> find_datasource(std::string_view name) override;
  int64_t add_template(std::string_view name, std::string_view definition_json) override;
  void put_template(std::string_view name, std::string_view definition_json) override;
  void remove_template(std::string_view name) override;
  std::vector<std::pair<std::string, std::string>> list_templates() override;
  std::optional<std::string> find_template(std::string_view name) override;
  void put_rule_set(std::string_view hash, std::string_view definition) override;
  std::optional<std::string> find_rule_set(std::string_view hash) override;

  // submit.cpp
  SubmittedJob submit_job(const NewMasterJob& job) override;

  // secrets.cpp
  secure::SecretStore& secrets() override { return *this; }
  std::optional<secure::KeyEnvelope> find_key_envelope() override;
  bool create_key_envelope(const secure::KeyEnvelope& envelope) override;
  bool rewrap_keys(const secure::KeyEnvelope& envelope, int64_t version) override;
  bool add_data_key(const secure::WrappedKey& key, int64_t version) override;
  size_t remove_unused_data_keys() override;
  bool put_credential(std::string_view name, int64_t key_generation, std::string_view sealed) override;
  std::optional<secure::SealedCredential> find_credential(std::string_view name) override;
  std::vector<secure::CredentialFacts> list_credentials() override;
  bool remove_credential(std::string_view name) override;
  std::vector<secure::SealedCredential> credentials_of_old_keys(size_t most) override;
  bool reseal_credential(const secure::SealedCredential& credential) override;

  // processes.cpp
  void register_worker(const ProcessIdentity& worker, int64_t ttl_ms) override;
  bool heartbeat_worker(std::string_view id, int64_t ttl_ms, bool draining) override;
  void unregister_worker(std::string_view id) override;
  void register_orchestrator(const ProcessIdentity& orchestrator, int64_t ttl_ms) override;
  bool heartbeat_orchestrator(std::string_view id, int64_t ttl_ms) override;
  void unregister_orchestrator(std::string_view id) override;
  std::vector<ProcessRow> list_workers() override;
  std::vector<ProcessRow> list_orchestrators() override;

  // leases.cpp
  std::vector<OwnedJob> claim_jobs(std::string_view orchestrator_id, std::string_view node_group, size_t most,
                                   int64_t lease_ms) override;
  std::vector<int64_t> renew_leases(std::string_view orchestrator_id, std::span<const int64_t> job_ids,
                                    std::span<const int64_t> versions, int64_t lease_ms) override;
  JobDigest digest_jobs(std::string_view orchestrator_id, int64_t since, std::span<const int64_t> also) override;

  // jobs.cpp
  bool execute_pending_command(int64_t job_id, int64_t version) override;
  bool transition_job_from_pausing_to_paused(int64_t job_id, int64_t version) override;
  bool finish_cancelling_job(int64_t job_id, int64_t version) override;
  bool finish_job_if_done(int64_t job_id, int64_t version) override;
  bool fail_job(int64_t job_id, int64_t version, std::string_view error) override;
  void request_command(int64_t job_id, model::JobCommand command) override;
  size_t retry_dead_tasks(int64_t job_id, std::span<const int64_t> task_ids) override;

  // tasks_admit.cpp
  std::vector<TaskRow> pending_tasks(int64_t job_id, size_t most) override;
  size_t admit_tasks(int64_t job_id, int64_t version, std::span<const int64_t> task_ids) override;
  std::vector<std::pair<int64_t, model::TaskOutput>> waiting_outputs(int64_t job_id, size_t most) override;
  bool replace_outputs(int64_t job_id, int64_t version, std::span<const int64_t> output_ids,
                       std::span<const model::NewTask> children, std::span<const model::TaskOutput> rest) override;

  // reaper.cpp
  size_t retry_due_tasks(size_t most) override;
  size_t rescue_tasks_of_dead_workers(size_t most) override;
  size_t fail_overdue_tasks(int64_t deadline_ms, size_t most) override;
  size_t remove_dead_processes(int64_t keep_ms) override;

  // tasks_claim.cpp
  std::vector<model::ClaimedTask> claim_ready_tasks(const ClaimRequest& request) override;
  size_t give_back_tasks(std::string_view worker_id, std::span<const model::ClaimedTask> tasks) override;

  // tasks_complete.cpp
  std::vector<int64_t> complete_tasks(std::string_view worker_id, std::span<const TaskCompletion> tasks) override;
  std::vector<int64_t> fail_tasks(std::string_view worker_id, std::span<const TaskFailure> tasks) override;

  // tasks_checkpoint.cpp
  bool checkpoint_task(std::string_view worker_id, const TaskCompletion& part, std::string_view work_packet) override;

  // parts.cpp
  bool awaits_parts(int64_t job_id, int64_t datasource_id, std::string_view path) override;
  std::vector<WaitingPart> waiting_parts(int64_t job_id, int64_t datasource_id, std::string_view path) override;
  std::string part_content(int64_t job_id, int64_t datasource_id, std::string_view path, uint32_t number) override;

  // objects.cpp
  std::vector<KnownObject> known_objects(int64_t datasource_id, std::span<const std::string_view> paths) override;
  size_t mark_unseen_objects_deleted(int64_t job_id, int64_t datasource_id, size_t most) override;
  void for_each_object(int64_t job_id, const std::function<void(const model::ObjectRecord&)>& visit) override;

  // catalog_record.cpp
  int64_t record_vanished_tables(int64_t job_id, int64_t datasource_id, std::span<const std::string_view> roots,
                                 int64_t after_id, size_t most) override;
  void close_discovery_run(int64_t job_id, int64_t datasource_id) override;

  // catalog.cpp
  CatalogPage list_catalog_tables(const CatalogFilter& filter) override;
  std::vector<model::DiscoveryRun> list_discovery_runs(std::string_view datasource, size_t most) override;
  std::vector<model::CatalogChange> list_catalog_changes(const ChangeFilter& filter) override;

  // breakers.cpp
  Breaker record_source_outcome(int64_t datasource_id, bool ok, uint32_t threshold, int64_t open_ms) override;
  std::vector<Breaker> breakers() override;

  // resources.cpp
  bool acquire_resources(std::string_view holder, std::span<const ResourceRequest> requests, int64_t ttl_ms) override;
  void release_resources(std::string_view holder) override;
  void renew_resources(std::span<const std::string_view> holders, int64_t ttl_ms) override;
  uint64_t resources_in_use(std::string_view key) override;

  // listings.cpp
  std::string job_configuration(int64_t job_id) override;
  std::vector<JobRow> list_jobs(size_t most) override;
  std::optional<JobRow> find_job(int64_t job_id) override;
  std::vector<TaskRow> list_tasks(int64_t job_id, std::optional<model::TaskStatus> status, int64_t after_id,
                                  size_t most) override;

  // found.cpp
  std::vector<StoredFinding> list_findings(const FindingFilter& filter) override;
  std::vector<StoredColumn> list_columns(const FindingFilter& filter) override;

  // progress.cpp
  std::vector<ProgressRow> progress(int64_t job_id) override;
  QueueMetrics queue_metrics(std::string_view node_group) override;

  // retention.cpp
  size_t remove_old_tasks(int64_t keep_ms, size_t most) override;
  size_t remove_old_discoveries(size_t keep_runs, size_t most) override;

  void wait_for_change(std::string_view who, int64_t timeout_ms) override;
  void announce_change(std::string_view who) override;

 private:
  using Body = std::function<void(sql::Connection&)>;
  using Question = std::function<bool(sql::Connection&)>;

  // transactions.cpp
  /// A free connection, or core::Error(transient) after 30 s without one.
  sql::ConnectionPool::Lease connection();
  /// One read-write transaction. The body may run more than once: conflicts and lost connections before the commit are
  /// tried again, a bounded number of times. When nobody knows whether a commit happened, `was_recorded` is asked;
  /// without it the body runs again, and must come to the same result by its fence.
  void write(std::string_view operation, const Body& body, const Question& was_recorded = nullptr);
  template <typename Result>
  Result writing(std::string_view operation, const std::function<Result(sql::Connection&)>& body) {
    Result result{};
    write(operation, [&](sql::Connection& connection) { result = body(connection); });
    return result;
  }
  /// Single statements without a transaction, on a fresh connection once more when the old one turns out to be lost.
  template <typename Result>
  Result reading(const std::function<Result(sql::Connection&)>& body) {
    Result result{};
    read([&](sql::Connection& connection) { result = body(connection); });
    return result;
  }
  void read(const Body& body);

  // jobs.cpp
  struct HeldJob {
    int64_t id = 0;
    model::JobStatus status = model::JobStatus::queued;
    std::optional<model::JobCommand> pending_command;
    int64_t version = 0;
    std::string orchestrator_id, node_group;
  };
  /// Locks the job's row; nothing when its version is another: fenced off.
  std::optional<HeldJob> lock_job(sql::Connection& connection, int64_t job_id, int64_t version);
  std::optional<HeldJob> lock_job(sql::Connection& connection, int64_t job_id);
  void set_job_status(sql::Connection& connection, int64_t job_id, model::JobStatus status,
                      std::string_view error = {});
  /// No claim of the job's tasks is under way from here to the end of the transaction.
  void shut_out_claims(sql::Connection& connection, int64_t job_id);
  bool finish_draining(std::string_view operation, int64_t job_id, int64_t version, model::JobStatus from);
  void run_last_tasks_again(sql::Connection& connection, int64_t job_id, std::span<const int64_t> datasource_ids,
                            Counters& counters);

  // tasks_admit.cpp
  void insert_tasks(sql::Connection& connection, int64_t job_id, std::span<const model::NewTask> tasks,
                    Counters& counters);
  void insert_outputs(sql::Connection& connection, int64_t job_id, int64_t task_id,
                      std::span<const model::TaskOutput> outputs, Counters& counters);

  // tasks_claim.cpp
  struct Claim;
  void claim_from(sql::Connection& connection, const ClaimCandidate& job, Claim& claim);
  size_t claim_batch(sql::Connection& connection, const ClaimCandidate& job, Claim& claim, size_t most);
  void claim_isolated(sql::Connection& connection, std::span<const ClaimCandidate> jobs, Claim& claim);
  void claim_probe(sql::Connection& connection, std::span<const ClaimCandidate> jobs, Claim& claim);
  std::vector<ClaimCandidate> candidates(const ClaimRequest& request, bool fresh);
  std::vector<model::ClaimedTask> claim_once(const ClaimRequest& request, const std::vector<ClaimCandidate>& jobs);
  void give_back_doubtful_claims(std::string_view worker_id);
  size_t give_back(std::string_view operation, std::string_view worker_id, std::span<const model::ClaimedTask> tasks);

  // held_tasks.cpp
  /// A task whose fence held. The row is locked.
  struct HeldTask {
    int64_t id = 0, job_id = 0, epoch = 0, datasource_id = 0;
    int32_t attempt = 0, max_attempts = 0;
    bool isolated = false;
    size_t index = 0;  ///< of the entry that the caller gave
  };
  struct Fence {
    int64_t job_id = 0, task_id = 0, epoch = 0;
  };
  struct Fenced {
    std::vector<HeldTask> held;
    std::vector<size_t> recorded_before;  ///< indices: this worker ended them at this epoch already
  };
  Fenced lock_held_tasks(sql::Connection& connection, std::string_view worker_id, std::span<const Fence> fences);
  struct Ending {
    model::TaskEvent event = model::TaskEvent::fail;
    std::string_view error = {};
    int64_t retry_after_ms = 0;
    int64_t charge = 1;     ///< attempts
    bool isolated = false;  ///< from now on
    int64_t epoch_change = 0;
  };
  static void end_tasks(sql::Connection& connection, const Statements& text, std::span<const HeldTask> tasks,
                        std::span<const Ending> endings, Counters& counters);

  // tasks_complete.cpp
  Fenced complete_held_tasks(sql::Connection& connection, std::string_view worker_id, std::span<const Fence> fences);

  // results.cpp
  /// Of the tasks that are held: their objects, findings and columns. `order[held.index]` is the task's place.
  void write_results(sql::Connection& connection, std::span<const TaskCompletion> tasks, std::span<const size_t> order,
                     std::span<const HeldTask> held);
  std::string rule_set_of(sql::Connection& connection, int64_t job_id);

  // catalog_record.cpp
  /// Of the tasks that are held: what they tell the catalog. To be called behind write_results().
  void write_catalog(sql::Connection& connection, std::span<const TaskCompletion> tasks, std::span<const size_t> order,
                     std::span<const HeldTask> held);

  // parts.cpp
  /// Of the tasks that are held: the objects that they split, and the parts that they read.
  void write_parts(sql::Connection& connection, std::span<const TaskCompletion> tasks, std::span<const size_t> order,
                   std::span<const HeldTask> held, Counters& counters);
  static void add_split(sql::Connection& connection, int64_t job_id, int64_t datasource_id, const SplitObject& split);
  void add_part(sql::Connection& connection, const HeldTask& task, int64_t datasource_id, const ObjectPart& part,
                Counters& counters);
  static void insert_part_content(sql::Connection& connection, int64_t job_id, int64_t datasource_id,
                                  const std::string& key, const ObjectPart& part);
  void end_joined(sql::Connection& connection, const HeldTask& task, int64_t datasource_id, const JoinedParts& joined,
                  Counters& counters);
  static void insert_part_findings(sql::Connection& connection, const HeldTask& task, int64_t datasource_id,
                                   const std::string& key, const ObjectPart& part);
  /// Makes of the parts that are there what is known of their object. False: they do not fit together, and the object
  /// is to be read whole.
  bool join_parts(sql::Connection& connection, int64_t split_id, int64_t task_id, Counters& counters);
  /// Joins what there is of objects of which parts are missing, for the end of the job. False: there is more to do.
  bool settle_splits(sql::Connection& connection, int64_t job_id);

  // breakers.cpp
  std::vector<Breaker> cached_breakers(bool fresh);

  /// Milliseconds for what is kept in memory only: the simulation's clock where there is one.
  int64_t local_now_ms() const;
  void remember_group(int64_t job_id, std::string_view node_group);
  void announce_job(int64_t job_id);
  void announce_ready_tasks(int64_t job_id);
  std::string group_of(int64_t job_id);
  std::vector<TaskRow> task_rows(const sql::Rows& rows) const;
  std::vector<ProcessRow> list_processes(std::string_view sql);

  const StoreOptions options_;
  sql::ConnectionPool connections_;
  const sql::Dialect dialect_;
  const Statements text_;
  OperationLog log_;
  Changes changes_;
  std::mutex writer_;  ///< SQLite: writers of this process queue here instead of asking the file again and again

  std::mutex memory_mutex_;  ///< guards what follows
  ClaimOrder claim_order_;
  std::vector<std::pair<std::string, model::ClaimedTask>> doubtful_claims_;
  std::unordered_map<int64_t, std::string> group_of_job_, rule_set_of_job_;
  std::vector<Breaker> breakers_;
  int64_t breakers_read_at_ = 0;
  bool breakers_known_ = false;
  std::map<std::pair<int64_t, int64_t>, int64_t> unseen_scan_;  ///< where the walk for unseen objects stands
};

}  // namespace assay::store
