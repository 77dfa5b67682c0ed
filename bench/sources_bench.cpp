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
#include "classify/classifier.h"
#include "classify/rule_loader.h"
#include "classify/table_scanner.h"
#include "command.h"
#include "core/error.h"
#include "sql/connection.h"
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

/// A table's cells in memory, and a file of them as PostgreSQL's and MariaDB's text formats write it.
class Cells {
 public:
  using Row = std::array<std::string_view, mixed_columns.size()>;

  Cells(const std::string& file, uint64_t rows, uint64_t every) : rows_(rows) {
    std::ofstream out(file, std::ios::binary);
    ends_.reserve(rows * mixed_columns.size());
    for (uint64_t n = 0; n < rows; ++n) {
      const MixedRow row = mixed_row(n, every);
      for (size_t i = 0; i < row.size(); ++i) {
        text_ += row[i];
        ends_.push_back(text_.size());
        out << (i == 0 ? "" : "\t") << (row[i].empty() ? "\\N" : row[i]);
      }
      out << '\n';
    }
    if (!out.flush()) throw core::Error(core::ErrorKind::transient, "there is no room for the table");
  }
  uint64_t rows() const { return rows_; }
  Row row(uint64_t n) const {
    Row cells;
    for (size_t i = 0; i < cells.size(); ++i) {
      const size_t at = n * cells.size() + i, begin = at == 0 ? 0 : ends_[at - 1];
      cells[i] = std::string_view(text_).substr(begin, ends_[at] - begin);
    }
    return cells;
  }

 private:
  const uint64_t rows_;
  std::string text_;
  std::vector<size_t> ends_;
};

class Ignore final : public classify::TableSink {
 public:
  void on_cell_match(const classify::Match&, uint64_t, uint32_t, size_t, size_t, std::string_view) override {}
  void on_column(const classify::ColumnVerdict&) override {}
};

/// One thread, since a table is read from its beginning to its end by one.
class ClassifierAlone {
 public:
  explicit ClassifierAlone(const Cells& cells)
      : cells_(cells),
        classifier_(classify::load_rules(classify::builtin_rule_sources())),
        scratch_(classifier_.rules()) {}
  void operator()() {
    Ignore sink;
    classify::TableScanner scanner(classifier_, scratch_, 0.5F, sink);
    scanner.begin(std::vector<std::string>(mixed_columns.begin(), mixed_columns.end()));
    for (uint64_t n = 0; n < cells_.rows(); ++n) scanner.row(n + 1, cells_.row(n));
    scanner.finish();
  }
  uint64_t rows() const { return cells_.rows(); }

 private:
  const Cells& cells_;
  classify::Classifier classifier_;
  classify::Scratch scratch_;
};

std::string create_statement(const char* name) {
  std::string columns;
  for (const std::string_view column : mixed_columns)
    columns += fmt::format("{}{} text", columns.empty() ? "" : ", ", column);
  return fmt::format("CREATE TABLE {} ({})", name, columns);
}

void show(const std::string& what, uint64_t of_rows, const Times& times) {
  const auto rows = static_cast<double>(of_rows);
  fmt::print("  {:<44} {:>10.3g} rows/s {:>10.3g} cells/s, median {:>10.3g} rows/s\n", what, rows / times.best_s,
             rows * mixed_columns.size() / times.best_s, rows / times.median_s);
}

/// Ours against the slower of the peer and the classifier alone, in turns.
/// `is_one_process`: what takes out and what classifies are one thread, so that the limit is both, one after the other.
void compare(const std::string& engine, const std::vector<std::string>& scan, const char* peer,
             const std::function<void()>& take_out, ClassifierAlone& classifier, bool is_one_process = false) {
  const auto times = take_turns(rounds, {[&] { run_program(scan); }, take_out, [&] { classifier(); }});
  show(engine + ": scan", row_count, times[0]);
  show(fmt::format("{}: {}", engine, peer), row_count, times[1]);
  show("the classifier alone", row_count, times[2]);
  const auto speed = [](double seconds) { return static_cast<double>(row_count) / seconds; };
  const bool is_peer_slower = times[1].best_s > times[2].best_s;
  Times bound = times[is_peer_slower ? 1 : 2];
  std::string against = is_peer_slower ? peer : "the classifier alone";
  if (is_one_process) {
    bound = {times[1].best_s + times[2].best_s, times[1].median_s + times[2].median_s};
    against = fmt::format("{}, then classifier", peer);
  }
  row(engine + ": a table of 10 columns", speed(times[0].best_s), "rows/s", against, speed(bound.best_s), 0.8, true);
  row(engine + ": a table of 10 columns, median", speed(times[0].median_s), "rows/s", against, speed(bound.median_s),
      0.8, true);
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

void measure_postgresql(const std::string& file, ClassifierAlone& classifier) {
  const test::PostgresServer server;
  const std::string url = server.tcp_url();
  const auto psql = [&](const std::string& sql) {
    run_program({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, url});
  };
  psql(create_statement(table_name));
  psql(fmt::format("\\copy {} FROM '{}'", table_name, file));
  psql(fmt::format("VACUUM ANALYZE {}", table_name));
  const std::vector<std::string> scan = {assay_program(), "scan", "-q", url};
  compare(
      "postgresql", scan, "psql, COPY TO STDOUT",
      [&] { psql(fmt::format("COPY (SELECT * FROM {}) TO STDOUT", table_name)); }, classifier);
  show_memory("postgresql: memory of a scan of that table", scan);
  for (const int columns : {1, 8}) {
    psql(fmt::format("CREATE TABLE wide{} AS SELECT n {} FROM generate_series(1, 10) n", columns,
                     long_cells("repeat(md5(n::text), 524288)", columns)));
    show_memory(fmt::format("postgresql: memory, rows of {} cells of 16 MiB", columns),
                {assay_program(), "scan", "-q", "--include", fmt::format("public/wide{}", columns), url});
  }
  show_dense(url, psql, file + "-dense");
}

void measure_mariadb(const std::string& file, ClassifierAlone& classifier) {
  const test::MariadbServer server;
  const std::string port = fmt::format("-P{}", server.port());
  const auto mariadb = [&](const std::string& sql) {
    run_program({"mariadb", "--no-defaults", "-h127.0.0.1", port, "-uassay", "--local-infile=1", "--quick", "-N", "-B",
                 "test", "-e", sql});
  };
  server.run("", "CREATE DATABASE test CHARACTER SET utf8mb4");
  server.run("test", create_statement(table_name));
  mariadb(fmt::format("LOAD DATA LOCAL INFILE '{}' INTO TABLE {}", file, table_name));
  const std::vector<std::string> scan = {assay_program(),    "scan",      "-q",
                                         server.url("test"), "--setting", "ssl_mode=off"};
  compare(
      "mariadb", scan, "mariadb --quick", [&] { mariadb(fmt::format("SELECT * FROM {}", table_name)); }, classifier);
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
void step_through(const std::string& path) {
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
}

void measure_sqlite(const std::string& path, const Cells& cells, ClassifierAlone& classifier) {
  write_database(path, cells);
  const std::vector<std::string> scan = {assay_program(), "scan", "-q", path};
  compare("sqlite", scan, "sqlite3_step", [&] { step_through(path); }, classifier, true);
  show_memory("sqlite: memory of a scan of that table", scan);
}

}  // namespace

void run_sources_bench() {
  if (fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);  // so that no disk is measured
  const TwoProcessors two;
  const Folder folder;
  fmt::print("\nSources, two processors for servers and programs together\n");
  measure_buckets();
  const std::string file = folder.file("table.tsv");
  const Cells cells(file, row_count, findings_every);
  ClassifierAlone classifier(cells);
  measure_postgresql(file, classifier);
  measure_mariadb(file, classifier);
  measure_sqlite(folder.file("table.db"), cells, classifier);
}

}  // namespace assay::bench
