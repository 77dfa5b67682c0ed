#include "store/migrations/migrations.h"

// Why the tables look as they do:
// - Times are milliseconds by the database's clock; 0 is "never". Text that is absent is ''.
// - No index has a column that heartbeats or renewals write, so that those updates stay within their page.
// - Paths can be longer than an index takes: object_key is the path, or its beginning and 128 bits of it (keys.h).
// - job_progress has rows in several slots, so that workers that commit at a time do not wait for each other.
namespace assay::store {
namespace {

constexpr std::string_view common = R"sql(
CREATE TABLE master_jobs (
  id @id, kind TEXT NOT NULL, template_name TEXT NOT NULL, idempotency_key TEXT NOT NULL UNIQUE,
  requested_by TEXT NOT NULL, correlation_id TEXT NOT NULL, created_at BIGINT NOT NULL);

CREATE TABLE jobs (
  id @id, master_job_id BIGINT NOT NULL REFERENCES master_jobs(id), node_group TEXT NOT NULL, kind TEXT NOT NULL,
  template_name TEXT NOT NULL, status TEXT NOT NULL, configuration TEXT NOT NULL, rule_set_hash TEXT NOT NULL,
  priority INTEGER NOT NULL, max_attempts INTEGER NOT NULL,
  orchestrator_id TEXT NOT NULL DEFAULT '', orchestrator_lease_expiry BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 0, master_pending_commands TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, started_at BIGINT NOT NULL DEFAULT 0, finished_at BIGINT NOT NULL DEFAULT 0,
  tasks_removed BOOLEAN NOT NULL DEFAULT FALSE);
CREATE INDEX jobs_by_master ON jobs (master_job_id);
CREATE INDEX jobs_waiting ON jobs (node_group, priority, id) WHERE status = 'QUEUED';
CREATE INDEX jobs_active ON jobs (node_group, id) WHERE status IN ('RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING');
CREATE INDEX jobs_held ON jobs (orchestrator_id) WHERE status IN ('RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING');
CREATE INDEX jobs_with_tasks_to_remove ON jobs (finished_at)
  WHERE status IN ('CANCELLED', 'COMPLETED', 'FAILED') AND NOT tasks_removed;

CREATE TABLE job_progress (
  job_id BIGINT NOT NULL, datasource_id BIGINT NOT NULL, slot INTEGER NOT NULL,
  pending BIGINT NOT NULL, ready BIGINT NOT NULL, isolated BIGINT NOT NULL, running BIGINT NOT NULL,
  completed BIGINT NOT NULL, failed BIGINT NOT NULL, dead BIGINT NOT NULL, outputs_waiting BIGINT NOT NULL,
  retries BIGINT NOT NULL, rescues BIGINT NOT NULL,
  objects_discovered BIGINT NOT NULL, bytes_discovered BIGINT NOT NULL, objects_done BIGINT NOT NULL,
  bytes_done BIGINT NOT NULL, objects_skipped BIGINT NOT NULL, bytes_skipped BIGINT NOT NULL,
  objects_failed BIGINT NOT NULL, bytes_failed BIGINT NOT NULL, findings BIGINT NOT NULL,
  PRIMARY KEY (job_id, datasource_id, slot));

CREATE TABLE workers (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, node_group TEXT NOT NULL, host TEXT NOT NULL, pid BIGINT NOT NULL,
  started_at BIGINT NOT NULL, heartbeat_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  draining BOOLEAN NOT NULL DEFAULT FALSE, lost_at BIGINT NOT NULL DEFAULT 0, lost_running BIGINT NOT NULL DEFAULT 0);
CREATE TABLE orchestrators (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, node_group TEXT NOT NULL, host TEXT NOT NULL, pid BIGINT NOT NULL,
  started_at BIGINT NOT NULL, heartbeat_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  draining BOOLEAN NOT NULL DEFAULT FALSE);

CREATE TABLE datasources (
  id @id, name TEXT NOT NULL, kind TEXT NOT NULL, node_group TEXT NOT NULL, configuration TEXT NOT NULL,
  concurrent_tasks BIGINT NOT NULL, connections BIGINT NOT NULL, bytes_per_s BIGINT NOT NULL,
  memory_bytes BIGINT NOT NULL, enabled BOOLEAN NOT NULL, created_at BIGINT NOT NULL,
  removed_at BIGINT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX datasources_by_name ON datasources (name) WHERE removed_at = 0;
CREATE TABLE source_breakers (
  datasource_id BIGINT PRIMARY KEY, failures BIGINT NOT NULL, threshold BIGINT NOT NULL, open_until BIGINT NOT NULL,
  open_ms BIGINT NOT NULL);

CREATE TABLE scan_templates (
  id @id, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE rule_sets (hash TEXT PRIMARY KEY, definition TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE rules (
  id @id, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, enabled BOOLEAN NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE schedules (
  id @id, name TEXT NOT NULL UNIQUE, template_name TEXT NOT NULL, expression TEXT NOT NULL, enabled BOOLEAN NOT NULL,
  next_run_at BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL);

CREATE TABLE objects (
  id @id, datasource_id BIGINT NOT NULL, object_key @key NOT NULL, member_key @key NOT NULL, path TEXT NOT NULL,
  member TEXT NOT NULL, format TEXT NOT NULL, bytes BIGINT NOT NULL, findings BIGINT NOT NULL, verdict TEXT NOT NULL,
  reason TEXT NOT NULL, mtime_ns BIGINT NOT NULL, change_id TEXT NOT NULL, content_hash TEXT NOT NULL,
  rule_set_hash TEXT NOT NULL, job_id BIGINT NOT NULL, seen_job_id BIGINT NOT NULL, first_seen_at BIGINT NOT NULL,
  scanned_at BIGINT NOT NULL, deleted_at BIGINT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX objects_by_key ON objects (datasource_id, object_key, member_key);
CREATE INDEX objects_in_order ON objects (datasource_id, id);

CREATE TABLE findings (
  id @id, job_id BIGINT NOT NULL, task_id BIGINT NOT NULL, datasource_id BIGINT NOT NULL, object_key @key NOT NULL,
  path TEXT NOT NULL, member TEXT NOT NULL, part TEXT NOT NULL, page BIGINT NOT NULL, table_name TEXT NOT NULL,
  column_name TEXT NOT NULL, row_number BIGINT NOT NULL, cell TEXT NOT NULL, line BIGINT NOT NULL,
  line_column BIGINT NOT NULL, entity TEXT NOT NULL, rule TEXT NOT NULL, pattern TEXT NOT NULL, category TEXT NOT NULL,
  sensitivity TEXT NOT NULL, confidence DOUBLE PRECISION NOT NULL, reasons TEXT NOT NULL, start_byte BIGINT NOT NULL,
  end_byte BIGINT NOT NULL, start_code_point BIGINT NOT NULL, end_code_point BIGINT NOT NULL, masked TEXT NOT NULL,
  fingerprint TEXT NOT NULL, suppressed BOOLEAN NOT NULL);
CREATE INDEX findings_by_object ON findings (datasource_id, object_key);
CREATE INDEX findings_by_job ON findings (job_id, id);

CREATE TABLE columns (
  id @id, job_id BIGINT NOT NULL, task_id BIGINT NOT NULL, datasource_id BIGINT NOT NULL, object_key @key NOT NULL,
  path TEXT NOT NULL, member TEXT NOT NULL, table_name TEXT NOT NULL, column_name TEXT NOT NULL, entity TEXT NOT NULL,
  rule TEXT NOT NULL, category TEXT NOT NULL, sensitivity TEXT NOT NULL, confidence DOUBLE PRECISION NOT NULL,
  value_count BIGINT NOT NULL, agreeing BIGINT NOT NULL, reasons TEXT NOT NULL);
CREATE INDEX columns_by_object ON columns (datasource_id, object_key);
CREATE INDEX columns_by_job ON columns (job_id, id);

CREATE TABLE discovery_history (
  id @id, datasource_id BIGINT NOT NULL, job_id BIGINT NOT NULL, started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL DEFAULT 0, objects BIGINT NOT NULL DEFAULT 0, bytes BIGINT NOT NULL DEFAULT 0);
CREATE INDEX discovery_history_by_source ON discovery_history (datasource_id, id);

CREATE TABLE resource_leases (
  resource TEXT NOT NULL, holder TEXT NOT NULL, amount BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  PRIMARY KEY (resource, holder));
CREATE INDEX resource_leases_by_holder ON resource_leases (holder);

CREATE TABLE policies (
  id @id, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, enabled BOOLEAN NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE actions (
  id @id, policy_id BIGINT NOT NULL, job_id BIGINT NOT NULL, finding_id BIGINT NOT NULL, kind TEXT NOT NULL,
  status TEXT NOT NULL, details TEXT NOT NULL, created_at BIGINT NOT NULL, finished_at BIGINT NOT NULL DEFAULT 0);
CREATE TABLE audit_log (
  id @id, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, details TEXT NOT NULL,
  previous_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE users (
  id @id, name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, enabled BOOLEAN NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE roles (
  id @id, name TEXT NOT NULL UNIQUE, permissions TEXT NOT NULL, created_at BIGINT NOT NULL);
)sql";

// Every change of a task's status writes a new entry into each index that has the row, so there are few: the primary
// key serves listing and retention too. Hot tables are vacuumed early and leave room in their pages.
constexpr std::string_view postgresql = R"sql(
CREATE TABLE tasks (
  job_id BIGINT NOT NULL, id BIGINT GENERATED BY DEFAULT AS IDENTITY, parent_task_id BIGINT NOT NULL,
  datasource_id BIGINT NOT NULL, epoch BIGINT NOT NULL DEFAULT 0, items BIGINT NOT NULL, bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL, claimed_at BIGINT NOT NULL DEFAULT 0, finished_at BIGINT NOT NULL DEFAULT 0,
  not_before BIGINT NOT NULL DEFAULT 0, priority INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,
  isolated BOOLEAN NOT NULL DEFAULT FALSE, status TEXT NOT NULL, kind TEXT NOT NULL,
  worker_id TEXT NOT NULL DEFAULT '', work_packet TEXT NOT NULL, error TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (job_id, id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.05,
        autovacuum_vacuum_cost_delay = 1);
CREATE INDEX tasks_running ON tasks (worker_id, job_id, id) WHERE status = 'RUNNING';
CREATE TABLE task_outputs (
  job_id BIGINT NOT NULL, id BIGINT GENERATED BY DEFAULT AS IDENTITY, task_id BIGINT NOT NULL, child_kind TEXT NOT NULL,
  datasource_id BIGINT NOT NULL, items BIGINT NOT NULL, bytes BIGINT NOT NULL, payload TEXT NOT NULL,
  PRIMARY KEY (job_id, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE INDEX tasks_ready ON tasks (job_id, priority, id) WHERE status = 'READY' AND NOT isolated;
CREATE INDEX tasks_isolated ON tasks (job_id, priority, id) WHERE status = 'READY' AND isolated;
CREATE INDEX tasks_pending ON tasks (job_id, priority, id) WHERE status = 'PENDING';
CREATE INDEX tasks_waiting ON tasks (not_before, job_id, id) WHERE status = 'FAILED';
CREATE INDEX tasks_dead ON tasks (job_id, id) WHERE status = 'DEAD';
ALTER TABLE jobs SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE job_progress SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 500,
                              autovacuum_vacuum_cost_delay = 0);
ALTER TABLE workers SET (fillfactor = 50, autovacuum_vacuum_threshold = 100);
ALTER TABLE orchestrators SET (fillfactor = 50, autovacuum_vacuum_threshold = 100);
ALTER TABLE objects SET (fillfactor = 80);
)sql";

// Numbers of rows that were removed do not come back (AUTOINCREMENT): a fence would take the new for the old.
constexpr std::string_view sqlite = R"sql(
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER NOT NULL, status TEXT NOT NULL,
  priority INTEGER NOT NULL, isolated BOOLEAN NOT NULL DEFAULT FALSE, epoch INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0, worker_id TEXT NOT NULL DEFAULT '', claimed_at INTEGER NOT NULL DEFAULT 0,
  finished_at INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0, parent_task_id INTEGER NOT NULL,
  datasource_id INTEGER NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL,
  kind TEXT NOT NULL, error TEXT NOT NULL DEFAULT '', work_packet TEXT NOT NULL);
CREATE INDEX tasks_by_job ON tasks (job_id);
CREATE INDEX tasks_running ON tasks (worker_id) WHERE status = 'RUNNING';
CREATE TABLE task_outputs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER NOT NULL, task_id INTEGER NOT NULL, child_kind TEXT NOT NULL,
  datasource_id INTEGER NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL, payload TEXT NOT NULL);
CREATE INDEX task_outputs_by_job ON task_outputs (job_id);
CREATE INDEX tasks_ready ON tasks (job_id, priority, id) WHERE status = 'READY' AND NOT isolated;
CREATE INDEX tasks_isolated ON tasks (job_id, priority, id) WHERE status = 'READY' AND isolated;
CREATE INDEX tasks_pending ON tasks (job_id, priority, id) WHERE status = 'PENDING';
CREATE INDEX tasks_waiting ON tasks (not_before) WHERE status = 'FAILED';
CREATE INDEX tasks_dead ON tasks (job_id) WHERE status = 'DEAD';
)sql";

}  // namespace

const Migration migration_001_initial = {1, "initial", common, postgresql, sqlite};

}  // namespace assay::store
