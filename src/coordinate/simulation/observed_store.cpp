#include "coordinate/simulation/observed_store.h"

#include <type_traits>

namespace assay::coordinate::simulation {

template <typename Operation>
auto ObservedStore::call(std::string_view name, Operation operation) {
  watcher_.before(name);
  if constexpr (std::is_void_v<decltype(operation())>) {
    operation();
    watcher_.after(name);
  } else {
    auto result = operation();
    watcher_.after(name);
    return result;
  }
}

int64_t ObservedStore::add_datasource(const model::Datasource& source) {
  return call("add_datasource", [&] { return inner_.add_datasource(source); });
}

void ObservedStore::update_datasource(const model::Datasource& source) {
  return call("update_datasource", [&] { inner_.update_datasource(source); });
}

void ObservedStore::remove_datasource(std::string_view name) {
  return call("remove_datasource", [&] { inner_.remove_datasource(name); });
}

std::vector<model::Datasource> ObservedStore::list_datasources() {
  return call("list_datasources", [&] { return inner_.list_datasources(); });
}

std::optional<model::Datasource> ObservedStore::find_datasource(std::string_view name) {
  return call("find_datasource", [&] { return inner_.find_datasource(name); });
}

int64_t ObservedStore::add_template(std::string_view name, std::string_view definition_json) {
  return call("add_template", [&] { return inner_.add_template(name, definition_json); });
}

void ObservedStore::put_template(std::string_view name, std::string_view definition_json) {
  return call("put_template", [&] { inner_.put_template(name, definition_json); });
}

void ObservedStore::remove_template(std::string_view name) {
  return call("remove_template", [&] { inner_.remove_template(name); });
}

std::vector<std::pair<std::string, std::string>> ObservedStore::list_templates() {
  return call("list_templates", [&] { return inner_.list_templates(); });
}

std::optional<std::string> ObservedStore::find_template(std::string_view name) {
  return call("find_template", [&] { return inner_.find_template(name); });
}

void ObservedStore::put_rule_set(std::string_view hash, std::string_view definition) {
  return call("put_rule_set", [&] { inner_.put_rule_set(hash, definition); });
}

std::optional<std::string> ObservedStore::find_rule_set(std::string_view hash) {
  return call("find_rule_set", [&] { return inner_.find_rule_set(hash); });
}

store::SubmittedJob ObservedStore::submit_job(const store::NewMasterJob& job) {
  return call("submit_job", [&] { return inner_.submit_job(job); });
}

void ObservedStore::register_worker(const store::ProcessIdentity& worker, int64_t ttl_ms) {
  return call("register_worker", [&] { inner_.register_worker(worker, ttl_ms); });
}

bool ObservedStore::heartbeat_worker(std::string_view id, int64_t ttl_ms, bool draining) {
  return call("heartbeat_worker", [&] { return inner_.heartbeat_worker(id, ttl_ms, draining); });
}

void ObservedStore::unregister_worker(std::string_view id) {
  return call("unregister_worker", [&] { inner_.unregister_worker(id); });
}

void ObservedStore::register_orchestrator(const store::ProcessIdentity& orchestrator, int64_t ttl_ms) {
  return call("register_orchestrator", [&] { inner_.register_orchestrator(orchestrator, ttl_ms); });
}

bool ObservedStore::heartbeat_orchestrator(std::string_view id, int64_t ttl_ms) {
  return call("heartbeat_orchestrator", [&] { return inner_.heartbeat_orchestrator(id, ttl_ms); });
}

void ObservedStore::unregister_orchestrator(std::string_view id) {
  return call("unregister_orchestrator", [&] { inner_.unregister_orchestrator(id); });
}

std::vector<store::ProcessRow> ObservedStore::list_workers() {
  return call("list_workers", [&] { return inner_.list_workers(); });
}

std::vector<store::ProcessRow> ObservedStore::list_orchestrators() {
  return call("list_orchestrators", [&] { return inner_.list_orchestrators(); });
}

std::vector<store::OwnedJob> ObservedStore::claim_jobs(std::string_view orchestrator_id, std::string_view node_group,
                                                       size_t most, int64_t lease_ms) {
  return call("claim_jobs", [&] {
    auto result = inner_.claim_jobs(orchestrator_id, node_group, most, lease_ms);
    watcher_.claimed_jobs(result);
    return result;
  });
}

std::vector<int64_t> ObservedStore::renew_leases(std::string_view orchestrator_id, std::span<const int64_t> job_ids,
                                                 std::span<const int64_t> versions, int64_t lease_ms) {
  return call("renew_leases", [&] { return inner_.renew_leases(orchestrator_id, job_ids, versions, lease_ms); });
}

bool ObservedStore::execute_pending_command(int64_t job_id, int64_t version) {
  return call("execute_pending_command", [&] {
    auto result = inner_.execute_pending_command(job_id, version);
    if (result) watcher_.wrote_job("execute_pending_command", job_id, version);
    return result;
  });
}

bool ObservedStore::transition_job_from_pausing_to_paused(int64_t job_id, int64_t version) {
  return call("transition_job_from_pausing_to_paused", [&] {
    auto result = inner_.transition_job_from_pausing_to_paused(job_id, version);
    if (result) watcher_.wrote_job("transition_job_from_pausing_to_paused", job_id, version);
    return result;
  });
}

bool ObservedStore::finish_cancelling_job(int64_t job_id, int64_t version) {
  return call("finish_cancelling_job", [&] {
    auto result = inner_.finish_cancelling_job(job_id, version);
    if (result) watcher_.wrote_job("finish_cancelling_job", job_id, version);
    return result;
  });
}

bool ObservedStore::finish_job_if_done(int64_t job_id, int64_t version) {
  return call("finish_job_if_done", [&] {
    auto result = inner_.finish_job_if_done(job_id, version);
    if (result) watcher_.wrote_job("finish_job_if_done", job_id, version);
    return result;
  });
}

bool ObservedStore::fail_job(int64_t job_id, int64_t version, std::string_view error) {
  return call("fail_job", [&] {
    auto result = inner_.fail_job(job_id, version, error);
    if (result) watcher_.wrote_job("fail_job", job_id, version);
    return result;
  });
}

store::Store::JobDigest ObservedStore::digest_jobs(std::string_view orchestrator_id, int64_t since,
                                                   std::span<const int64_t> also) {
  return call("digest_jobs", [&] { return inner_.digest_jobs(orchestrator_id, since, also); });
}

std::vector<store::TaskRow> ObservedStore::pending_tasks(int64_t job_id, size_t most) {
  return call("pending_tasks", [&] { return inner_.pending_tasks(job_id, most); });
}

size_t ObservedStore::admit_tasks(int64_t job_id, int64_t version, std::span<const int64_t> task_ids) {
  return call("admit_tasks", [&] {
    auto result = inner_.admit_tasks(job_id, version, task_ids);
    if (result > 0) watcher_.wrote_job("admit_tasks", job_id, version);
    return result;
  });
}

std::vector<std::pair<int64_t, model::TaskOutput>> ObservedStore::waiting_outputs(int64_t job_id, size_t most) {
  return call("waiting_outputs", [&] { return inner_.waiting_outputs(job_id, most); });
}

bool ObservedStore::replace_outputs(int64_t job_id, int64_t version, std::span<const int64_t> output_ids,
                                    std::span<const model::NewTask> children, std::span<const model::TaskOutput> rest) {
  return call("replace_outputs", [&] {
    auto result = inner_.replace_outputs(job_id, version, output_ids, children, rest);
    if (result) watcher_.wrote_job("replace_outputs", job_id, version);
    return result;
  });
}

size_t ObservedStore::retry_due_tasks(size_t most) {
  return call("retry_due_tasks", [&] { return inner_.retry_due_tasks(most); });
}

size_t ObservedStore::rescue_tasks_of_dead_workers(size_t most) {
  return call("rescue_tasks_of_dead_workers", [&] { return inner_.rescue_tasks_of_dead_workers(most); });
}

size_t ObservedStore::fail_overdue_tasks(int64_t deadline_ms, size_t most) {
  return call("fail_overdue_tasks", [&] { return inner_.fail_overdue_tasks(deadline_ms, most); });
}

size_t ObservedStore::remove_dead_processes(int64_t keep_ms) {
  return call("remove_dead_processes", [&] { return inner_.remove_dead_processes(keep_ms); });
}

std::vector<model::ClaimedTask> ObservedStore::claim_ready_tasks(const store::ClaimRequest& request) {
  return call("claim_ready_tasks", [&] {
    auto result = inner_.claim_ready_tasks(request);
    watcher_.claimed_tasks(request.worker_id, result);
    return result;
  });
}

std::vector<int64_t> ObservedStore::complete_tasks(std::string_view worker_id,
                                                   std::span<const store::TaskCompletion> tasks) {
  return call("complete_tasks", [&] {
    auto result = inner_.complete_tasks(worker_id, tasks);
    watcher_.recorded(worker_id, tasks, result);
    return result;
  });
}

bool ObservedStore::checkpoint_task(std::string_view worker_id, const store::TaskCompletion& part,
                                    std::string_view work_packet) {
  return call("checkpoint_task", [&] { return inner_.checkpoint_task(worker_id, part, work_packet); });
}

std::vector<int64_t> ObservedStore::fail_tasks(std::string_view worker_id, std::span<const store::TaskFailure> tasks) {
  return call("fail_tasks", [&] { return inner_.fail_tasks(worker_id, tasks); });
}

size_t ObservedStore::give_back_tasks(std::string_view worker_id, std::span<const model::ClaimedTask> tasks) {
  return call("give_back_tasks", [&] { return inner_.give_back_tasks(worker_id, tasks); });
}

std::string ObservedStore::job_configuration(int64_t job_id) {
  return call("job_configuration", [&] { return inner_.job_configuration(job_id); });
}

std::vector<store::WaitingPart> ObservedStore::waiting_parts(int64_t job_id, int64_t datasource_id,
                                                             std::string_view path) {
  return call("waiting_parts", [&] { return inner_.waiting_parts(job_id, datasource_id, path); });
}
std::string ObservedStore::part_content(int64_t job_id, int64_t datasource_id, std::string_view path, uint32_t number) {
  return call("part_content", [&] { return inner_.part_content(job_id, datasource_id, path, number); });
}
bool ObservedStore::awaits_parts(int64_t job_id, int64_t datasource_id, std::string_view path) {
  return call("awaits_parts", [&] { return inner_.awaits_parts(job_id, datasource_id, path); });
}

std::vector<store::KnownObject> ObservedStore::known_objects(int64_t datasource_id,
                                                             std::span<const std::string_view> paths) {
  return call("known_objects", [&] { return inner_.known_objects(datasource_id, paths); });
}

size_t ObservedStore::mark_unseen_objects_deleted(int64_t job_id, int64_t datasource_id, size_t most) {
  return call("mark_unseen_objects_deleted",
              [&] { return inner_.mark_unseen_objects_deleted(job_id, datasource_id, most); });
}

int64_t ObservedStore::record_vanished_tables(int64_t job_id, int64_t datasource_id,
                                              std::span<const std::string_view> roots, int64_t after_id, size_t most) {
  return call("record_vanished_tables",
              [&] { return inner_.record_vanished_tables(job_id, datasource_id, roots, after_id, most); });
}

void ObservedStore::close_discovery_run(int64_t job_id, int64_t datasource_id) {
  return call("close_discovery_run", [&] { inner_.close_discovery_run(job_id, datasource_id); });
}

store::CatalogPage ObservedStore::list_catalog_tables(const store::CatalogFilter& filter) {
  return call("list_catalog_tables", [&] { return inner_.list_catalog_tables(filter); });
}

std::vector<model::DiscoveryRun> ObservedStore::list_discovery_runs(std::string_view datasource, size_t most) {
  return call("list_discovery_runs", [&] { return inner_.list_discovery_runs(datasource, most); });
}

std::vector<model::CatalogChange> ObservedStore::list_catalog_changes(const store::ChangeFilter& filter) {
  return call("list_catalog_changes", [&] { return inner_.list_catalog_changes(filter); });
}

store::Store::Breaker ObservedStore::record_source_outcome(int64_t datasource_id, bool ok, uint32_t threshold,
                                                           int64_t open_ms) {
  return call("record_source_outcome",
              [&] { return inner_.record_source_outcome(datasource_id, ok, threshold, open_ms); });
}

std::vector<store::Store::Breaker> ObservedStore::breakers() {
  return call("breakers", [&] { return inner_.breakers(); });
}

bool ObservedStore::acquire_resources(std::string_view holder, std::span<const ResourceRequest> requests,
                                      int64_t ttl_ms) {
  return call("acquire_resources", [&] { return inner_.acquire_resources(holder, requests, ttl_ms); });
}

void ObservedStore::release_resources(std::string_view holder) {
  return call("release_resources", [&] { inner_.release_resources(holder); });
}

void ObservedStore::renew_resources(std::span<const std::string_view> holders, int64_t ttl_ms) {
  return call("renew_resources", [&] { inner_.renew_resources(holders, ttl_ms); });
}

uint64_t ObservedStore::resources_in_use(std::string_view key) {
  return call("resources_in_use", [&] { return inner_.resources_in_use(key); });
}

void ObservedStore::request_command(int64_t job_id, model::JobCommand command) {
  return call("request_command", [&] { inner_.request_command(job_id, command); });
}

size_t ObservedStore::retry_dead_tasks(int64_t job_id, std::span<const int64_t> task_ids) {
  return call("retry_dead_tasks", [&] { return inner_.retry_dead_tasks(job_id, task_ids); });
}

std::vector<store::JobRow> ObservedStore::list_jobs(size_t most) {
  return call("list_jobs", [&] { return inner_.list_jobs(most); });
}

std::optional<store::JobRow> ObservedStore::find_job(int64_t job_id) {
  return call("find_job", [&] { return inner_.find_job(job_id); });
}

std::vector<store::TaskRow> ObservedStore::list_tasks(int64_t job_id, std::optional<model::TaskStatus> status,
                                                      int64_t after_id, size_t most) {
  return call("list_tasks", [&] { return inner_.list_tasks(job_id, status, after_id, most); });
}

std::vector<store::ProgressRow> ObservedStore::progress(int64_t job_id) {
  return call("progress", [&] { return inner_.progress(job_id); });
}

std::vector<store::StoredFinding> ObservedStore::list_findings(const store::FindingFilter& filter) {
  return call("list_findings", [&] { return inner_.list_findings(filter); });
}

std::vector<store::StoredColumn> ObservedStore::list_columns(const store::FindingFilter& filter) {
  return call("list_columns", [&] { return inner_.list_columns(filter); });
}

void ObservedStore::for_each_object(int64_t job_id, const std::function<void(const model::ObjectRecord&)>& visit) {
  return call("for_each_object", [&] { inner_.for_each_object(job_id, visit); });
}

store::QueueMetrics ObservedStore::queue_metrics(std::string_view node_group) {
  return call("queue_metrics", [&] { return inner_.queue_metrics(node_group); });
}

size_t ObservedStore::remove_old_tasks(int64_t keep_ms, size_t most) {
  return call("remove_old_tasks", [&] { return inner_.remove_old_tasks(keep_ms, most); });
}

size_t ObservedStore::remove_old_discoveries(size_t keep_runs, size_t most) {
  return call("remove_old_discoveries", [&] { return inner_.remove_old_discoveries(keep_runs, most); });
}

}  // namespace assay::coordinate::simulation
