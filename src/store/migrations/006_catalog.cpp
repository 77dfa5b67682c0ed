#include "store/migrations/migrations.h"

// Why the tables look as they do:
// - A table of a database is the object that it lies in: its table_key is ''. Of tables in files it is a digest of
//   member and name, so that one object has many.
// - description_hash '' is a table that nothing describes but a verdict on a column: it is shown, and what becomes of
//   it is not followed. described_job_id is the last job that described it; an earlier one does not do so again.
// - What changed is kept in words, since descriptions are replaced; how far back, retention says.
namespace assay::store {
namespace {

constexpr std::string_view common = R"sql(
CREATE TABLE catalog_tables (
  id @id, datasource_id BIGINT NOT NULL, object_key @key NOT NULL, table_key @key NOT NULL, path TEXT NOT NULL,
  member TEXT NOT NULL, table_name TEXT NOT NULL, schema_name TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT '', comment TEXT NOT NULL DEFAULT '', column_count BIGINT NOT NULL DEFAULT 0,
  estimated_rows BIGINT NOT NULL DEFAULT -1, bytes BIGINT NOT NULL DEFAULT -1,
  description_hash TEXT NOT NULL DEFAULT '', described_job_id BIGINT NOT NULL DEFAULT 0,
  seen_job_id BIGINT NOT NULL DEFAULT 0, first_seen_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL,
  vanished_at BIGINT NOT NULL DEFAULT 0, profiled_at BIGINT NOT NULL DEFAULT 0,
  profiled_rows BIGINT NOT NULL DEFAULT -1, is_sample BOOLEAN NOT NULL DEFAULT FALSE);
CREATE UNIQUE INDEX catalog_tables_by_key ON catalog_tables (datasource_id, object_key, table_key);
CREATE INDEX catalog_tables_in_order ON catalog_tables (datasource_id, id);

CREATE TABLE catalog_columns (
  table_id BIGINT NOT NULL, position BIGINT NOT NULL, name TEXT NOT NULL, native_type TEXT NOT NULL,
  comment TEXT NOT NULL, is_nullable BOOLEAN NOT NULL, key_position BIGINT NOT NULL, profile TEXT NOT NULL,
  PRIMARY KEY (table_id, position));

CREATE TABLE catalog_changes (
  id @id, datasource_id BIGINT NOT NULL, job_id BIGINT NOT NULL, at BIGINT NOT NULL, what TEXT NOT NULL,
  table_label TEXT NOT NULL, column_name TEXT NOT NULL, aspect TEXT NOT NULL, before_text TEXT NOT NULL,
  after_text TEXT NOT NULL);
CREATE INDEX catalog_changes_by_run ON catalog_changes (datasource_id, job_id, id);

ALTER TABLE discovery_history ADD COLUMN is_complete BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE discovery_history ADD COLUMN tables BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX discovery_history_by_run ON discovery_history (datasource_id, job_id);
)sql";

}  // namespace

const Migration migration_006_catalog = {6, "catalog", common, "", ""};

}  // namespace assay::store
