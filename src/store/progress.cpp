#include "store/job_conditions.h"
#include "store/sql_store.h"

// How jobs advance: sums of counters, never a count of tasks.
namespace assay::store {

std::vector<ProgressRow> SqlStore::progress(int64_t job_id) {
  return reading<std::vector<ProgressRow>>([&](sql::Connection& c) {
    const sql::Rows rows =
        query(c,
              "SELECT datasource_id, SUM(pending), SUM(ready), SUM(running), SUM(completed), SUM(failed), SUM(dead), "
              "SUM(outputs_waiting), SUM(retries), SUM(rescues), SUM(objects_discovered), SUM(bytes_discovered), "
              "SUM(objects_done), SUM(bytes_done), SUM(objects_skipped), SUM(bytes_skipped), SUM(objects_failed), "
              "SUM(bytes_failed), SUM(findings) FROM job_progress WHERE job_id = $1 GROUP BY datasource_id "
              "ORDER BY datasource_id",
              job_id);
    std::vector<ProgressRow> list;
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto number = [&](size_t column) { return static_cast<uint64_t>(rows.integer(i, column)); };
      ProgressRow row;
      row.job_id = job_id;
      row.datasource_id = rows.integer(i, 0);
      row.pending = number(1);
      row.ready = number(2);
      row.running = number(3);
      row.completed = number(4);
      row.failed = number(5);
      row.dead = number(6);
      row.outputs_waiting = number(7);
      row.retries = number(8);
      row.rescues = number(9);
      row.work = {.objects_discovered = number(10),
                  .bytes_discovered = number(11),
                  .objects_done = number(12),
                  .bytes_done = number(13),
                  .objects_skipped = number(14),
                  .bytes_skipped = number(15),
                  .objects_failed = number(16),
                  .bytes_failed = number(17),
                  .findings = number(18)};
      list.push_back(row);
    }
    return list;
  });
}

QueueMetrics SqlStore::queue_metrics(std::string_view node_group) {
  return reading<QueueMetrics>([&](sql::Connection& c) {
    const sql::Rows rows =
        query(c,
              text_("SELECT COALESCE(SUM(p.pending), 0), COALESCE(SUM(p.ready), 0), COALESCE(SUM(p.running), 0), "
                    "COALESCE(SUM(p.failed), 0), COALESCE(SUM(p.dead), 0), "
                    "(SELECT COUNT(*) FROM jobs WHERE ($1 = '' OR node_group = $1) AND status = 'QUEUED'), "
                    "(SELECT COUNT(*) FROM jobs WHERE ($1 = '' OR node_group = $1) AND " ASSAY_ACTIVE_JOB "), "
                    "(SELECT COUNT(*) FROM workers WHERE ($1 = '' OR node_group = $1) AND lost_at = 0 "
                    "AND expires_at >= @now), "
                    "(SELECT COUNT(*) FROM orchestrators WHERE ($1 = '' OR node_group = $1) AND expires_at >= @now) "
                    "FROM jobs j JOIN job_progress p ON p.job_id = j.id "
                    "WHERE ($1 = '' OR j.node_group = $1) AND (j." ASSAY_ACTIVE_JOB " OR j.status = 'QUEUED')"),
              node_group);
    const auto number = [&rows](size_t column) { return static_cast<uint64_t>(rows.integer(0, column)); };
    return QueueMetrics{.pending = number(0),
                        .ready = number(1),
                        .running = number(2),
                        .failed = number(3),
                        .dead = number(4),
                        .queued_jobs = number(5),
                        .running_jobs = number(6),
                        .live_workers = number(7),
                        .live_orchestrators = number(8)};
  });
}

}  // namespace assay::store
