#include "tests/support/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/support/program.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_looks{5};
constexpr std::chrono::seconds patience{120};
constexpr std::chrono::seconds command_limit{120};
constexpr size_t last_bytes = 1'500;

std::string end_of(const std::string& text) { return text.substr(text.size() - std::min(text.size(), last_bytes)); }

std::string held_file(std::string point) {
  std::ranges::replace(point, '/', '_');
  return point;
}

}  // namespace

Cluster::Cluster(std::string url, fs::path folder, ClusterOptions options)
    : url_(std::move(url)), folder_(std::move(folder)), options_(std::move(options)) {}

Cluster::~Cluster() = default;

std::map<std::string, std::string> Cluster::environment(const Member& member) const {
  std::map<std::string, std::string> all{
      {"ASSAY_DATABASE", member.url.empty() ? url_ : member.url},
      {"ASSAY_DATA_DIR", (folder_ / "data").string()},
      {"ASSAY_FINGERPRINT_KEY", std::string(64, 'a')},
      {"ASSAY_LISTEN", "none"},
      {"ASSAY_NAME", member.name},
      {"ASSAY_OPERATION_LOG", operation_log().string()},
      {"ASSAY_ORCHESTRATOR_LEASE_MS", std::to_string(options_.lease_ms)},
      {"ASSAY_WORKER_HEARTBEAT_MS", std::to_string(options_.heartbeat_ms)},
      {"ASSAY_WORKER_GRACE_MS", std::to_string(options_.grace_ms)},
      {"ASSAY_WORKER_CONCURRENCY", std::to_string(options_.concurrency)},
      {"ASSAY_SCAN_THREADS", "1"},
      {"ASSAY_FAULT_POINTS", member.faults},
      {"ASSAY_FAULT_HOLD", hold_path(member.name).string()},
  };
  for (const auto& [name, value] : options_.environment) all[name] = value;
  for (const auto& [name, value] : member.environment) all[name] = value;
  return all;
}

Service& Cluster::start(const std::string& role, const Member& member) {
  processes_.erase(member.name);
  fs::remove_all(hold_path(member.name));
  fs::create_directories(hold_path(member.name));
  auto& place = processes_[member.name];
  place = std::make_unique<Service>(Service::Options{.arguments = {assay_program(), role},
                                                     .environment = environment(member),
                                                     .log_path = log_path(member.name).string(),
                                                     .most_file_bytes = member.most_file_bytes});
  return *place;
}

Service& Cluster::start_worker(const Member& member) { return start("worker", member); }
Service& Cluster::start_orchestrator(const Member& member) { return start("orchestrator", member); }
Service& Cluster::start_serve(const Member& member) { return start("serve", member); }

void Cluster::expire(const std::string& name) const {
  const std::string_view who = name;
  ask("UPDATE workers SET expires_at = 1 WHERE name = $1", {who});
  ask("UPDATE orchestrators SET expires_at = 1 WHERE name = $1", {who});
  ask("UPDATE jobs SET orchestrator_lease_expiry = 1 WHERE orchestrator_id IN "
      "(SELECT id FROM orchestrators WHERE name = $1)",
      {who});
}

void Cluster::lose(const std::string& name) {
  process(name).kill();
  expire(name);
}

std::string Cluster::log_of(const std::string& name) const { return read_file(log_path(name)); }

void Cluster::wait_until_held(const std::string& name, const std::string& point) const {
  wait_until(name + " to come to " + point, [&] { return is_held(name, point); });
}

bool Cluster::is_held(const std::string& name, const std::string& point) const {
  return fs::exists(hold_path(name) / held_file(point));
}

void Cluster::leave_transactions_open() const {
  ask("CREATE FUNCTION test_patience() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "PERFORM set_config('idle_in_transaction_session_timeout', '0', true); RETURN NULL; END $$");
  ask("CREATE TRIGGER test_patience AFTER UPDATE ON tasks FOR EACH STATEMENT EXECUTE FUNCTION test_patience()");
  // Two of sixteen slots may be the same, and then one transaction waits for the other.
  ask("CREATE FUNCTION test_own_slot() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "NEW.slot := pg_backend_pid(); RETURN NEW; END $$");
  ask("CREATE TRIGGER test_own_slot BEFORE INSERT ON job_progress FOR EACH ROW EXECUTE FUNCTION test_own_slot()");
}

void Cluster::let_go_for_good(const std::string& name) const { fs::remove_all(hold_path(name)); }

void Cluster::let_go(const std::string& name, const std::string& point) const {
  fs::remove(hold_path(name) / held_file(point));
}

CommandResult Cluster::command(std::vector<std::string> arguments, const std::string& faults) const {
  const std::string name = fmt::format("command-{}", ++commands_);
  arguments.insert(arguments.begin(), assay_program());
  Service program({.arguments = std::move(arguments),
                   .environment = environment({.name = name, .faults = faults}),
                   .log_path = log_path(name).string()});
  const auto code = program.wait(command_limit);
  return {code.value_or(-1), program.log()};
}

int64_t Cluster::start_job() const {
  const auto result = command({"job", "start", "scan", "--full", "--format", "json"});
  if (result.exit_code != 0) throw std::runtime_error("cannot start a job: " + result.output);
  return boost::json::parse(result.output).at("job_ids").at(0).to_number<int64_t>();
}

sql::Rows Cluster::ask(std::string_view sql, std::initializer_list<sql::Value> values) const {
  for (int attempt = 1;; ++attempt) {
    try {
      if (!connection_ || !connection_->is_usable()) {
        sql::ConnectOptions options;
        options.url = url_;
        connection_ = sql::connect(options);
      }
      return connection_->query(sql, values);
    } catch (const core::Error&) {
      connection_.reset();
      if (attempt == 2) throw;
    }
  }
}

int64_t Cluster::number(std::string_view sql, std::initializer_list<sql::Value> values) const {
  return ask(sql, values).integer(0, 0);
}

std::string Cluster::text(std::string_view sql, std::initializer_list<sql::Value> values) const {
  return std::string(ask(sql, values).text(0, 0));
}

std::string Cluster::job_status(int64_t job_id) const {
  return text("SELECT status FROM jobs WHERE id = $1", {job_id});
}

void Cluster::wait_until(const std::string& what, const std::function<bool()>& holds,
                         std::chrono::milliseconds limit) const {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    try {
      if (holds()) return;
    } catch (const core::Error&) {  // the database does not answer at the moment
    }
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error(fmt::format("waited {} ms in vain for {}\n{}", limit.count(), what, situation()));
    std::this_thread::sleep_for(between_looks);
  }
}

std::string Cluster::situation() const {
  std::string text;
  try {
    const auto jobs = ask("SELECT id, status, version, error FROM jobs ORDER BY id DESC LIMIT 3");
    for (size_t i = 0; i < jobs.size(); ++i)
      text += fmt::format("job {} {} version {} {}\n", jobs.integer(i, 0), jobs.text(i, 1), jobs.integer(i, 2),
                          jobs.text(i, 3));
    const auto tasks =
        ask("SELECT job_id, status, kind, isolated, COUNT(*), MAX(error) FROM tasks "
            "GROUP BY job_id, status, kind, isolated ORDER BY job_id DESC LIMIT 12");
    for (size_t i = 0; i < tasks.size(); ++i)
      text += fmt::format("job {} {} {}{}: {} {}\n", tasks.integer(i, 0), tasks.text(i, 1), tasks.text(i, 2),
                          tasks.boolean(i, 3) ? " isolated" : "", tasks.integer(i, 4), tasks.text(i, 5));
  } catch (const core::Error& error) {
    text += fmt::format("the database: {}\n", error.what());
  }
  for (const auto& [name, process] : processes_)
    text += fmt::format("--- {}{}\n{}\n", name, process->is_running() ? "" : " (over)", end_of(log_of(name)));
  return text;
}

void Cluster::wait_for_status(int64_t job_id, const std::string& status) const {
  const auto has_been = [&] {
    return number("SELECT COUNT(*) FROM test_statuses WHERE job_id = $1 AND status = $2",
                  {job_id, std::string_view(status)}) > 0;
  };
  wait_until(fmt::format("job {} to be {}", job_id, status), has_been, patience);
}

std::string Cluster::wait_for_end(int64_t job_id, std::chrono::milliseconds limit) const {
  std::string status;
  wait_until(
      fmt::format("the end of job {}", job_id),
      [&] {
        status = job_status(job_id);
        return status == "COMPLETED" || status == "FAILED" || status == "CANCELLED";
      },
      limit);
  return status;
}

void Cluster::wait_for_death(const std::string& name) {
  if (!process(name).wait(patience)) throw std::runtime_error(fmt::format("{} did not die\n{}", name, situation()));
}

void Cluster::wait_until_registered(const std::string& table, const std::string& name) const {
  wait_until(name + " to register", [&] {
    return number(fmt::format("SELECT COUNT(*) FROM {} WHERE name = $1", table), {std::string_view(name)}) > 0;
  });
}

}  // namespace assay::tests
