#include "store/migrations/migrations.h"

// Why the tables look as they do:
// - key_envelope has one row. Whoever changes keys or seals values locks it first, so that a value is never sealed with
//   a key that is being removed.
// - All that is secret is sealed before it comes here (src/secure/); key_generation says with which data key.
namespace assay::store {
namespace {

constexpr std::string_view common = R"sql(
CREATE TABLE key_envelope (
  id INTEGER PRIMARY KEY CHECK (id = 1), envelope_id TEXT NOT NULL, version BIGINT NOT NULL, derivation TEXT NOT NULL,
  rounds BIGINT NOT NULL, memory_bytes BIGINT NOT NULL, salt @bytes NOT NULL, created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL);
CREATE TABLE keys (
  purpose @key NOT NULL, generation BIGINT NOT NULL, is_active BOOLEAN NOT NULL, wrapped @bytes NOT NULL,
  created_at BIGINT NOT NULL, PRIMARY KEY (purpose, generation));
CREATE TABLE credentials (
  name @key PRIMARY KEY, key_generation BIGINT NOT NULL, version BIGINT NOT NULL, sealed @bytes NOT NULL,
  created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL);
CREATE INDEX credentials_by_key ON credentials (key_generation, name);
)sql";

}  // namespace

const Migration migration_004_keys = {4, "keys", common, "", ""};

}  // namespace assay::store
