#pragma once

#include <string_view>

#include "store/store.h"

namespace assay::coordinate::simulation {

/// Sees what a process does with the store, and what comes of it. Its functions may throw, or run other processes.
class StoreWatcher {
 public:
  virtual ~StoreWatcher() = default;
  virtual void before(std::string_view operation) = 0;
  /// The transaction is over; the process has no answer yet.
  virtual void after(std::string_view operation) = 0;
  virtual void claimed_jobs(const std::vector<store::OwnedJob>& jobs) = 0;
  virtual void wrote_job(std::string_view operation, int64_t job_id, int64_t version) = 0;
  virtual void claimed_tasks(std::string_view worker_id, const std::vector<model::ClaimedTask>& tasks) = 0;
  virtual void recorded(std::string_view worker_id, std::span<const store::TaskCompletion> tasks,
                        const std::vector<int64_t>& ids) = 0;
};

/// One process's way to a store that is shared: every operation is announced before and after to the watcher. Both
/// must outlive it.
class ObservedStore final : public store::Store {
 public:
  ObservedStore(store::Store& inner, StoreWatcher& watcher) : inner_(inner), watcher_(watcher) {}

  sql::Dialect dialect() const override { return inner_.dialect(); }
  int64_t now_ms() override { return inner_.now_ms(); }
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
  secure::SecretStore& secrets() override { return inner_.secrets(); }  // no loop uses it
  store::SubmittedJob submit_job(const store::NewMasterJob& job) override;
  void register_worker(const store::ProcessIdentity& worker, int64_t ttl_ms) override;
  bool heartbeat_worker(std::string_view id, int64_t ttl_ms, bool draining) override;
  void unregister_worker(std::string_view id) override;
  void register_orchestrator(const store::ProcessIdentity& orchestrator, int64_t ttl_ms) override;
  bool heartbeat_orchestrator(std::string_view id, int64_t ttl_ms) override;
  void unregister_orchestrator(std::string_view id) override;
  std::vector<store::ProcessRow> list_workers() override;
  std::vector<store::ProcessRow> list_orchestrators() override;
  std::vector<store::OwnedJob> claim_jobs(std::string_view orchestrator_id, std::string_view node_group, size_t most,
                                          int64_t lease_ms) override;
  std::vector<int64_t> renew_leases(std::string_view orchestrator_id, std::span<const int64_t> job_ids,
                                    std::span<const int64_t> versions, int64_t lease_ms) override;
  bool execute_pending_command(int64_t job_id, int64_t version) override;
  bool transition_job_from_pausing_to_paused(int64_t job_id, int64_t version) override;
  bool finish_cancelling_job(int64_t job_id, int64_t version) override;
  bool finish_job_if_done(int64_t job_id, int64_t version) override;
  bool fail_job(int64_t job_id, int64_t version, std::string_view error) override;
  JobDigest digest_jobs(std::string_view orchestrator_id, int64_t since, std::span<const int64_t> also) override;
  std::vector<store::TaskRow> pending_tasks(int64_t job_id, size_t most) override;
  size_t admit_tasks(int64_t job_id, int64_t version, std::span<const int64_t> task_ids) override;
  std::vector<std::pair<int64_t, model::TaskOutput>> waiting_outputs(int64_t job_id, size_t most) override;
  bool replace_outputs(int64_t job_id, int64_t version, std::span<const int64_t> output_ids,
                       std::span<const model::NewTask> children, std::span<const model::TaskOutput> rest) override;
  size_t retry_due_tasks(size_t most) override;
  size_t rescue_tasks_of_dead_workers(size_t most) override;
  size_t fail_overdue_tasks(int64_t deadline_ms, size_t most) override;
  size_t remove_dead_processes(int64_t keep_ms) override;
  std::vector<model::ClaimedTask> claim_ready_tasks(const store::ClaimRequest& request) override;
  std::vector<int64_t> complete_tasks(std::string_view worker_id,
                                      std::span<const store::TaskCompletion> tasks) override;
  bool checkpoint_task(std::string_view worker_id, const store::TaskCompletion& part,
                       std::string_view work_packet) override;
  std::vector<int64_t> fail_tasks(std::string_view worker_id, std::span<const store::TaskFailure> tasks) override;
  size_t give_back_tasks(std::string_view worker_id, std::span<const model::ClaimedTask> tasks) override;
  std::string job_configuration(int64_t job_id) override;
  bool awaits_parts(int64_t job_id, int64_t datasource_id, std::string_view path) override;
  std::vector<store::WaitingPart> waiting_parts(int64_t job_id, int64_t datasource_id, std::string_view path) override;
  std::string part_content(int64_t job_id, int64_t datasource_id, std::string_view path, uint32_t number) override;
  std::vector<store::KnownObject> known_objects(int64_t datasource_id,
                                                std::span<const std::string_view> paths) override;
  size_t mark_unseen_objects_deleted(int64_t job_id, int64_t datasource_id, size_t most) override;
  int64_t record_vanished_tables(int64_t job_id, int64_t datasource_id, std::span<const std::string_view> roots,
                                 int64_t after_id, size_t most) override;
  void close_discovery_run(int64_t job_id, int64_t datasource_id) override;
  store::CatalogPage list_catalog_tables(const store::CatalogFilter& filter) override;
  std::vector<model::DiscoveryRun> list_discovery_runs(std::string_view datasource, size_t most) override;
  std::vector<model::CatalogChange> list_catalog_changes(const store::ChangeFilter& filter) override;
  Breaker record_source_outcome(int64_t datasource_id, bool ok, uint32_t threshold, int64_t open_ms) override;
  std::vector<Breaker> breakers() override;
  bool acquire_resources(std::string_view holder, std::span<const ResourceRequest> requests, int64_t ttl_ms) override;
  void release_resources(std::string_view holder) override;
  void renew_resources(std::span<const std::string_view> holders, int64_t ttl_ms) override;
  uint64_t resources_in_use(std::string_view key) override;
  void request_command(int64_t job_id, model::JobCommand command) override;
  size_t retry_dead_tasks(int64_t job_id, std::span<const int64_t> task_ids) override;
  std::vector<store::JobRow> list_jobs(size_t most) override;
  std::optional<store::JobRow> find_job(int64_t job_id) override;
  std::vector<store::TaskRow> list_tasks(int64_t job_id, std::optional<model::TaskStatus> status, int64_t after_id,
                                         size_t most) override;
  std::vector<store::ProgressRow> progress(int64_t job_id) override;
  std::vector<store::StoredFinding> list_findings(const store::FindingFilter& filter) override;
  std::vector<store::StoredColumn> list_columns(const store::FindingFilter& filter) override;
  void for_each_object(int64_t job_id, const std::function<void(const model::ObjectRecord&)>& visit) override;
  store::QueueMetrics queue_metrics(std::string_view node_group) override;
  size_t remove_old_tasks(int64_t keep_ms, size_t most) override;
  size_t remove_old_discoveries(size_t keep_runs, size_t most) override;
  /// Nobody waits in a simulation; the loops that threads run do.
  void wait_for_change(std::string_view who, int64_t timeout_ms) override { inner_.wait_for_change(who, timeout_ms); }
  void announce_change(std::string_view who) override { inner_.announce_change(who); }

 private:
  template <typename Operation>
  auto call(std::string_view name, Operation operation);

  store::Store& inner_;
  StoreWatcher& watcher_;
};

}  // namespace assay::coordinate::simulation
