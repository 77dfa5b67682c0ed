#include "connect/postgresql/postgresql_connector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connect/postgresql/address.h"
#include "connect/postgresql/catalog.h"
#include "connect/postgresql/copy_binary.h"
#include "connect/postgresql/copy_text.h"
#include "connect/postgresql/session.h"
#include "connect/tables/table_connector.h"
#include "sql/identifier.h"

namespace assay::connect::postgresql {
namespace {

constexpr std::string_view schemes[] = {"postgresql", "postgres"};
constexpr SettingKey own_keys[] = {
    {.name = "password",
     .help = "a reference to the password; none: as libpq finds it (PGPASSWORD, ~/.pgpass)",
     .is_secret = true},
    {.name = "foreign_tables", .help = "true: read tables that lie on other servers too; default false"},
    {.name = "large_objects",
     .help = "true: read large objects with the rows whose columns of type oid name them; all: every large object of "
             "the database, as one table; default false"},
};
constexpr auto setting_keys = with_reading_settings(own_keys);

// Only tables whose rows lie in blocks of this server have samples.
bool has_blocks(const model::TableDescription& table) { return table.kind != "view" && table.kind != "foreign table"; }

// A line of COPY comes whole, so what bounds the memory of reading is its length. One value fits, of any type. Text is
// counted in bytes and cut in characters.
constexpr size_t most_line_bytes = size_t{40} << 20;

/// For each row, how many bytes a cell of it may have, or "" when nothing asks: all that a cell may have, unless the
/// row would be too long, where each gets the same part.
std::string bound_of_rows(const DescribedTable& table) {
  std::string sum;
  size_t count = 0;
  for (const ColumnPlan& plan : table.plans) {
    if (plan.length.empty()) continue;
    sum += fmt::format("{}({})::bigint", count == 0 ? "" : " + ", plan.length);
    ++count;
  }
  if (count == 0) return {};
  const std::string most = count == 1 ? std::to_string(model::max_cell_bytes)
                                      : fmt::format("CASE WHEN {} > {} THEN {} ELSE {} END", sum, most_line_bytes,
                                                    most_line_bytes / 2 / count, model::max_cell_bytes);
  return fmt::format(R"( CROSS JOIN LATERAL (SELECT {} OFFSET 0) AS "assay's row" ("most bytes"))", most);
}

// In front of each row: the most bytes of its cells, and how many of its values are withheld.
std::string prefix_of_rows(const DescribedTable& table, const std::string& bound) {
  std::string prefix(bound.empty() ? "" : most_bytes_of_row), withheld;
  for (const ColumnPlan& plan : table.plans)
    if (!plan.withheld.empty())
      withheld += fmt::format("{}({})::integer", withheld.empty() ? "" : " + ", plan.withheld);
  if (!withheld.empty()) prefix += (prefix.empty() ? "" : ", ") + withheld;
  return prefix;
}

bool may_withhold(const DescribedTable& table) {
  return std::ranges::any_of(table.plans, [](const ColumnPlan& plan) { return !plan.withheld.empty(); });
}

std::string copy_statement(const DescribedTable& table, const RowChoice& choice) {
  const auto quoted = [](const std::string& name) { return sql::quote_identifier(sql::Dialect::postgresql, name); };
  const std::string bound = bound_of_rows(table);
  std::string list = prefix_of_rows(table, bound), sources;
  for (const ColumnPlan& plan : table.plans) {
    list += (list.empty() ? "" : ", ") + plan.expression;
    sources += plan.source;
  }
  const model::TableDescription& d = table.description;
  std::string select = fmt::format("SELECT {} FROM {}.{}", list, quoted(d.schema), quoted(d.name));
  std::string condition = choice.where.empty() ? "" : "(\n" + choice.where + "\n)";
  if (choice.sample != RowChoice::Sample::none && has_blocks(d)) {
    const bool is_of_blocks = choice.sample == RowChoice::Sample::blocks;
    select += fmt::format(" TABLESAMPLE {} ({})", is_of_blocks ? "SYSTEM" : "BERNOULLI", choice.sample_percent);
  } else if (choice.sample != RowChoice::Sample::none) {
    condition += fmt::format("{}random() < {}", condition.empty() ? "" : " AND ", choice.sample_percent / 100);
  }
  if (choice.range) {
    // Of the table by name: beside what bounds its rows, a name of the system's own is found no other way.
    const std::string block = fmt::format("{}.{}.ctid", quoted(d.schema), quoted(d.name));
    const std::string range =
        choice.range->condition(block, [](const std::string& number) { return "'(" + number + ",0)'::tid"; });
    if (!range.empty()) condition += (condition.empty() ? "" : " AND ") + range;
  }
  select += sources + bound;
  if (!condition.empty()) select += " WHERE " + condition;
  if (choice.most_rows != 0) select += fmt::format(" LIMIT {}", choice.most_rows);
  return "COPY (" + select + ") TO STDOUT" + (CopyBinary::can_read(table.plans) ? " (FORMAT binary)" : "");
}

class PostgresqlSession final : public TableSession {
 public:
  PostgresqlSession(const Session::Options& options, std::stop_token stop, LargeObjects large_objects)
      : session_(options, std::move(stop)), large_objects_(large_objects) {}

  std::vector<ListedTable> list(const std::string& schema, const std::string& name) override {
    std::vector<ListedTable> tables = list_tables(session_, schema, name, large_objects_);
    session_.release_tables();  // trees of partitions stay locked
    return tables;
  }
  DescribedTable describe(const std::string& schema, const std::string& name) override {
    return describe_table(session_, schema, name, large_objects_);
  }
  std::vector<TableRange> ranges(const DescribedTable& table, size_t count) override {
    const uint64_t blocks = blocks_of_table(session_, table.description);
    return even_ranges(0, static_cast<__int128>(blocks) - 1, std::min<uint64_t>(count, blocks));
  }
  void begin(const DescribedTable& table, const RowChoice& choice) override {
    kinds_.clear();
    for (const ColumnPlan& plan : table.plans) kinds_.push_back(plan.kind);
    has_bound_ = !bound_of_rows(table).empty();
    may_withhold_ = may_withhold(table);
    withheld_values_ = 0;
    is_binary_ = CopyBinary::can_read(table.plans);
    if (is_binary_) binary_.begin(table.plans, has_bound_);
    session_.begin_copy(copy_statement(table, choice));
  }
  bool choose_quick_sample(const DescribedTable& table, RowChoice& choice) override {
    choice.sample = RowChoice::Sample::blocks;
    return has_blocks(table.description);
  }
  bool append_row(std::string& out) override {
    std::string_view message;
    while (session_.next_line(message)) {
      if (is_binary_ && !binary_.append_row(message, out)) continue;
      if (!is_binary_) append_text_row(message, out);
      return true;
    }
    session_.release_tables();
    return false;
  }
  uint64_t withheld_values() const noexcept override { return withheld_values_; }
  std::string server_version() override { return postgresql::server_version(session_); }
  bool is_usable() const noexcept override { return session_.is_usable(); }

 private:
  static uint64_t take_number(std::string_view& line) {
    uint64_t number = 0;
    const char* const end = std::from_chars(line.data(), line.data() + line.size(), number).ptr;
    line.remove_prefix(std::min(static_cast<size_t>(end - line.data()) + 1, line.size()));
    return number;
  }

  void append_text_row(std::string_view line, std::string& out) {
    const size_t most_bytes = has_bound_ ? take_number(line) : model::max_cell_bytes;
    if (may_withhold_) withheld_values_ += take_number(line);
    append_copy_row(line, kinds_, out, most_bytes);
  }

  Session session_;
  const LargeObjects large_objects_;
  bool has_bound_ = false;     // each line begins with the most bytes that a cell of it may have
  bool may_withhold_ = false;  // then comes how many of its values are withheld
  uint64_t withheld_values_ = 0;
  std::vector<model::CellKind> kinds_;
  CopyBinary binary_;
  bool is_binary_ = false;
};

class PostgresqlProbe final : public LoadProbe {
 public:
  PostgresqlProbe(const Session::Options& options, std::stop_token stop, const LoadBounds& bounds)
      : session_(options, std::move(stop)), bounds_(bounds) {}
  ServerLoad look() override { return server_load(session_, bounds_); }

 private:
  Session session_;
  const LoadBounds bounds_;
};

LargeObjects large_objects(const std::string& setting) {
  if (setting.empty() || setting == "false") return LargeObjects::none;
  if (setting == "true") return LargeObjects::of_rows;
  if (setting == "all") return LargeObjects::all;
  SettingReader::refuse("large_objects", "true, false or all");
}

class PostgresqlDatabase final : public TableDatabase {
 public:
  PostgresqlDatabase(const SourceAddress& address, ConnectorContext context, int64_t statement_timeout_ms)
      : urls_(address.roots),
        context_(std::move(context)),
        password_reference_(SettingReader(address).text("password")),
        large_objects_(large_objects(SettingReader(address).text("large_objects"))),
        statement_timeout_ms_(statement_timeout_ms) {
    for (const std::string& url : urls_) roots_.push_back(shown_url(url));
  }

  const std::vector<std::string>& roots() const override { return roots_; }
  std::unique_ptr<TableSession> connect(size_t root) override {
    return std::make_unique<PostgresqlSession>(
        Session::Options{.url = url(root), .statement_timeout_ms = statement_timeout_ms_}, context_.stop,
        large_objects_);
  }
  SharedSnapshot share_snapshot(size_t root) override {
    auto session = std::make_shared<Session>(Session::Options{.url = url(root), .exports = true}, std::stop_token());
    return {.id = session->exported(), .held = session};
  }
  std::unique_ptr<TableSession> connect_to_snapshot(size_t root, const std::string& id) override {
    try {
      return std::make_unique<PostgresqlSession>(
          Session::Options{.url = url(root), .statement_timeout_ms = statement_timeout_ms_, .snapshot = id},
          context_.stop, large_objects_);
    } catch (const sql::Error& error) {
      if (error.kind() == core::ErrorKind::transient || error.kind() == core::ErrorKind::denied) throw;
      return nullptr;  // who exported it is gone
    }
  }
  std::unique_ptr<LoadProbe> connect_probe(size_t root, const LoadBounds& bounds) override {
    return std::make_unique<PostgresqlProbe>(
        Session::Options{.url = url(root), .statement_timeout_ms = look_timeout_ms, .in_snapshot = false},
        context_.stop, bounds);
  }

 private:
  std::string url(size_t root) const {
    const std::string& url = urls_.at(root);
    if (password_reference_.empty()) return url;
    return with_password(url, context_.resolve_secret(password_reference_).reveal());
  }

  const std::vector<std::string> urls_;
  std::vector<std::string> roots_;
  ConnectorContext context_;
  const std::string password_reference_;
  const LargeObjects large_objects_;
  const int64_t statement_timeout_ms_;
};

std::unique_ptr<Connector> make_postgresql(const SourceAddress& address, ConnectorContext context) {
  ReadingOptions options = reading_options(address, true);
  auto database = std::make_unique<PostgresqlDatabase>(address, context, options.statement_timeout_ms());
  return make_table_connector(address, std::move(context), std::move(options), std::move(database));
}

}  // namespace

const ConnectorKind& postgresql_kind() {
  static constexpr ConnectorKind kind{
      .name = "postgresql", .schemes = schemes, .settings = setting_keys, .has_tables = true, .make = make_postgresql};
  return kind;
}

}  // namespace assay::connect::postgresql
