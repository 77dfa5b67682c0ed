#include "store/counters.h"

#include <random>

namespace assay::store {
namespace {

constexpr int slots = 16;

int slot_of(sql::Dialect dialect) {
  if (dialect == sql::Dialect::sqlite) return 0;  // one writer at a time anyway
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_int_distribution(0, slots - 1)(random);
}

int64_t& counter_of(CounterChange& change, model::TaskStatus status) {
  switch (status) {
    case model::TaskStatus::pending: return change.pending;
    case model::TaskStatus::ready: return change.ready;
    case model::TaskStatus::running: return change.running;
    case model::TaskStatus::completed: return change.completed;
    case model::TaskStatus::failed: return change.failed;
    case model::TaskStatus::dead: break;
  }
  return change.dead;
}

constexpr std::string_view upsert =
    "INSERT INTO job_progress AS p (job_id, datasource_id, slot, pending, ready, isolated, running, completed, failed, "
    "dead, outputs_waiting, retries, rescues, objects_discovered, bytes_discovered, objects_done, bytes_done, "
    "objects_skipped, bytes_skipped, objects_failed, bytes_failed, findings, changed_in, changes) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
    "@change, 1) "
    "ON CONFLICT (job_id, datasource_id, slot) DO UPDATE SET changed_in = excluded.changed_in, "
    "changes = p.changes + 1, pending = p.pending + excluded.pending, "
    "ready = p.ready + excluded.ready, isolated = p.isolated + excluded.isolated, "
    "running = p.running + excluded.running, completed = p.completed + excluded.completed, "
    "failed = p.failed + excluded.failed, dead = p.dead + excluded.dead, "
    "outputs_waiting = p.outputs_waiting + excluded.outputs_waiting, retries = p.retries + excluded.retries, "
    "rescues = p.rescues + excluded.rescues, "
    "objects_discovered = p.objects_discovered + excluded.objects_discovered, "
    "bytes_discovered = p.bytes_discovered + excluded.bytes_discovered, "
    "objects_done = p.objects_done + excluded.objects_done, bytes_done = p.bytes_done + excluded.bytes_done, "
    "objects_skipped = p.objects_skipped + excluded.objects_skipped, "
    "bytes_skipped = p.bytes_skipped + excluded.bytes_skipped, "
    "objects_failed = p.objects_failed + excluded.objects_failed, "
    "bytes_failed = p.bytes_failed + excluded.bytes_failed, findings = p.findings + excluded.findings";

std::string_view upsert_in(sql::Dialect dialect) {
  static const std::string postgresql = expand(upsert, sql::Dialect::postgresql);
  static const std::string sqlite = expand(upsert, sql::Dialect::sqlite);
  return dialect == sql::Dialect::sqlite ? sqlite : postgresql;
}

}  // namespace

void Counters::born(int64_t job_id, int64_t datasource_id, model::TaskStatus status) {
  ++counter_of(of(job_id, datasource_id), status);
}

void Counters::move(int64_t job_id, int64_t datasource_id, model::TaskStatus from, model::TaskStatus to,
                    int64_t tasks) {
  CounterChange& change = of(job_id, datasource_id);
  counter_of(change, from) -= tasks;
  counter_of(change, to) += tasks;
}

void Counters::add(int64_t job_id, int64_t datasource_id, const model::ProgressDelta& work) {
  model::ProgressDelta& sum = of(job_id, datasource_id).work;
  sum.objects_discovered += work.objects_discovered;
  sum.bytes_discovered += work.bytes_discovered;
  sum.objects_done += work.objects_done;
  sum.bytes_done += work.bytes_done;
  sum.objects_skipped += work.objects_skipped;
  sum.bytes_skipped += work.bytes_skipped;
  sum.objects_failed += work.objects_failed;
  sum.bytes_failed += work.bytes_failed;
  sum.findings += work.findings;
}

void Counters::write(sql::Connection& connection) const {
  const int slot = slot_of(connection.dialect());
  Batch batch(22);
  for (const auto& [key, c] : changes_) {
    const model::ProgressDelta& w = c.work;
    batch.add(key.first, key.second, slot, c.pending, c.ready, c.isolated, c.running, c.completed, c.failed, c.dead,
              c.outputs_waiting, c.retries, c.rescues, w.objects_discovered, w.bytes_discovered, w.objects_done,
              w.bytes_done, w.objects_skipped, w.bytes_skipped, w.objects_failed, w.bytes_failed, w.findings);
  }
  batch.run(connection, upsert_in(connection.dialect()));
}

}  // namespace assay::store
