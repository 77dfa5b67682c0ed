#include "store/migrations/migrations.h"

// Findings that a comment in the line suppresses are not kept, and how many there were belongs to the object: a count
// of the job would count an object twice that was read twice.
namespace assay::store {

const Migration migration_003_suppressed = {
    3, "suppressed", "ALTER TABLE objects ADD COLUMN suppressed BIGINT NOT NULL DEFAULT 0;\n", "", ""};

}  // namespace assay::store
