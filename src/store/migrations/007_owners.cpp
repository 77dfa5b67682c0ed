#include "store/migrations/migrations.h"

// Whose an object is: who is asked first about what was found in it.
namespace assay::store {

const Migration migration_007_owners = {7, "owners", "ALTER TABLE objects ADD COLUMN owner TEXT NOT NULL DEFAULT '';\n",
                                        "", ""};

}  // namespace assay::store
