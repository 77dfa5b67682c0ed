#include "store/migrations/migrations.h"

// What the ranges of large objects leave until all have been read: then it is joined and goes to objects and findings,
// and is removed here.
namespace assay::store {
namespace {

constexpr std::string_view common = R"sql(
CREATE TABLE split_objects (
  id @id, job_id BIGINT NOT NULL, datasource_id BIGINT NOT NULL, object_key @key NOT NULL, path TEXT NOT NULL,
  format TEXT NOT NULL, bytes BIGINT NOT NULL, mtime_ns BIGINT NOT NULL, change_id TEXT NOT NULL,
  parts BIGINT NOT NULL, parts_done BIGINT NOT NULL DEFAULT 0, settled_with BIGINT NOT NULL DEFAULT -1,
  met BIGINT NOT NULL DEFAULT 0, encoding TEXT NOT NULL DEFAULT '',
  most_met BIGINT NOT NULL, most_kept BIGINT NOT NULL, too_many TEXT NOT NULL,
  whole_kind TEXT NOT NULL, whole_bytes BIGINT NOT NULL, whole_payload TEXT NOT NULL);
CREATE UNIQUE INDEX split_objects_by_key ON split_objects (job_id, datasource_id, object_key);

CREATE TABLE object_parts (
  id @id, job_id BIGINT NOT NULL, datasource_id BIGINT NOT NULL, object_key @key NOT NULL, part_number BIGINT NOT NULL,
  begin_byte BIGINT NOT NULL, bytes BIGINT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL,
  is_measured BOOLEAN NOT NULL, text_bytes BIGINT NOT NULL, code_points BIGINT NOT NULL, newlines BIGINT NOT NULL,
  tail_code_points BIGINT NOT NULL, encoding TEXT NOT NULL, fits BOOLEAN NOT NULL, met BIGINT NOT NULL,
  findings BIGINT NOT NULL);
CREATE UNIQUE INDEX object_parts_by_key ON object_parts (job_id, datasource_id, object_key, part_number);

CREATE TABLE part_findings (
  id @id, job_id BIGINT NOT NULL, task_id BIGINT NOT NULL, datasource_id BIGINT NOT NULL, object_key @key NOT NULL,
  part_number BIGINT NOT NULL, line BIGINT NOT NULL, line_column BIGINT NOT NULL, entity TEXT NOT NULL,
  rule TEXT NOT NULL, pattern TEXT NOT NULL, category TEXT NOT NULL, sensitivity TEXT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL, reasons TEXT NOT NULL, start_byte BIGINT NOT NULL, end_byte BIGINT NOT NULL,
  start_code_point BIGINT NOT NULL, end_code_point BIGINT NOT NULL, masked TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE INDEX part_findings_by_part ON part_findings (job_id, datasource_id, object_key, part_number, id);
)sql";

}  // namespace

const Migration migration_002_parts_of_objects = {2, "parts of objects", common, "", ""};

}  // namespace assay::store
