#include "extract/sqlite/sqlite.h"

#include <set>

#include "extract/printable.h"
#include "extract/sqlite/input_vfs.h"
#include "extract/sqlite/table_reader.h"
#include "extract/sqlite/virtual_table.h"

namespace assay::extract {
namespace {

constexpr int max_value_bytes = 32 << 20;
constexpr int64_t max_heap_bytes = int64_t{64} << 20;
constexpr int steps_between_ticks = 20'000;
constexpr size_t max_tables = 100'000;

struct Progress {
  Sink& sink;
  DatabaseSource& source;

  /// Nonzero interrupts the statement.
  static int tick(void* self) {
    auto* progress = static_cast<Progress*>(self);
    try {
      progress->sink.tick();
    } catch (...) {
      progress->source.failure = std::current_exception();
    }
    return progress->source.failure != nullptr;
  }
};

/// A schema is program text from a stranger: nothing in it may run but what reading tables needs.
void restrict(sqlite3* database) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  for (const int off : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                        SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION})
    sqlite3_db_config(database, off, 0, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, max_value_bytes);
  sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
  sqlite3_limit(database, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_limit(database, SQLITE_LIMIT_VDBE_OP, 250'000);
  sqlite3_limit(database, SQLITE_LIMIT_FUNCTION_ARG, 16);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
  for (const char* pragma : {"PRAGMA cell_size_check=ON", "PRAGMA temp_store=MEMORY", "PRAGMA mmap_size=0"})
    sqlite3_exec(database, pragma, nullptr, nullptr, nullptr);
}

/// Names of the tables that have pages of their own; `whole` tells whether the schema could be read to its end.
std::vector<std::string> list_tables(sqlite3* database, bool& whole) {
  std::vector<std::string> names;
  whole = false;
  const Statement tables =
      prepare(database,
              "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 UNION ALL SELECT 'sqlite_schema'");
  if (!tables) return names;
  int status;
  while ((status = sqlite3_step(tables.get())) == SQLITE_ROW && names.size() < max_tables)
    if (const auto* name = reinterpret_cast<const char*>(sqlite3_column_text(tables.get(), 0)); name != nullptr)
      names.emplace_back(name);
  whole = status == SQLITE_DONE;
  return names;
}

/// Tables in which virtual ones keep what they make of their content, which is in tables of its own.
struct IndexTables {
  std::set<std::string> of_texts;
  bool has_only_words = false;  ///< of a full-text table, its index is all there is
};

IndexTables index_tables(sqlite3* database) {
  IndexTables indexes;
  const Statement tables =
      prepare(database, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND rootpage = 0");
  if (!tables) return indexes;
  for (size_t i = 0; i < max_tables && sqlite3_step(tables.get()) == SQLITE_ROW; ++i) {
    const auto* name = reinterpret_cast<const char*>(sqlite3_column_text(tables.get(), 0));
    const auto* sql = reinterpret_cast<const char*>(sqlite3_column_text(tables.get(), 1));
    if (name == nullptr || sql == nullptr) continue;
    const VirtualTable table = parse_virtual_table(sql);
    indexes.has_only_words |= table.keeps_no_content;
    for (const std::string_view suffix : table.index_suffixes)
      indexes.of_texts.insert(std::string(name).append(suffix));
  }
  return indexes;
}

bool is_in_wal_mode(Input& input) {
  char versions[2] = {};
  return input.read_at(18, versions) == sizeof versions && versions[1] == 2;
}

void give_strings(Input& input, Sink& sink) {
  constexpr size_t min_characters = 6;
  sink.begin_text({.name = "strings"});
  PrintableStrings strings(min_characters, [&](std::string_view text) {
    sink.text(text);
    sink.text("\n");
  });
  char buffer[32 << 10];
  uint64_t offset = 0;
  while (const size_t n = input.read_at(offset, buffer)) {
    strings.feed({buffer, n});
    offset += n;
    sink.tick();
  }
  strings.finish();
  sink.end_text();
}

}  // namespace

void warm_up_sqlite() {
  static const bool done = [] {
    sqlite3_initialize();
    sqlite3_hard_heap_limit64(max_heap_bytes);
    register_input_vfs();
    char unused[8];
    sqlite3_randomness(sizeof unused, unused);  // seeds from the system now, while files may be opened
    return true;
  }();
  static_cast<void>(done);
}

void extract_sqlite(Input& input, const Context&, Sink& sink) {
  warm_up_sqlite();
  DatabaseSource source{&input, nullptr};
  const Database database = open_database(source);
  source.rethrow_failure();
  if (!database) throw Failure(model::VerdictKind::oom, "database connection");
  restrict(database.get());
  Progress progress{sink, source};
  sqlite3_progress_handler(database.get(), steps_between_ticks, Progress::tick, &progress);
  bool whole = false;
  const auto tables = list_tables(database.get(), whole);
  source.rethrow_failure();
  if (!whole && tables.empty()) {
    give_strings(input, sink);
    throw Failure(model::VerdictKind::partial, "damaged database schema: only its strings were read");
  }
  const IndexTables indexes = index_tables(database.get());
  for (const std::string& table : tables)
    TableReader(database.get(), source, table, indexes.of_texts.contains(table), sink).read();
  if (indexes.has_only_words) sink.partial("a full-text index keeps words and no texts: they are not read");
  if (!whole) sink.partial("damaged database schema");
  if (is_in_wal_mode(input)) sink.may_lack_log();
}

}  // namespace assay::extract
