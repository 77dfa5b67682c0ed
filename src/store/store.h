#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/catalog.h"
#include "model/datasource.h"
#include "model/finding.h"
#include "model/table_profile.h"
#include "model/work.h"
#include "secure/secret_store.h"
#include "sql/connection.h"

/// The system's own database. Every operation is one transaction and is named for what it means; docs/operations.md
/// says of each which rows it reads and writes, and what fences it. Times are milliseconds since 1970 by the database's
/// clock.
namespace assay::store {

struct StoreOptions {
  std::string url = "sqlite::memory:";  ///< as sql::ConnectOptions
  unsigned connections = 8;
  std::string application_name = "assay";
  bool durable = true;
  std::function<int64_t()> now_ms;  ///< SQLite only; for simulations
  /// Who did which operation on which task at which epoch, as JSON lines (docs/operations.md); "": what the environment
  /// variable ASSAY_OPERATION_LOG says, else none.
  std::string operation_log_path;
};

// ---- who runs -----------------------------------------------------------------------------------------------------

/// A process of one kind, alive once. `id` is new at every start; a name may come back.
struct ProcessIdentity {
  std::string id;    ///< random UUID
  std::string name;  ///< of the user's choosing, or host-pid
  std::string node_group = "default";
  std::string host;
  int64_t pid = 0;
};
struct ProcessRow {
  ProcessIdentity identity;
  int64_t started_at = 0, heartbeat_at = 0, expires_at = 0;
  bool draining = false;
};

// ---- jobs ---------------------------------------------------------------------------------------------------------

struct NewChildJob {
  std::string node_group;
  std::string configuration = {};  ///< self-contained JSON
  std::vector<model::NewTask> first_tasks = {};
};
struct NewMasterJob {
  std::string kind = "scan";
  std::string template_name;    ///< "" for a job without template
  std::string idempotency_key;  ///< "": none. A second job with the key is the first
  std::string requested_by;
  std::string correlation_id;
  int32_t priority = 0;       ///< lower runs first
  std::string rule_set_hash;  ///< of a rule set put with put_rule_set; "" none
  int32_t max_attempts = 5;   ///< of each task, before it is dead
  std::vector<NewChildJob> children;
};
struct SubmittedJob {
  int64_t master_job_id = 0;
  std::vector<int64_t> job_ids;
  bool existed = false;  ///< the idempotency key was known
};

/// A job as its orchestrator holds it: every write checks `version`.
struct OwnedJob {
  int64_t id = 0;
  int64_t version = 0;
  std::string kind;
  model::JobStatus status = model::JobStatus::queued;
  std::optional<model::JobCommand> pending_command;
  int32_t priority = 0;
  std::string configuration;
};

struct JobRow {
  int64_t id = 0, master_job_id = 0;
  std::string node_group, kind, template_name;
  model::JobStatus status = model::JobStatus::queued;
  int32_t priority = 0;
  std::optional<model::JobCommand> pending_command;
  std::string orchestrator_id;  ///< "" none
  int64_t orchestrator_lease_expiry = 0;
  int64_t version = 0;
  std::string error;
  int64_t created_at = 0, started_at = 0, finished_at = 0;
};

// ---- tasks --------------------------------------------------------------------------------------------------------

struct ClaimRequest {
  std::string worker_id;
  std::string node_group;
  std::vector<std::string> kinds = {};  ///< of the handlers that the worker has
  size_t most = 200;
  bool may_take_isolated = false;  ///< the worker has nothing else in work: one isolated task may come instead
};

/// What an attempt left behind, to be recorded with the task's completion in one transaction, or not at all.
struct ObjectResult {
  model::ObjectRecord record;  ///< of the object or of a member of it
  int64_t mtime_ns = 0;
  std::string change_id;     ///< what else tells that an object changed (inode and ctime; an ETag); "" none
  std::string content_hash;  ///< "" not computed
};

/// An object that other tasks of the job read part by part. Until all have, or the job ends without them, everything
/// that an earlier scan said of the object stands; then what the parts say replaces it in one transaction.
struct SplitObject {
  ObjectResult object;  ///< its verdict and its count of findings are those of the parts
  uint32_t parts = 0;
  uint64_t most_met = 0;    ///< findings of all parts together, with suppressed ones, that may be joined
  uint64_t most_kept = 0;   ///< findings that are kept
  std::string too_many;     ///< the reason of the verdict LIMIT when there are more
  model::TaskOutput whole;  ///< what is to be done when the parts do not fit together: they are forgotten then
  /// What is to be done when all parts are there: a task that reads what they left and says what the whole is
  /// (JoinedParts). Nothing: their findings are those of the whole.
  std::optional<model::TaskOutput> join = {};
};

/// What one part of a split object says. Places count from the part's begin; its first line is 1.
struct ObjectPart {
  std::string object;     ///< path
  std::string change_id;  ///< as the split object has it; a part of another state of the object is dropped
  uint32_t number = 0;    ///< 0 for the first
  uint64_t begin = 0, bytes = 0;
  model::Verdict verdict = {};
  bool is_measured = false;  ///< what follows is known, so that the places of the next parts are
  uint64_t text_bytes = 0, code_points = 0, newlines = 0;
  uint64_t tail_code_points = 0;  ///< behind the last newline
  std::string encoding = {};      ///< "" fits all; parts with different ones do not fit together
  bool fits = true;
  uint64_t met = 0, findings = 0;         ///< with and without the suppressed ones
  std::vector<model::Finding> kept = {};  ///< of these the first, at most most_kept
  std::string content = {};               ///< for the task that joins; no raw value can be read from it
};

/// A part that waits for the others.
struct WaitingPart {
  uint32_t number = 0;
  uint64_t bytes = 0;
  model::Verdict verdict;
  uint64_t newlines = 0, findings = 0;
};

/// What a task that joins parts found of them. Its completion holds what they say of the object.
struct JoinedParts {
  std::string object;  ///< path
  bool fit = true;     ///< false: they are forgotten, and SplitObject::whole is done
};

/// What a source says of an object that is a table.
struct DescribedTable {
  std::string object;  ///< path
  model::TableDescription description;
};

struct TaskCompletion {
  int64_t task_id = 0, job_id = 0, epoch = 0;
  int64_t datasource_id = 0;
  std::vector<model::TaskOutput> outputs;
  std::vector<ObjectResult> objects;  ///< replaces these objects' rows, members, findings and columns
  std::vector<model::Finding> findings;
  std::vector<model::ColumnFinding> columns;
  std::vector<std::string> seen_objects;  ///< paths found unchanged: marked as seen by this job
  std::vector<SplitObject> splits;
  std::vector<ObjectPart> parts;
  std::vector<JoinedParts> joined;
  std::vector<DescribedTable> tables;         ///< for the catalog, whether the object was read or is unchanged
  std::vector<model::TableProfile> profiles;  ///< of tables in what was read; of the catalog too
  bool profiles_files = false;                ///< a table in a file that was read has a profile, or is not there
  bool is_discovery = false;                  ///< the task looks for what there is: the source's run begins
  model::ProgressDelta progress;
};
struct TaskFailure {
  int64_t task_id = 0, job_id = 0, epoch = 0;
  model::FailureKind kind = model::FailureKind::transient;
  std::string error;           ///< no value of the data
  int64_t retry_after_ms = 0;  ///< what backoff says
};

struct TaskRow {
  int64_t id = 0, job_id = 0, parent_task_id = 0, datasource_id = 0;
  std::string kind;
  model::TaskStatus status = model::TaskStatus::pending;
  int32_t priority = 0, attempt = 0;
  int64_t epoch = 0;
  std::string worker_id, error;
  uint64_t items = 0, bytes = 0;
  int64_t not_before = 0, created_at = 0, claimed_at = 0, finished_at = 0;
};

/// Counters of a job, kept by every transaction that moves a task.
struct ProgressRow {
  int64_t job_id = 0, datasource_id = 0;
  uint64_t pending = 0, ready = 0, running = 0, completed = 0, failed = 0, dead = 0;
  uint64_t outputs_waiting = 0;
  uint64_t retries = 0, rescues = 0;
  model::ProgressDelta work;
};

/// An object as the last scan left it.
struct KnownObject {
  std::string path;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  std::string change_id, content_hash;
  std::string rule_set_hash;
  bool complete = false;  ///< its verdict was a complete one
};

struct FindingFilter {
  int64_t job_id = 0;  ///< 0: any
  /// Of a job: only what it found itself. Else also what earlier jobs found in objects that it saw unchanged.
  bool new_only = false;
  std::string datasource = {}, entity = {}, path_prefix = {};
  double min_confidence = 0;
  int64_t after_id = 0;  ///< pages: findings with a greater id
  size_t most = 1000;
};
struct StoredFinding {
  int64_t id = 0, job_id = 0, datasource_id = 0;
  model::Finding finding;
};

struct StoredColumn {
  int64_t id = 0, job_id = 0, datasource_id = 0;
  model::ColumnFinding column;
};

/// Where a page of the catalog ends: sources in the order of their ids, tables in that of their objects.
struct CatalogPosition {
  int64_t datasource_id = 0;
  std::string object_key, table_key;
};
struct CatalogFilter {
  std::string datasource = {};  ///< name; "": all
  std::string name = {};        ///< schema.name, name, path, or name within the file; "": any
  bool is_sensitive = false;    ///< only tables of which a column has a verdict
  bool with_vanished = false;   ///< also what is gone
  bool with_columns = false;    ///< with columns, profiles and verdicts
  CatalogPosition after = {};   ///< pages: what stands behind it
  size_t most = 500;            ///< with columns, fewer are a page
};
struct CatalogPage {
  std::vector<model::CatalogTable> tables;
  std::optional<CatalogPosition> next;  ///< of the next page; nothing: there is none
};
struct ChangeFilter {
  std::string datasource;             ///< name
  int64_t after_run = 0, to_run = 0;  ///< of runs behind the first, up to the second
  int64_t last_run = 0, last_id = 0;  ///< pages: changes behind this one
  size_t most = 1000;
};

struct QueueMetrics {  ///< for /metrics; from counters and small tables only
  uint64_t pending = 0, ready = 0, running = 0, failed = 0, dead = 0;
  uint64_t queued_jobs = 0, running_jobs = 0;
  uint64_t live_workers = 0, live_orchestrators = 0;
};

struct SchemaStatus {
  int version = 0, newest = 0;
  std::vector<std::pair<int, std::string>> applied;  ///< number and name
};

class Store {
 public:
  /// Opens, and checks the schema: throws core::Error(bad_input) for a database of another product, a newer schema
  /// (says which Assay it needs) or one that wants `assay db migrate` first. `create`: migrate at once instead.
  static std::unique_ptr<Store> open(const StoreOptions& options, bool create);
  static SchemaStatus schema_status(const StoreOptions& options);
  static SchemaStatus migrate(const StoreOptions& options);
  virtual ~Store() = default;

  virtual sql::Dialect dialect() const = 0;
  virtual int64_t now_ms() = 0;  ///< the database's clock

  // -- sources, templates, rule sets
  virtual int64_t add_datasource(const model::Datasource& source) = 0;  ///< bad_input when the name is taken
  virtual void update_datasource(const model::Datasource& source) = 0;
  virtual void remove_datasource(std::string_view name) = 0;  ///< bad_input while a job that is not over uses it
  virtual std::vector<model::Datasource> list_datasources() = 0;
  virtual std::optional<model::Datasource> find_datasource(std::string_view name) = 0;
  virtual int64_t add_template(std::string_view name, std::string_view definition_json) = 0;
  /// New, or in the place of the one that has the name.
  virtual void put_template(std::string_view name, std::string_view definition_json) = 0;
  virtual void remove_template(std::string_view name) = 0;
  virtual std::vector<std::pair<std::string, std::string>> list_templates() = 0;  ///< name, definition
  virtual std::optional<std::string> find_template(std::string_view name) = 0;
  virtual void put_rule_set(std::string_view hash,
                            std::string_view definition) = 0;  ///< content-addressed; twice is once
  virtual std::optional<std::string> find_rule_set(std::string_view hash) = 0;

  /// Keys and credentials, sealed; as long as the store.
  virtual secure::SecretStore& secrets() = 0;

  // -- composer
  virtual SubmittedJob submit_job(const NewMasterJob& job) = 0;

  // -- processes
  virtual void register_worker(const ProcessIdentity& worker, int64_t ttl_ms) = 0;
  /// False: this worker is not known any more (its tasks were given to others): stop at once.
  virtual bool heartbeat_worker(std::string_view id, int64_t ttl_ms, bool draining) = 0;
  virtual void unregister_worker(std::string_view id) = 0;  ///< gives back what it holds, without charge
  virtual void register_orchestrator(const ProcessIdentity& orchestrator, int64_t ttl_ms) = 0;
  virtual bool heartbeat_orchestrator(std::string_view id, int64_t ttl_ms) = 0;
  virtual void unregister_orchestrator(std::string_view id) = 0;  ///< its jobs can be taken at once
  virtual std::vector<ProcessRow> list_workers() = 0;
  virtual std::vector<ProcessRow> list_orchestrators() = 0;

  // -- orchestrator: jobs
  /// QUEUED jobs of the group, best first, and jobs whose lease ran out: taken, version + 1, a QUEUED one RUNNING.
  virtual std::vector<OwnedJob> claim_jobs(std::string_view orchestrator_id, std::string_view node_group, size_t most,
                                           int64_t lease_ms) = 0;
  /// Renews every lease in one statement; the ids of those that are still held at their version.
  virtual std::vector<int64_t> renew_leases(std::string_view orchestrator_id, std::span<const int64_t> job_ids,
                                            std::span<const int64_t> versions, int64_t lease_ms) = 0;
  /// Applies the pending command by the state machine and clears it, in one transaction. False: fenced off.
  virtual bool execute_pending_command(int64_t job_id, int64_t version) = 0;
  virtual bool transition_job_from_pausing_to_paused(int64_t job_id, int64_t version) = 0;  ///< when nothing runs
  virtual bool finish_cancelling_job(int64_t job_id, int64_t version) = 0;                  ///< when nothing runs
  /// COMPLETED, or FAILED when tasks are dead; only when no task is unfinished and no output waits. False: not yet, or
  /// fenced off.
  virtual bool finish_job_if_done(int64_t job_id, int64_t version) = 0;
  virtual bool fail_job(int64_t job_id, int64_t version, std::string_view error) = 0;
  /// Whether a job has a pending command, and whether it needs the monitor (PAUSING or CANCELLING with nothing running,
  /// RUNNING with nothing left), the pipeliner (outputs wait) or the assigner (tasks PENDING).
  struct JobNeeds {
    int64_t job_id = 0;
    int64_t changes = 0;  ///< another number whenever one of the job's counters moved
    bool command = false, monitor = false, pipeliner = false, assigner = false;
  };
  struct JobDigest {
    int64_t mark = 0;            ///< for the next question
    std::vector<JobNeeds> jobs;  ///< in the order of their ids, also those that need nobody
  };
  /// Of the jobs held: those whose counters changed since the answer with the mark `since`, those that have a pending
  /// command, and those in `also`; all with 0. One statement, which costs what changed, not what is held. Never misses
  /// a change, may tell of one twice.
  virtual JobDigest digest_jobs(std::string_view orchestrator_id, int64_t since, std::span<const int64_t> also) = 0;

  // -- orchestrator: tasks
  virtual std::vector<TaskRow> pending_tasks(int64_t job_id, size_t most) = 0;
  /// PENDING -> READY. How many were. Fenced by the job's version.
  virtual size_t admit_tasks(int64_t job_id, int64_t version, std::span<const int64_t> task_ids) = 0;
  virtual std::vector<std::pair<int64_t, model::TaskOutput>> waiting_outputs(int64_t job_id, size_t most) = 0;
  /// Removes the outputs and adds their children in one transaction, fenced. False: fenced off, or an output was gone.
  virtual bool replace_outputs(int64_t job_id, int64_t version, std::span<const int64_t> output_ids,
                               std::span<const model::NewTask> children, std::span<const model::TaskOutput> rest) = 0;

  // -- reaper; any orchestrator may run these at any time
  virtual size_t retry_due_tasks(size_t most) = 0;  ///< FAILED whose not_before has come -> READY
  /// RUNNING tasks of workers whose heartbeat expired -> READY, epoch + 1. One that ran alone is charged an attempt,
  /// and is DEAD when they are used up; others are marked isolated and not charged.
  virtual size_t rescue_tasks_of_dead_workers(size_t most) = 0;
  /// RUNNING tasks claimed longer ago than their deadline allows: failed as transient.
  virtual size_t fail_overdue_tasks(int64_t deadline_ms, size_t most) = 0;
  virtual size_t remove_dead_processes(int64_t keep_ms) = 0;

  // -- worker
  virtual std::vector<model::ClaimedTask> claim_ready_tasks(const ClaimRequest& request) = 0;
  /// One transaction for all; the ids of those recorded. One that is missing was lost: its fence had moved.
  virtual std::vector<int64_t> complete_tasks(std::string_view worker_id, std::span<const TaskCompletion> tasks) = 0;
  /// What a task has done so far: outputs, objects and progress are recorded as with its completion, and the packet is
  /// what another attempt would begin with. False: the task was lost.
  virtual bool checkpoint_task(std::string_view worker_id, const TaskCompletion& part,
                               std::string_view work_packet) = 0;
  virtual std::vector<int64_t> fail_tasks(std::string_view worker_id, std::span<const TaskFailure> tasks) = 0;
  /// Claimed but not begun: READY again, not charged.
  virtual size_t give_back_tasks(std::string_view worker_id, std::span<const model::ClaimedTask> tasks) = 0;
  virtual std::string job_configuration(int64_t job_id) = 0;
  virtual std::vector<KnownObject> known_objects(int64_t datasource_id, std::span<const std::string_view> paths) = 0;
  /// False: what parts of the object say would be dropped, since they do not fit together.
  virtual bool awaits_parts(int64_t job_id, int64_t datasource_id, std::string_view path) = 0;
  /// The parts that are there, by number.
  virtual std::vector<WaitingPart> waiting_parts(int64_t job_id, int64_t datasource_id, std::string_view path) = 0;
  /// ObjectPart::content; "" when the part is not there.
  virtual std::string part_content(int64_t job_id, int64_t datasource_id, std::string_view path, uint32_t number) = 0;
  /// Objects of the datasource that no task of the job saw: marked as deleted, their findings removed, `most` at a
  /// time.
  virtual size_t mark_unseen_objects_deleted(int64_t job_id, int64_t datasource_id, size_t most) = 0;
  /// Tables of the datasource that neither the job nor a later one saw, in objects that they did not see: vanished, if
  /// they lie below one of `roots` and not below what the job left out. `most` of them are looked at, behind
  /// `after_id`; where to go on, 0 at the end. Only for a job that enumerated all that it was asked to.
  virtual int64_t record_vanished_tables(int64_t job_id, int64_t datasource_id, std::span<const std::string_view> roots,
                                         int64_t after_id, size_t most) = 0;
  /// The run of a source that was enumerated in full is over.
  virtual void close_discovery_run(int64_t job_id, int64_t datasource_id) = 0;

  // -- circuit breaker, by datasource
  struct Breaker {
    int64_t datasource_id = 0;
    model::BreakerState state = model::BreakerState::closed;
    uint32_t failures = 0;
    int64_t open_until = 0;
  };
  virtual Breaker record_source_outcome(int64_t datasource_id, bool ok, uint32_t threshold, int64_t open_ms) = 0;
  virtual std::vector<Breaker> breakers() = 0;

  // -- resource leases (coordinate/resources): all or nothing
  struct ResourceRequest {
    std::string key;  ///< as "datasource/7/tasks"
    uint64_t amount = 0, limit = 0;
  };
  virtual bool acquire_resources(std::string_view holder, std::span<const ResourceRequest> requests,
                                 int64_t ttl_ms) = 0;
  virtual void release_resources(std::string_view holder) = 0;
  virtual void renew_resources(std::span<const std::string_view> holders, int64_t ttl_ms) = 0;
  virtual uint64_t resources_in_use(std::string_view key) = 0;

  // -- ways in
  virtual void request_command(int64_t job_id, model::JobCommand command) = 0;  ///< bad_input when the state forbids it
  virtual size_t retry_dead_tasks(int64_t job_id,
                                  std::span<const int64_t> task_ids) = 0;  ///< empty: all; job QUEUED again
  virtual std::vector<JobRow> list_jobs(size_t most) = 0;
  virtual std::optional<JobRow> find_job(int64_t job_id) = 0;
  virtual std::vector<TaskRow> list_tasks(int64_t job_id, std::optional<model::TaskStatus> status, int64_t after_id,
                                          size_t most) = 0;
  virtual std::vector<ProgressRow> progress(int64_t job_id) = 0;                      ///< one a datasource
  virtual std::vector<StoredFinding> list_findings(const FindingFilter& filter) = 0;  ///< in the order of their ids
  virtual std::vector<StoredColumn> list_columns(const FindingFilter& filter) = 0;    ///< the same of column findings
  virtual void for_each_object(int64_t job_id, const std::function<void(const model::ObjectRecord&)>& visit) = 0;
  virtual QueueMetrics queue_metrics(std::string_view node_group) = 0;

  // -- catalog
  virtual CatalogPage list_catalog_tables(const CatalogFilter& filter) = 0;
  /// The newest first.
  virtual std::vector<model::DiscoveryRun> list_discovery_runs(std::string_view datasource, size_t most) = 0;
  virtual std::vector<model::CatalogChange> list_catalog_changes(const ChangeFilter& filter) = 0;

  // -- retention
  /// Tasks and outputs of jobs that ended more than `keep_ms` ago, `most` at a time.
  virtual size_t remove_old_tasks(int64_t keep_ms, size_t most) = 0;
  /// Of each source the catalog keeps its last `keep_runs` runs: the changes of others, and tables that none of these
  /// saw. Of sources that were removed, nothing is kept. `most` rows at a time.
  virtual size_t remove_old_discoveries(size_t keep_runs, size_t most) = 0;

  /// Blocks until something may have changed that `who` waits for ("tasks/<group>", "jobs/<group>", "job/<id>"), or the
  /// time is up. Only shortens waits: nothing depends on it.
  virtual void wait_for_change(std::string_view who, int64_t timeout_ms) = 0;
  virtual void announce_change(std::string_view who) = 0;
};

}  // namespace assay::store
