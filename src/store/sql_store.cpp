#include "store/sql_store.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

namespace assay::store {
namespace {

/// Operations send one statement after the other. A process that froze between two, or whose network is gone, would
/// keep others from the rows of its job until someone noticed; leases promise better.
constexpr int64_t idle_transaction_timeout_ms = 5'000;

sql::ConnectOptions connect_options(const StoreOptions& options) {
  sql::ConnectOptions out;
  out.url = options.url;
  out.application_name = options.application_name;
  out.durable = options.durable;
  out.idle_transaction_timeout_ms = idle_transaction_timeout_ms;
  out.now_ms = options.now_ms;
  return out;
}

bool is_postgresql(const StoreOptions& options) { return !options.url.starts_with("sqlite:"); }

std::string operation_log_path(const StoreOptions& options) {
  if (!options.operation_log_path.empty()) return options.operation_log_path;
  const char* path = std::getenv("ASSAY_OPERATION_LOG");  // NOLINT(concurrency-mt-unsafe)
  return path ? path : "";
}

constexpr size_t most_remembered_jobs = 10'000;

}  // namespace

SqlStore::SqlStore(const StoreOptions& options)
    : options_(options),
      connections_(connect_options(options), options.connections),
      dialect_(is_postgresql(options) ? sql::Dialect::postgresql : sql::Dialect::sqlite),
      text_(dialect_),
      log_(operation_log_path(options)),
      changes_(is_postgresql(options) ? Changes::Connect([this] { return sql::connect(connect_options(options_)); })
                                      : nullptr) {}

SqlStore::~SqlStore() = default;

int64_t SqlStore::now_ms() {
  return reading<int64_t>([&](sql::Connection& c) { return query(c, text_("SELECT @now")).integer(0, 0); });
}

int64_t SqlStore::local_now_ms() const {
  if (options_.now_ms) return options_.now_ms();
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void SqlStore::wait_for_change(std::string_view who, int64_t timeout_ms) { changes_.wait(who, timeout_ms); }

void SqlStore::announce_change(std::string_view who) {
  changes_.announce(who);
  if (dialect_ != sql::Dialect::postgresql || !changes_.may_tell_others(who)) return;
  try {
    auto lease = connection();
    query(*lease, "SELECT pg_notify($1, '')", Changes::channel(who));
  } catch (const core::Error&) {
    return;  // the others poll
  }
}

void SqlStore::remember_group(int64_t job_id, std::string_view node_group) {
  const std::lock_guard lock(memory_mutex_);
  if (group_of_job_.size() >= most_remembered_jobs) group_of_job_.clear();
  group_of_job_.insert_or_assign(job_id, node_group);
}

std::string SqlStore::group_of(int64_t job_id) {
  const std::lock_guard lock(memory_mutex_);
  const auto known = group_of_job_.find(job_id);
  return known == group_of_job_.end() ? "" : known->second;
}

void SqlStore::announce_job(int64_t job_id) {
  announce_change(fmt::format("job/{}", job_id));
  if (const std::string group = group_of(job_id); !group.empty()) announce_change("jobs/" + group);
}

void SqlStore::announce_ready_tasks(int64_t job_id) {
  {
    const std::lock_guard lock(memory_mutex_);
    claim_order_.reset(job_id);
  }
  if (const std::string group = group_of(job_id); !group.empty()) announce_change("tasks/" + group);
}

}  // namespace assay::store
