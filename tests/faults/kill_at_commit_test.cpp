// kill -9 of a worker, an orchestrator or a command, just before and just after each commit that it makes. Whatever the
// point, others end the job, with everything found once.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "tests/faults/world.h"

namespace assay::tests {
namespace {

const std::string first_file = ScannedTree::name_of(0);
const std::string at_first_file = "examine." + first_file;

/// What happens around the death, and how the job ends.
struct Episode {
  Cluster& cluster;
  std::string point;  ///< where the victim dies
  int visit = 1;      ///< and when

  std::string deadly() const { return fmt::format("{}=kill:{}", point, visit); }
  // Victims are in a hurry, so that they come to their heartbeats and renewals.
  void victim_worker(const std::string& more = {}) {
    auto environment = hurried;
    environment["ASSAY_WORKER_CONCURRENCY"] = "1";
    cluster.start_worker({.name = "victim", .faults = more + deadly(), .environment = std::move(environment)});
  }
  void victim_orchestrator() {
    cluster.start_orchestrator({.name = "victim", .faults = deadly(), .environment = hurried});
  }
  /// Until it has died and nothing counts any more of what it held.
  void wait_for_the_victim() {
    cluster.wait_for_death("victim");
    cluster.expire("victim");
  }
  int64_t running() const { return cluster.number("SELECT COUNT(*) FROM tasks WHERE status = 'RUNNING'"); }
};

using Scenario = std::string (*)(Episode&);  // says how the job has to end; "" as the scenario has seen to it itself

struct Case {
  const char* operation;
  Scenario scenario;
  int visit = 1;
};

// -- workers: they die alone, then another one comes

int64_t begin(Episode& run) {
  run.cluster.start_orchestrator({.name = "orchestrator"});
  return run.cluster.start_job();
}

std::string worker_dies(Episode& run) {
  begin(run);
  run.victim_worker();
  run.wait_for_the_victim();
  run.cluster.start_worker({.name = "worker"});
  return "COMPLETED";
}

/// In the middle of its work, however long that takes.
std::string worker_dies_at_work(Episode& run) {
  begin(run);
  run.victim_worker(at_first_file + "=hold,");
  run.wait_for_the_victim();
  run.cluster.start_worker({.name = "worker"});
  return "COMPLETED";
}

std::string worker_dies_while_it_fails(Episode& run) {
  begin(run);
  run.victim_worker(at_first_file + "=throw:1,");
  run.wait_for_the_victim();
  run.cluster.start_worker({.name = "worker"});
  return "COMPLETED";
}

std::string worker_dies_while_it_drains(Episode& run) {
  begin(run);
  run.victim_worker(at_first_file + "=hold,");
  run.cluster.wait_until_held("victim", at_first_file);
  run.cluster.wait_until("packs that were claimed and not begun", [&] {
    return run.cluster.number("SELECT COUNT(*) FROM tasks WHERE status = 'RUNNING' AND kind = 'scan.examine'") >= 2;
  });
  run.cluster.process("victim").signal(SIGTERM);
  run.cluster.wait_until("the drain", [&] {
    return !run.cluster.process("victim").is_running() ||
           run.cluster.number("SELECT COUNT(*) FROM workers WHERE draining") > 0;
  });
  run.cluster.let_go("victim", at_first_file);
  run.wait_for_the_victim();
  run.cluster.start_worker({.name = "worker"});
  return "COMPLETED";
}

// -- orchestrators: they die alone, then another one comes

/// A worker that waits at the first file, so that the job lasts until the victim is dead.
std::string orchestrator_dies(Episode& run) {
  run.cluster.start_worker({.name = "worker", .faults = at_first_file + "=hold"});
  run.cluster.start_job();
  run.victim_orchestrator();
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  run.cluster.wait_until_held("worker", at_first_file);
  run.cluster.let_go("worker", at_first_file);
  return "COMPLETED";
}

std::string orchestrator_dies_at_the_end(Episode& run) {
  run.cluster.start_worker({.name = "worker"});
  run.cluster.start_job();
  run.victim_orchestrator();
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  return "COMPLETED";
}

/// More runs in the catalog than are kept.
std::string orchestrator_dies_with_old_runs(Episode& run) {
  run.cluster.ask(
      "INSERT INTO discovery_history (datasource_id, job_id, started_at) SELECT id, -n, 1 FROM datasources, "
      "generate_series(1, 150) AS n");
  return orchestrator_dies(run);
}

std::string orchestrator_dies_with_a_budget(Episode& run) {
  run.cluster.ask("UPDATE datasources SET concurrent_tasks = 1");
  return orchestrator_dies_at_the_end(run);
}

/// Budgets are renewed every ten seconds.
std::string orchestrator_dies_with_a_long_task(Episode& run) {
  run.cluster.ask("UPDATE datasources SET concurrent_tasks = 1");
  run.cluster.start_worker({.name = "worker", .faults = at_first_file + "=hold"});
  run.cluster.start_job();
  run.victim_orchestrator();
  run.cluster.wait_until_held("worker", at_first_file);
  run.wait_for_the_victim();
  run.cluster.let_go("worker", at_first_file);
  run.cluster.start_orchestrator({.name = "orchestrator"});
  return "COMPLETED";
}

/// What waits for the reaper when the victim begins.
std::string orchestrator_dies_with_failed_tasks(Episode& run) {
  begin(run);
  const std::string at_failure = "fail_tasks.before_commit";
  run.cluster.start_worker({.name = "worker", .faults = at_first_file + "=throw:1," + at_failure + "=hold:1"});
  run.cluster.wait_until_held("worker", at_failure);
  run.cluster.lose("orchestrator");
  run.cluster.let_go("worker", at_failure);
  run.cluster.wait_until("a failed task that nobody retries",
                         [&] { return run.cluster.number("SELECT COUNT(*) FROM tasks WHERE status = 'FAILED'") > 0; });
  run.cluster.ask("UPDATE tasks SET not_before = 1 WHERE status = 'FAILED'");
  run.victim_orchestrator();
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  return "COMPLETED";
}

std::string orchestrator_dies_with_orphans(Episode& run) {
  begin(run);
  run.cluster.start_worker({.name = "dead", .faults = at_first_file + "=kill"});
  run.cluster.wait_for_death("dead");
  run.cluster.lose("orchestrator");
  EXPECT_GT(run.running(), 0);
  run.cluster.expire("dead");
  run.victim_orchestrator();
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  run.cluster.start_worker({.name = "worker"});
  return "COMPLETED";
}

std::string orchestrator_dies_with_a_task_that_hangs(Episode& run) {
  begin(run);
  run.cluster.start_worker({.name = "worker", .faults = at_first_file + "=hold:1"});
  run.cluster.wait_until_held("worker", at_first_file);
  run.cluster.lose("orchestrator");
  run.cluster.ask("UPDATE tasks SET claimed_at = claimed_at - 300000 WHERE status = 'RUNNING'");
  const auto hung = run.cluster.ask("SELECT id, epoch FROM tasks WHERE status = 'RUNNING' ORDER BY id LIMIT 1");
  const int64_t task = hung.integer(0, 0), epoch = hung.integer(0, 1);
  const Member strict{
      .name = "victim", .faults = run.deadly(), .environment = {{"ASSAY_WORKER_TASK_DEADLINE_MS", "100000"}}};
  run.cluster.start_orchestrator(strict);
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator", .environment = strict.environment});
  run.cluster.wait_until("the task to be taken from it",
                         [&] { return run.cluster.number("SELECT epoch FROM tasks WHERE id = $1", {task}) > epoch; });
  run.cluster.let_go("worker", at_first_file);
  return "COMPLETED";
}

std::string orchestrator_dies_while_it_pauses(Episode& run) {
  run.cluster.start_worker({.name = "worker", .faults = at_first_file + "=hold"});
  const int64_t job = run.cluster.start_job();
  run.victim_orchestrator();
  run.cluster.wait_until_held("worker", at_first_file);
  EXPECT_EQ(run.cluster.command({"job", "pause", std::to_string(job)}).exit_code, 0);
  run.cluster.let_go("worker", at_first_file);
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  run.cluster.wait_for_status(job, "PAUSED");
  EXPECT_EQ(run.running(), 0);
  EXPECT_EQ(run.cluster.command({"job", "resume", std::to_string(job)}).exit_code, 0);
  return "COMPLETED";
}

std::string orchestrator_dies_while_it_cancels(Episode& run) {
  run.cluster.start_worker({.name = "worker", .faults = at_first_file + "=hold"});
  const int64_t job = run.cluster.start_job();
  run.victim_orchestrator();
  run.cluster.wait_until_held("worker", at_first_file);
  EXPECT_EQ(run.cluster.command({"job", "cancel", std::to_string(job)}).exit_code, 0);
  run.cluster.let_go("worker", at_first_file);
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  return "CANCELLED";
}

/// What the first task left behind cannot be read, so that the job itself fails.
std::string orchestrator_dies_with_a_job_that_fails(Episode& run) {
  begin(run);
  run.cluster.start_worker({.name = "worker", .faults = "checkpoint_task.before_commit=hold:1"});
  run.cluster.wait_until_held("worker", "checkpoint_task.before_commit");
  run.cluster.lose("orchestrator");
  run.cluster.let_go("worker", "checkpoint_task.before_commit");
  run.cluster.wait_until("the walk's end", [&] {
    return run.cluster.number("SELECT COUNT(*) FROM tasks WHERE status = 'COMPLETED'") > 0;
  });
  run.cluster.ask("UPDATE task_outputs SET payload = '{'");
  run.victim_orchestrator();
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  return "FAILED";
}

std::string orchestrator_dies_while_it_resigns(Episode& run) {
  run.cluster.start_worker({.name = "worker", .faults = at_first_file + "=hold"});
  run.cluster.start_job();
  run.victim_orchestrator();
  run.cluster.wait_until_held("worker", at_first_file);
  run.cluster.process("victim").signal(SIGTERM);
  run.wait_for_the_victim();
  run.cluster.start_orchestrator({.name = "orchestrator"});
  run.cluster.let_go("worker", at_first_file);
  return "COMPLETED";
}

const std::vector<Case> cases = {
    {"register_worker", worker_dies},
    {"heartbeat_worker", worker_dies_at_work},
    {"claim_ready_tasks", worker_dies},
    {"checkpoint_task", worker_dies},
    {"complete_tasks", worker_dies},
    {"mark_unseen_objects_deleted", worker_dies},
    {"record_vanished_tables", worker_dies},
    {"close_discovery_run", worker_dies},
    {"fail_tasks", worker_dies_while_it_fails},
    {"record_source_outcome", worker_dies_while_it_fails},
    {"give_back_tasks", worker_dies_while_it_drains},
    {"unregister_worker", worker_dies_while_it_drains},
    {"register_orchestrator", orchestrator_dies},
    {"heartbeat_orchestrator", orchestrator_dies},
    {"claim_jobs", orchestrator_dies},
    {"renew_leases", orchestrator_dies},
    {"admit_tasks", orchestrator_dies},
    {"replace_outputs", orchestrator_dies_at_the_end},
    {"remove_dead_processes", orchestrator_dies},
    {"remove_old_tasks", orchestrator_dies},
    {"remove_old_discoveries", orchestrator_dies_with_old_runs},
    {"finish_job_if_done", orchestrator_dies_at_the_end},
    {"acquire_resources", orchestrator_dies_with_a_budget},
    {"release_resources", orchestrator_dies_with_a_budget},
    {"renew_resources", orchestrator_dies_with_a_long_task},
    {"retry_due_tasks", orchestrator_dies_with_failed_tasks},
    {"rescue_tasks_of_dead_workers", orchestrator_dies_with_orphans},
    {"fail_overdue_tasks", orchestrator_dies_with_a_task_that_hangs},
    {"execute_pending_command", orchestrator_dies_while_it_pauses},
    {"transition_job_from_pausing_to_paused", orchestrator_dies_while_it_pauses},
    {"finish_cancelling_job", orchestrator_dies_while_it_cancels},
    {"fail_job", orchestrator_dies_with_a_job_that_fails},
    {"unregister_orchestrator", orchestrator_dies_while_it_resigns},
};

/// Those that users' commands make: below, and retry_dead_tasks in poison_test.cpp.
const std::set<std::string> of_commands = {
    "submit_job",        "request_command", "retry_dead_tasks", "add_datasource",  "update_datasource",
    "remove_datasource", "add_template",    "put_template",     "remove_template", "put_rule_set"};

/// A worker whose claim is in doubt asks for no more under its name: it replaces itself. Only other callers of the
/// store come to this; store/doubtful_claims_test.cpp has them lose and race.
const std::set<std::string> of_lost_databases = {"give_back_doubtful_claims"};

/// tests/secrets kills at each of them.
const std::set<std::string> of_secrets = {"add_data_key",      "create_key_envelope",     "put_credential",
                                          "remove_credential", "remove_unused_data_keys", "reseal_credential",
                                          "rewrap_keys"};

class KillAtCommit : public ::testing::TestWithParam<std::tuple<Case, const char*>> {};

TEST_P(KillAtCommit, OthersEndTheJob) {
  const auto& [what, moment] = GetParam();
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  Episode run{*cluster, fmt::format("{}.{}", what.operation, moment), what.visit};
  const std::string end = what.scenario(run);
  EXPECT_EQ(cluster->process("victim").wait(std::chrono::milliseconds(0)), 128 + SIGKILL);
  const int64_t job = cluster->number("SELECT MAX(id) FROM jobs");
  EXPECT_EQ(cluster->wait_for_end(job), end);
  expect_sound(*cluster, job);
  if (end != "COMPLETED") return;
  expect_complete(*cluster, job, expected);
  expect_swept_last(*cluster, job);
}

INSTANTIATE_TEST_SUITE_P(Faults, KillAtCommit,
                         ::testing::Combine(::testing::ValuesIn(cases),
                                            ::testing::Values("before_commit", "after_commit")),
                         [](const auto& info) {
                           return fmt::format("{}_{}", std::get<0>(info.param).operation, std::get<1>(info.param));
                         });

/// Every name that the store gives to a transaction.
std::set<std::string> names_in_the_store() {
  std::set<std::string> names;
  const std::regex call(R"re(\b(?:write|writing<[^;(]*>|give_back|finish_draining)\(\s*"([a-z_]+)")re");
  for (const auto& entry : std::filesystem::directory_iterator(ASSAY_SOURCE_DIR "/src/store")) {
    if (entry.path().extension() != ".cpp" || entry.path().stem().string().ends_with("_test")) continue;
    const std::string text = std::regex_replace(read_file(entry.path()), std::regex(R"(log_\.write\()"), "(");
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) names.insert((*it)[1]);
  }
  return names;
}

TEST(KillAtCommitList, HasEveryOperationOfTheStore) {
  std::set<std::string> covered = of_commands;
  covered.insert(of_lost_databases.begin(), of_lost_databases.end());
  covered.insert(of_secrets.begin(), of_secrets.end());
  for (const Case& each : cases) covered.insert(each.operation);
  EXPECT_EQ(covered, names_in_the_store());
}

// -- commands: done wholly or not at all, and done once when they are given again

struct CommandCase {
  const char* operation;
  const char* before;  ///< SQL
  std::vector<std::string> command;
  const char* count;  ///< of what the command makes, or has made
  int64_t without, with;
};

class KillCommandAtCommit : public ::testing::TestWithParam<std::tuple<CommandCase, const char*>> {};

TEST_P(KillCommandAtCommit, IsDoneOrNot) {
  const auto& [what, moment] = GetParam();
  const auto cluster = World::shared().cluster();
  if (*what.before != 0) cluster->ask(what.before);
  if (std::string_view(what.operation) == "request_command") cluster->start_job();
  const std::string template_file = World::shared().tree().template_file();
  std::vector<std::string> command = what.command;
  for (auto& argument : command)
    if (argument == "TEMPLATE") argument = template_file;
  ASSERT_EQ(cluster->number(what.count), what.without);
  EXPECT_EQ(cluster->command(command, fmt::format("{}.{}=kill", what.operation, moment)).exit_code, 128 + SIGKILL);
  const bool is_done = std::string_view(moment) == "after_commit";
  EXPECT_EQ(cluster->number(what.count), is_done ? what.with : what.without);
  cluster->command(command);  // some refuse to do it again
  EXPECT_EQ(cluster->number(what.count), what.with);
}

const std::vector<CommandCase> command_cases = {
    {"submit_job", "", {"job", "start", "scan", "--idempotency-key", "once"}, "SELECT COUNT(*) FROM jobs", 0, 1},
    {"request_command", "", {"job", "cancel", "1"}, "SELECT COUNT(*) FROM jobs WHERE status = 'CANCELLED'", 0, 1},
    {"add_datasource", "", {"source", "add", "other", "--path", "/"}, "SELECT COUNT(*) FROM datasources", 1, 2},
    {"update_datasource",
     "",
     {"source", "disable", "tree"},
     "SELECT COUNT(*) FROM datasources WHERE NOT enabled",
     0,
     1},
    {"remove_datasource",
     "",
     {"source", "remove", "tree"},
     "SELECT COUNT(*) FROM datasources WHERE removed_at = 0",
     1,
     0},
    {"remove_template", "", {"template", "remove", "scan"}, "SELECT COUNT(*) FROM scan_templates", 1, 0},
    {"add_template",
     "DELETE FROM scan_templates",
     {"template", "add", "TEMPLATE"},
     "SELECT COUNT(*) FROM scan_templates",
     0,
     1},
    {"put_template",
     "UPDATE scan_templates SET definition = replace(definition, 'scan', 'old')",
     {"template", "add", "--replace", "TEMPLATE"},
     "SELECT COUNT(*) FROM scan_templates WHERE definition NOT LIKE '%old%'",
     0,
     1},
    {"put_rule_set",
     "WITH gone AS (DELETE FROM scan_templates) DELETE FROM rule_sets",
     {"template", "add", "TEMPLATE"},
     "SELECT COUNT(*) FROM rule_sets",
     0,
     1},
};

INSTANTIATE_TEST_SUITE_P(Faults, KillCommandAtCommit,
                         ::testing::Combine(::testing::ValuesIn(command_cases),
                                            ::testing::Values("before_commit", "after_commit")),
                         [](const auto& info) {
                           return fmt::format("{}_{}", std::get<0>(info.param).operation, std::get<1>(info.param));
                         });

}  // namespace
}  // namespace assay::tests
