#include "sql/sqlite_error.h"

#include <fmt/format.h>

#include "core/printable.h"

namespace assay::sql {
namespace {

constexpr size_t max_message_bytes = 500;

struct Meaning {
  core::ErrorKind kind;
  Trouble trouble;
};

Meaning meaning_of(int code, std::string_view message) {
  using enum core::ErrorKind;
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return {permanent, Trouble::unique_violation};
    case SQLITE_BUSY_SNAPSHOT: return {transient, Trouble::conflict};
    default: break;
  }
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {transient, Trouble::busy};
    case SQLITE_INTERRUPT: return {transient, Trouble::cancelled};
    case SQLITE_FULL: return {transient, Trouble::full};
    case SQLITE_NOMEM: return {transient, Trouble::other};
    case SQLITE_READONLY: return {permanent, Trouble::read_only};
    case SQLITE_AUTH:
    case SQLITE_PERM: return {denied, Trouble::other};
    case SQLITE_NOTADB: return {bad_input, Trouble::other};
    case SQLITE_MISUSE: return {bug, Trouble::other};
    case SQLITE_ERROR:
      return {message.starts_with("no such table") ? core::ErrorKind::not_found : permanent, Trouble::other};
    default: return {permanent, Trouble::other};
  }
}

}  // namespace

Error sqlite_error(sqlite3* database, int code, SqliteStage stage) {
  std::string message = sqlite3_errmsg(database);
  const Meaning meaning = meaning_of(code, message);
  const bool is_safe = stage == SqliteStage::prepare || code != SQLITE_ERROR || message.starts_with("no such table");
  if (!is_safe) message = "a function refused its input";
  return {meaning.kind, meaning.trouble, fmt::format("SQLite: {}", core::printable(message, max_message_bytes))};
}

bool is_sqlite_lost(int code) noexcept {
  switch (code & 0xFF) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_PROTOCOL: return true;
    default: return false;
  }
}

}  // namespace assay::sql
