#include "store/sql_store.h"

// Keys and credentials, sealed (src/secure/). Whoever writes locks the envelope first; key changes check its version.
namespace assay::store {
namespace {

using secure::CredentialFacts;
using secure::KeyEnvelope;
using secure::SealedCredential;
using secure::WrappedKey;

#define ASSAY_CREDENTIAL_FACTS "name, key_generation, version, created_at, changed_at"

sql::Blob blob(std::string_view bytes) { return {bytes}; }

CredentialFacts facts(const sql::Rows& rows, size_t row) {
  return {.name = std::string(rows.text(row, 0)),
          .key_generation = rows.integer(row, 1),
          .version = rows.integer(row, 2),
          .created_at = rows.integer(row, 3),
          .changed_at = rows.integer(row, 4)};
}

SealedCredential sealed_credential(const sql::Rows& rows, size_t row) {
  return {.facts = facts(rows, row), .sealed = std::string(rows.text(row, 5))};
}

/// The envelope's version, its row locked; 0 when there is none.
int64_t lock_envelope(sql::Connection& c, const Statements& text) {
  const sql::Rows rows = query(c, text("SELECT version FROM key_envelope WHERE id = 1 @lock"));
  return rows.empty() ? 0 : rows.integer(0, 0);
}

bool is_active_data_key(sql::Connection& c, int64_t generation) {
  return !query(c, "SELECT 1 FROM keys WHERE purpose = 'data' AND generation = $1 AND is_active", generation).empty();
}

void grow_version(sql::Connection& c, const Statements& text) {
  execute(c, text("UPDATE key_envelope SET version = version + 1, changed_at = @now WHERE id = 1"));
}

bool is_envelope(sql::Connection& c, std::string_view id) {
  return !query(c, "SELECT 1 FROM key_envelope WHERE envelope_id = $1", id).empty();
}

}  // namespace

std::optional<KeyEnvelope> SqlStore::find_key_envelope() {
  return reading<std::optional<KeyEnvelope>>([&](sql::Connection& c) -> std::optional<KeyEnvelope> {
    // One statement: the envelope and its keys are of one moment.
    const sql::Rows rows =
        query(c,
              "SELECT e.envelope_id, e.version, e.derivation, e.rounds, e.memory_bytes, e.salt, e.created_at, "
              "e.changed_at, k.purpose, k.generation, k.is_active, k.wrapped, k.created_at "
              "FROM key_envelope e CROSS JOIN keys k ORDER BY k.purpose, k.generation");
    if (rows.empty()) return std::nullopt;
    KeyEnvelope envelope{.id = std::string(rows.text(0, 0)),
                         .version = rows.integer(0, 1),
                         .derivation = std::string(rows.text(0, 2)),
                         .rounds = rows.integer(0, 3),
                         .memory_bytes = rows.integer(0, 4),
                         .salt = std::string(rows.text(0, 5)),
                         .created_at = rows.integer(0, 6),
                         .changed_at = rows.integer(0, 7),
                         .keys = {}};
    envelope.keys = each_row(rows, [](const sql::Rows& all, size_t row) {
      return WrappedKey{.purpose = std::string(all.text(row, 8)),
                        .generation = all.integer(row, 9),
                        .is_active = all.boolean(row, 10),
                        .wrapped = std::string(all.text(row, 11)),
                        .created_at = all.integer(row, 12)};
    });
    return envelope;
  });
}

bool SqlStore::create_key_envelope(const KeyEnvelope& envelope) {
  bool is_created = false;
  write(
      "create_key_envelope",
      [&](sql::Connection& c) {
        is_created = execute(c,
                             text_("INSERT INTO key_envelope (id, envelope_id, version, derivation, rounds, "
                                   "memory_bytes, salt, created_at, changed_at) VALUES (1, $1, $2, $3, $4, $5, $6, "
                                   "@now, @now) ON CONFLICT (id) DO NOTHING"),
                             envelope.id, envelope.version, envelope.derivation, envelope.rounds, envelope.memory_bytes,
                             blob(envelope.salt)) == 1;
        if (!is_created) return;
        Batch keys(4);
        for (const WrappedKey& key : envelope.keys)
          keys.add(key.purpose, key.generation, key.is_active, blob(key.wrapped));
        keys.run(c, text_("INSERT INTO keys (purpose, generation, is_active, wrapped, created_at) "
                          "VALUES ($1, $2, $3, $4, @now)"));
      },
      [&](sql::Connection& c) { return is_envelope(c, envelope.id); });
  return is_created;
}

bool SqlStore::rewrap_keys(const KeyEnvelope& envelope, int64_t version) {
  bool is_done = false;
  write(
      "rewrap_keys",
      [&](sql::Connection& c) {
        is_done = lock_envelope(c, text_) == version;
        if (!is_done) return;
        execute(c,
                text_("UPDATE key_envelope SET envelope_id = $1, version = version + 1, derivation = $2, rounds = $3, "
                      "memory_bytes = $4, salt = $5, changed_at = @now WHERE id = 1"),
                envelope.id, envelope.derivation, envelope.rounds, envelope.memory_bytes, blob(envelope.salt));
        Batch keys(3);
        for (const WrappedKey& key : envelope.keys) keys.add(key.purpose, key.generation, blob(key.wrapped));
        const uint64_t rewrapped =
            keys.run(c, text_("UPDATE keys SET wrapped = $3 WHERE purpose = $1 AND generation = $2"));
        if (rewrapped != envelope.keys.size() ||
            static_cast<size_t>(query(c, "SELECT COUNT(*) FROM keys").integer(0, 0)) != envelope.keys.size())
          throw core::Error(core::ErrorKind::bug, "keys changed without their version");
      },
      [&](sql::Connection& c) { return is_envelope(c, envelope.id); });
  return is_done;
}

bool SqlStore::add_data_key(const WrappedKey& key, int64_t version) {
  bool is_added = false;
  write(
      "add_data_key",
      [&](sql::Connection& c) {
        is_added = lock_envelope(c, text_) == version;
        if (!is_added) return;
        execute(c, "UPDATE keys SET is_active = FALSE WHERE purpose = 'data'");
        execute(c,
                text_("INSERT INTO keys (purpose, generation, is_active, wrapped, created_at) "
                      "VALUES ('data', $1, TRUE, $2, @now)"),
                key.generation, blob(key.wrapped));
        grow_version(c, text_);
      },
      [&](sql::Connection& c) {
        return !query(c, "SELECT 1 FROM keys WHERE purpose = 'data' AND generation = $1 AND wrapped = $2",
                      key.generation, blob(key.wrapped))
                    .empty();
      });
  return is_added;
}

size_t SqlStore::remove_unused_data_keys() {
  return writing<size_t>("remove_unused_data_keys", [&](sql::Connection& c) -> size_t {
    if (lock_envelope(c, text_) == 0) return 0;
    const uint64_t removed = execute(c,
                                     "DELETE FROM keys WHERE purpose = 'data' AND NOT is_active AND NOT EXISTS "
                                     "(SELECT 1 FROM credentials c WHERE c.key_generation = keys.generation)");
    if (removed > 0) grow_version(c, text_);
    return removed;
  });
}

bool SqlStore::put_credential(std::string_view name, int64_t key_generation, std::string_view sealed) {
  return writing<bool>("put_credential", [&](sql::Connection& c) {
    if (lock_envelope(c, text_) == 0 || !is_active_data_key(c, key_generation)) return false;
    execute(c,
            text_("INSERT INTO credentials AS c (name, key_generation, version, sealed, created_at, changed_at) "
                  "VALUES ($1, $2, 1, $3, @now, @now) ON CONFLICT (name) DO UPDATE SET key_generation = $2, "
                  "version = c.version + 1, sealed = $3, changed_at = @now"),
            name, key_generation, blob(sealed));
    return true;
  });
}

std::optional<SealedCredential> SqlStore::find_credential(std::string_view name) {
  return reading<std::optional<SealedCredential>>([&](sql::Connection& c) -> std::optional<SealedCredential> {
    const sql::Rows rows = query(c, "SELECT " ASSAY_CREDENTIAL_FACTS ", sealed FROM credentials WHERE name = $1", name);
    if (rows.empty()) return std::nullopt;
    return sealed_credential(rows, 0);
  });
}

std::vector<CredentialFacts> SqlStore::list_credentials() {
  return reading<std::vector<CredentialFacts>>([&](sql::Connection& c) {
    return each_row(query(c, "SELECT " ASSAY_CREDENTIAL_FACTS " FROM credentials ORDER BY name"), facts);
  });
}

bool SqlStore::remove_credential(std::string_view name) {
  return writing<bool>("remove_credential", [&](sql::Connection& c) {
    return execute(c, "DELETE FROM credentials WHERE name = $1", name) == 1;
  });
}

std::vector<SealedCredential> SqlStore::credentials_of_old_keys(size_t most) {
  return reading<std::vector<SealedCredential>>([&](sql::Connection& c) {
    return each_row(query(c,
                          "SELECT " ASSAY_CREDENTIAL_FACTS
                          ", sealed FROM credentials WHERE key_generation IN (SELECT generation FROM keys WHERE "
                          "purpose = 'data' AND NOT is_active) ORDER BY key_generation, name LIMIT $1",
                          most),
                    sealed_credential);
  });
}

bool SqlStore::reseal_credential(const SealedCredential& credential) {
  const CredentialFacts& facts = credential.facts;
  bool is_done = false;
  write(
      "reseal_credential",
      [&](sql::Connection& c) {
        is_done = lock_envelope(c, text_) != 0 && is_active_data_key(c, facts.key_generation) &&
                  execute(c,
                          "UPDATE credentials SET key_generation = $3, version = version + 1, sealed = $4 "
                          "WHERE name = $1 AND version = $2",
                          facts.name, facts.version, facts.key_generation, blob(credential.sealed)) == 1;
      },
      [&](sql::Connection& c) {
        return !query(c, "SELECT 1 FROM credentials WHERE name = $1 AND sealed = $2", facts.name,
                      blob(credential.sealed))
                    .empty();
      });
  return is_done;
}

}  // namespace assay::store
