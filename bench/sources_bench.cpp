#include <fmt/format.h>
#include <sched.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "bench.h"
#include "buckets_bench.h"
#include "command.h"
#include "core/error.h"
#include "sql/connection.h"
#include "table_in_memory.h"
#include "tests/support/mariadb_server.h"
#include "tests/support/postgres_server.h"

// A table of ten text columns in databases on this machine: a scan of it with all detectors against the program with
// which people take a table out of that database, and against what the classifier alone could do.
namespace assay::bench {
namespace {

namespace fs = std::filesystem;

// So many that what it takes to start a scan is a small part of it; in few there is something to find, as in most
// tables, and since a finding costs more than a cell that holds none.
constexpr uint64_t row_count = 2'000'000;
constexpr uint64_t findings_every = 100;
constexpr uint64_t dense_row_count = 100'000;
constexpr int rounds = 5;
constexpr double most_memory_mib = 300;
constexpr const char* table_name = "orders";

/// Two processors for servers, programs and this process alike, whatever the machine has.
class TwoProcessors {
 public:
  TwoProcessors() {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t two;
    CPU_ZERO(&two);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&two) < 2; ++cpu)
      if (CPU_ISSET(cpu, &before_)) CPU_SET(cpu, &two);
    ::sched_setaffinity(0, sizeof two, &two);
  }
  ~TwoProcessors() { ::sched_setaffinity(0, sizeof before_, &before_); }
  TwoProcessors(const TwoProcessors&) = delete;
  TwoProcessors& operator=(const TwoProcessors&) = delete;

 private:
  cpu_set_t before_;
};

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / fmt::format("assay-sources-bench-{}", ::getpid())) {
    fs::create_directories(path_);
    fs::permissions(path_, fs::perms::others_exec | fs::perms::others_read, fs::perm_options::add);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string create_statement(const char* name) {
  std::string columns;
  for (const std::string_view column : mixed_columns)
    columns += fmt::format("{}{} text", columns.empty() ? "" : ", ", column);
  return fmt::format("CREATE TABLE {} ({})", name, columns);
}

void show(const std::string& what, uint64_t of_rows, const Times& times, double cpu_s = 0) {
  const auto rows = static_cast<double>(of_rows);
  fmt::print("  {:<44} {:>10.3g} rows/s {:>10.3g} cells/s, median {:>10.3g} rows/s", what, rows / times.best_s,
             rows * mixed_columns.size() / times.best_s, rows / times.median_s);
  // What else runs on the machine changes it little.
  if (cpu_s != 0) fmt::print(", {:.3g} s of processor a million rows", cpu_s / rows * 1e6);
  fmt::print("\n");
}

/// What the classifier can do with the same table.
struct Alone {
  explicit Alone(const Cells& cells) : classifier(cells), stream(cells) {}
  ClassifierAlone classifier;
  StreamAlone stream;
};

/// Ours against the slower of the peer and the classifier alone, in turns.
/// `is_one_process`: what takes out and what classifies are one thread, so that the limit is both, one after the other.
void compare(const std::string& engine, const std::vector<std::string>& scan, const char* peer,
             const std::function<double()>& take_out, Alone& alone, bool is_one_process = false) {
  double scan_cpu_s = 1e9, peer_cpu_s = 1e9;
  std::vector<std::function<void()>> works = {[&] { scan_cpu_s = std::min(scan_cpu_s, run_program(scan)); },
                                              [&] { peer_cpu_s = std::min(peer_cpu_s, take_out()); },
                                              [&] { alone.classifier(); }};
  if (!is_one_process) works.emplace_back([&] { alone.stream(); });
  const auto times = take_turns(rounds, works);
  show(engine + ": scan", row_count, times[0], scan_cpu_s);
  show(fmt::format("{}: {}", engine, peer), row_count, times[1], peer_cpu_s);
  show("the classifier alone", row_count, times[2]);
  if (!is_one_process) show("a stream of rows in memory, then classifier", row_count, times[3]);
  const auto speed = [](double seconds) { return static_cast<double>(row_count) / seconds; };
  const auto against = [&](const std::string& what, double Times::* of) {
    const bool is_peer_slower = times[1].*of > times[2].*of;
    const double bound_s = is_one_process ? times[1].*of + times[2].*of : times[is_peer_slower ? 1 : 2].*of;
    row(what, speed(times[0].*of), "rows/s",
        is_one_process   ? fmt::format("{}, then classifier", peer)
        : is_peer_slower ? peer
                         : "the classifier alone",
        speed(bound_s), 0.8, true);
  };
  against(engine + ": a table of 10 columns", &Times::best_s);
  against(engine + ": a table of 10 columns, median", &Times::median_s);
}

void show_memory(const std::string& what, const std::vector<std::string>& scan) {
  row(what, static_cast<double>(peak_memory_of(scan)) / (1 << 20), "MiB", "the bound, MiB", most_memory_mib, 1.0,
      false);
}

/// More columns of a SELECT list, each with the same value.
std::string long_cells(const char* value, int columns) {
  std::string list;
  for (int i = 0; i < columns; ++i) list += fmt::format(", {} AS c{}", value, i);
  return list;
}

/// Without a bound: each finding is masked, keyed, sent and told, which is no matter of the source's.
void show_dense(const std::string& url, const std::function<void(const std::string&)>& psql, const std::string& file) {
  const Cells cells(file, dense_row_count, 1);
  ClassifierAlone classifier(cells);
  psql(create_statement("dense"));
  psql(fmt::format("\\copy dense FROM '{}'", file));
  const std::vector<std::string> scan = {assay_program(), "scan", "-q", "--include", "public/dense", url};
  const auto times = take_turns(rounds, {[&] { run_program(scan); }, [&] { classifier(); }});
  show("postgresql: scan, findings in every row", dense_row_count, times[0]);
  show("the classifier alone", dense_row_count, times[1]);
}

void measure_postgresql(const std::string& file, Alone& alone) {
  const test::PostgresServer server;
  const std::string url = server.tcp_url();
  const auto psql = [&](const std::string& sql) {
    return run_program({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, url});
  };
  psql(create_statement(table_name));
  psql(fmt::format("\\copy {} FROM '{}'", table_name, file));
  psql(fmt::format("VACUUM ANALYZE {}", table_name));
  const std::vector<std::string> scan = {assay_program(), "scan", "-q", url};
  compare(
      "postgresql", scan, "psql, COPY TO STDOUT",
      [&] { return psql(fmt::format("COPY (SELECT * FROM {}) TO STDOUT", table_name)); }, alone);
  show_memory("postgresql: memory of a scan of that table", scan);
  for (const int columns : {1, 8}) {
    psql(fmt::format("CREATE TABLE wide{} AS SELECT n {} FROM generate_series(1, 10) n", columns,
                     long_cells("repeat(md5(n::text), 524288)", columns)));
    show_memory(fmt::format("postgresql: memory, rows of {} cells of 16 MiB", columns),
                {assay_program(), "scan", "-q", "--include", fmt::format("public/wide{}", columns), url});
  }
  show_dense(url, psql, file + "-dense");
}

void measure_mariadb(const std::string& file, Alone& alone) {
  const test::MariadbServer server;
  const std::string port = fmt::format("-P{}", server.port());
  const auto mariadb = [&](const std::string& sql) {
    return run_program({"mariadb", "--no-defaults", "-h127.0.0.1", port, "-uassay", "--local-infile=1", "--quick", "-N",
                        "-B", "test", "-e", sql});
  };
  server.run("", "CREATE DATABASE test CHARACTER SET utf8mb4");
  server.run("test", create_statement(table_name));
  mariadb(fmt::format("LOAD DATA LOCAL INFILE '{}' INTO TABLE {}", file, table_name));
  const std::vector<std::string> scan = {assay_program(),    "scan",      "-q",
                                         server.url("test"), "--setting", "ssl_mode=off"};
  compare(
      "mariadb", scan, "mariadb --quick", [&] { return mariadb(fmt::format("SELECT * FROM {}", table_name)); }, alone);
  show_memory("mariadb: memory of a scan of that table", scan);
  for (const int columns : {1, 8}) {
    server.run("test", fmt::format("CREATE TABLE wide{} AS SELECT seq AS n {} FROM seq_1_to_10", columns,
                                   long_cells("repeat(md5(seq), 524288)", columns)));
    show_memory(fmt::format("mariadb: memory, rows of {} cells of 16 MiB", columns),
                {assay_program(), "scan", "-q", "--include", fmt::format("wide{}", columns), server.url("test"),
                 "--setting", "ssl_mode=off"});
  }
}

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct FinaliseStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

void write_database(const std::string& path, const Cells& cells) {
  const auto database = sql::connect({.url = "sqlite:" + path, .application_name = {}, .now_ms = {}});
  database->run_script("PRAGMA journal_mode=DELETE; " + create_statement(table_name));
  std::string insert = fmt::format("INSERT INTO {} VALUES (", table_name);
  for (size_t i = 1; i <= mixed_columns.size(); ++i) insert += fmt::format("{}${}", i == 1 ? "" : ", ", i);
  database->begin();
  for (uint64_t n = 0; n < cells.rows(); ++n) {
    std::vector<sql::Value> values;
    for (const std::string_view cell : cells.row(n)) values.push_back(cell.empty() ? sql::Value() : sql::Value(cell));
    database->execute(insert + ")", values);
  }
  database->commit();
}

/// Every cell's bytes, as anybody gets them from the library.
double step_through(const std::string& path) {
  const double before_s = processor_seconds();
  sqlite3* opened = nullptr;
  uint64_t bytes = 0, rows = 0;
  const bool is_open = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK;
  const std::unique_ptr<sqlite3, CloseDatabase> database(opened);
  sqlite3_stmt* prepared = nullptr;
  if (is_open) sqlite3_prepare_v2(opened, fmt::format("SELECT * FROM {}", table_name).c_str(), -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, FinaliseStatement> statement(prepared);
  for (; prepared != nullptr && sqlite3_step(prepared) == SQLITE_ROW; ++rows)
    for (int i = 0; i < static_cast<int>(mixed_columns.size()); ++i)
      if (sqlite3_column_text(prepared, i) != nullptr)
        bytes += static_cast<uint64_t>(sqlite3_column_bytes(prepared, i));
  if (rows != row_count || bytes == 0) throw core::Error(core::ErrorKind::bug, "the database cannot be read");
  return processor_seconds() - before_s;
}

void measure_sqlite(const std::string& path, const Cells& cells, Alone& alone) {
  write_database(path, cells);
  const std::vector<std::string> scan = {assay_program(), "scan", "-q", path};
  compare("sqlite", scan, "sqlite3_step", [&] { return step_through(path); }, alone, true);
  show_memory("sqlite: memory of a scan of that table", scan);
}

}  // namespace

void run_sources_bench(std::string_view only) {
  const auto wanted = [&](std::string_view kind) { return only.empty() || only == kind; };
  if (fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);  // so that no disk is measured
  const TwoProcessors two;
  const Folder folder;
  fmt::print("\nSources, two processors for servers and programs together\n");
  if (wanted("buckets")) measure_buckets();
  if (only == "buckets") return;
  const std::string file = folder.file("table.tsv");
  const Cells cells(file, row_count, findings_every);
  Alone alone(cells);
  if (wanted("postgresql")) measure_postgresql(file, alone);
  if (wanted("mariadb")) measure_mariadb(file, alone);
  if (wanted("sqlite")) measure_sqlite(folder.file("table.db"), cells, alone);
}

}  // namespace assay::bench
