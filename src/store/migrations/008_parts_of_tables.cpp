#include "store/migrations/migrations.h"

// Parts of tables are joined by a task, which reads what they left: sealed, since raw values are in it.
namespace assay::store {
namespace {

constexpr std::string_view common = R"sql(
ALTER TABLE split_objects ADD COLUMN join_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE split_objects ADD COLUMN join_payload TEXT NOT NULL DEFAULT '';

CREATE TABLE part_contents (
  id @id, job_id BIGINT NOT NULL, datasource_id BIGINT NOT NULL, object_key @key NOT NULL, part_number BIGINT NOT NULL,
  piece BIGINT NOT NULL, content @bytes NOT NULL);
CREATE UNIQUE INDEX part_contents_by_piece ON part_contents (job_id, datasource_id, object_key, part_number, piece);
)sql";

}  // namespace

const Migration migration_008_parts_of_tables = {8, "parts of tables", common, "", ""};

}  // namespace assay::store
