#include "store/migrations/migrations.h"

// What changed since an orchestrator looked last, without a look at all that it holds.
// - changed_in says which transaction wrote a row of counters last, in the order in which they began (PostgreSQL) or
//   committed (SQLite); leases.cpp tells how the one is as good as the other.
// - changes counts the writes, so that a sum over a job's rows is another number whenever one of them moved.
// - Commands are rare, and are looked for often.
namespace assay::store {
namespace {

constexpr std::string_view common = R"sql(
ALTER TABLE job_progress ADD COLUMN changed_in BIGINT NOT NULL DEFAULT 0;
ALTER TABLE job_progress ADD COLUMN changes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX job_progress_changed ON job_progress (changed_in);
CREATE INDEX jobs_commanded ON jobs (orchestrator_id) WHERE master_pending_commands <> '';
)sql";

}  // namespace

const Migration migration_005_change_marks = {5, "change marks", common, "", ""};

}  // namespace assay::store
