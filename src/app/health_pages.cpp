#include "app/health_pages.h"

#include <boost/json.hpp>

#include "core/error.h"

namespace assay::app {
namespace {

namespace json = boost::json;

constexpr int64_t keep_metrics_ms = 1000;
constexpr int64_t keep_readiness_ms = 2000;

server::Page json_page(unsigned status, const json::object& body) {
  return {.status = status, .content_type = "application/json", .body = json::serialize(body) + "\n"};
}

// The same names and labels as the orchestrator's own, so that a process that is only a worker shows them too.
void measure_queue(const HealthFacts& facts) {
  const auto queue = facts.store.queue_metrics(facts.node_group);
  const auto tasks = [&](std::string_view status, uint64_t n) {
    facts.metrics
        .gauge("assay_queue_tasks", "Tasks of the node group by status.",
               {{"node_group", facts.node_group}, {"status", status}})
        .set(static_cast<double>(n));
  };
  tasks("PENDING", queue.pending);
  tasks("READY", queue.ready);
  tasks("RUNNING", queue.running);
  tasks("FAILED", queue.failed);
  tasks("DEAD", queue.dead);
  const auto group = [&](std::string_view name, std::string_view help, uint64_t n) {
    facts.metrics.gauge(name, help, {{"node_group", facts.node_group}}).set(static_cast<double>(n));
  };
  group("assay_jobs_queued", "Jobs that wait for an orchestrator.", queue.queued_jobs);
  group("assay_jobs_running", "Jobs that run.", queue.running_jobs);
  group("assay_workers_alive", "Workers whose heartbeat is fresh.", queue.live_workers);
  group("assay_orchestrators_alive", "Orchestrators whose heartbeat is fresh.", queue.live_orchestrators);
}

server::Page metrics_page(const HealthFacts& facts) {
  auto& database = facts.metrics.gauge("assay_database_up", "Whether the database answered when this page was made.");
  try {
    measure_queue(facts);
    database.set(1);
  } catch (const core::Error&) {
    database.set(0);  // the process's own counters are worth most when the database is away
  }
  return {.status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = facts.metrics.render()};
}

server::Page live_page(const HealthFacts& facts) {
  const bool is_healthy = facts.is_healthy();
  return json_page(is_healthy ? 200 : 503, {{"live", is_healthy}});
}

server::Page ready_page(const HealthFacts& facts) {
  json::object body{{"role", facts.role},
                    {"version", facts.version},
                    {"node_group", facts.node_group},
                    {"sandbox", sandbox::to_string(facts.sandbox.level)}};
  bool is_ready = facts.is_healthy();
  try {
    facts.store.now_ms();
    body["database"] = "reachable";
    const auto schema = store::Store::schema_status(facts.store_options);
    body["schema"] = schema.version;
    body["schema_wanted"] = schema.newest;
    is_ready &= schema.version == schema.newest;
  } catch (const core::Error&) {
    body["database"] = "unreachable";
    is_ready = false;
  }
  body["ready"] = is_ready;
  return json_page(is_ready ? 200 : 503, body);
}

}  // namespace

std::map<std::string, server::PageSource, std::less<>> health_pages(const HealthFacts& facts) {
  std::map<std::string, server::PageSource, std::less<>> pages;
  pages["/metrics"] = {.make = [&facts] { return metrics_page(facts); }, .may_block = true, .keep_ms = keep_metrics_ms};
  pages["/health/live"] = {.make = [&facts] { return live_page(facts); }, .may_block = false};
  pages["/health/ready"] = {
      .make = [&facts] { return ready_page(facts); }, .may_block = true, .keep_ms = keep_readiness_ms};
  return pages;
}

}  // namespace assay::app
