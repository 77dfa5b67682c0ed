#include "connect/postgresql/postgresql_connector.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "connect/name_selection.h"
#include "connect/postgresql/address.h"
#include "connect/postgresql/catalog.h"
#include "connect/postgresql/copy_text.h"
#include "connect/postgresql/session.h"
#include "connect/tables/rows_reader.h"
#include "connect/tables/table_name.h"
#include "core/error.h"
#include "sql/identifier.h"

namespace assay::connect::postgresql {
namespace {

constexpr std::string_view schemes[] = {"postgresql", "postgres"};
constexpr SettingKey setting_keys[] = {
    {.name = "password",
     .help = "a reference to the password; none: as libpq finds it (PGPASSWORD, ~/.pgpass)",
     .is_secret = true},
    {.name = "views", .help = "true: read views too, whose rows lie in tables that are read anyway; default false"},
    {.name = "foreign_tables", .help = "true: read tables that lie on other servers too; default false"},
    {.name = "max_rows", .help = "rows read of each table; default 0: all"},
    {.name = "sample_percent", .help = "percentage of each table's blocks to read, 0 to 100; default 100"},
    {.name = "statement_timeout_s",
     .help = "seconds after which the server ends the reading of one table; default 0: never"},
};
constexpr uint64_t most_rows = INT64_MAX;
constexpr uint64_t most_timeout_s = 30ULL * 24 * 3600;

struct Options {
  bool views = false, foreign_tables = false;
  uint64_t max_rows = 0;
  double sample_percent = 100;
  uint64_t statement_timeout_s = 0;
};

/// Reads the settings of an address, each by its type.
class Settings {
 public:
  explicit Settings(const SourceAddress& address) : settings_(address.settings) {}

  bool flag(const std::string& name) const {
    const auto found = settings_.find(name);
    if (found == settings_.end() || found->second == "false") return false;
    if (found->second != "true") refuse(name, "true or false");
    return true;
  }
  uint64_t number(const std::string& name, uint64_t max) const {
    const auto found = settings_.find(name);
    if (found == settings_.end()) return 0;
    const std::string& text = found->second;
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number > max)
      refuse(name, fmt::format("a whole number up to {}", max));
    return number;
  }
  double percentage(const std::string& name) const {
    const auto found = settings_.find(name);
    if (found == settings_.end()) return 100;
    const std::string& text = found->second;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !(number > 0 && number <= 100))
      refuse(name, "a number above 0 and up to 100");
    return number;
  }

 private:
  [[noreturn]] static void refuse(const std::string& name, const std::string& what) {
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{} must be {}", name, what));
  }
  const std::map<std::string, std::string>& settings_;
};

model::Verdict verdict_of(const sql::Error& error) {
  if (error.trouble() == sql::Trouble::cancelled)
    return {model::VerdictKind::timeout,
            "the server ended the statement: statement_timeout_s, or somebody cancelled it"};
  return {model::VerdictKind::io_error, error.what()};
}

/// Whether an error says that the server is gone or that we are to end, not that one table cannot be read.
bool is_about_the_source(const sql::Error& error, const std::stop_token& stop) {
  return stop.stop_requested() || error.trouble() == sql::Trouble::connection_lost;
}

class TableRows final : public RowsReader {
 public:
  TableRows(std::shared_ptr<Session> session, std::stop_token stop, const std::string& table,
            std::span<const model::StreamColumn> columns, std::vector<model::CellKind> kinds)
      : RowsReader(table, columns), session_(std::move(session)), stop_(std::move(stop)), kinds_(std::move(kinds)) {}

 protected:
  bool append_rows(std::string& out) override {
    try {
      std::string_view line;
      while (!is_at_end_ && out.size() < batch_bytes) {
        is_at_end_ = !session_->next_line(line);
        if (!is_at_end_) append_copy_row(line, kinds_, scratch_, out);
      }
      return !out.empty();
    } catch (const sql::Error& error) {
      if (is_about_the_source(error, stop_)) throw;
      throw ReadFailure(verdict_of(error));
    }
  }

 private:
  std::shared_ptr<Session> session_;
  std::stop_token stop_;
  std::vector<model::CellKind> kinds_;
  std::string scratch_;
  bool is_at_end_ = false;
};

class PostgresqlConnector final : public Connector {
 public:
  PostgresqlConnector(const SourceAddress& address, ConnectorContext context)
      : urls_(address.roots), context_(std::move(context)), selection_(address.include, address.exclude) {
    const Settings settings(address);
    options_ = {.views = settings.flag("views"),
                .foreign_tables = settings.flag("foreign_tables"),
                .max_rows = settings.number("max_rows", most_rows),
                .sample_percent = settings.percentage("sample_percent"),
                .statement_timeout_s = settings.number("statement_timeout_s", most_timeout_s)};
    if (const auto password = address.settings.find("password"); password != address.settings.end())
      password_reference_ = password->second;
    for (const std::string& url : urls_) roots_.push_back(shown_url(url));
  }

  const std::vector<std::string>& roots() const override { return roots_; }

  Trial test(uint64_t most_objects) override;
  void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) override;
  std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) override;
  std::optional<model::TableDescription> describe(size_t root, const std::string& name) override;

 private:
  std::shared_ptr<Session> session(size_t root);
  const char* exclusion(const ListedTable& table, std::string_view name) const;
  std::string copy_statement(const DescribedTable& table) const;

  const std::vector<std::string> urls_;
  std::vector<std::string> roots_;
  ConnectorContext context_;
  NameSelection selection_;
  Options options_;
  std::string password_reference_;
  // One for all that is asked, one after another: the tables of a task are read in one snapshot.
  std::shared_ptr<Session> session_;
  size_t session_root_ = 0;
};

std::shared_ptr<Session> PostgresqlConnector::session(size_t root) {
  if (session_ != nullptr && session_root_ == root && session_.use_count() == 1 && session_->is_usable())
    return session_;
  std::string url = urls_.at(root);
  if (!password_reference_.empty()) url = with_password(url, context_.resolve_secret(password_reference_).reveal());
  session_.reset();
  session_ = std::make_shared<Session>(
      Session::Options{.url = url, .statement_timeout_ms = static_cast<int64_t>(options_.statement_timeout_s * 1000)},
      context_.stop);
  session_root_ = root;
  return session_;
}

const char* PostgresqlConnector::exclusion(const ListedTable& table, std::string_view name) const {
  if (table.kind == 'v' && !options_.views) return "a view; setting views=true reads it";
  if (table.kind == 'f' && !options_.foreign_tables)
    return "lies on another server; setting foreign_tables=true reads it";
  return selection_.exclusion(name).why;
}

void PostgresqlConnector::enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) {
  auto [schema, table] = table_of_object_name(resume_after);
  for (;;) {
    const std::vector<ListedTable> page = list_tables(*session(root), schema, table);
    if (page.empty()) return;
    for (const ListedTable& listed : page) {
      if (visitor.stop_requested()) return;
      std::string name = table_object_name(listed.schema, listed.name);
      if (const char* why = exclusion(listed, name))
        visitor.on_unread(std::move(name), listed.bytes, {model::VerdictKind::excluded, why});
      else
        visitor.on_object(
            {.name = std::move(name), .size = listed.bytes, .change_id = listed.change_id, .is_table = true});
    }
    schema = page.back().schema;
    table = page.back().name;
  }
}

std::string PostgresqlConnector::copy_statement(const DescribedTable& table) const {
  const auto quoted = [](const std::string& name) { return sql::quote_identifier(sql::Dialect::postgresql, name); };
  std::string list;
  for (const ColumnPlan& plan : table.plans) list += (list.empty() ? "" : ", ") + plan.expression;
  const model::TableDescription& d = table.description;
  std::string select = fmt::format("SELECT {} FROM {}.{}", list, quoted(d.schema), quoted(d.name));
  if (options_.sample_percent < 100 && d.kind != "view" && d.kind != "foreign table")
    select += fmt::format(" TABLESAMPLE SYSTEM ({})", options_.sample_percent);
  if (options_.max_rows != 0) select += fmt::format(" LIMIT {}", options_.max_rows);
  return "COPY (" + select + ") TO STDOUT";
}

std::optional<model::TableDescription> PostgresqlConnector::describe(size_t root, const std::string& name) {
  const auto [schema, table] = table_of_object_name(name);
  try {
    return describe_table(*session(root), schema, table).description;
  } catch (const sql::Error& error) {
    if (is_about_the_source(error, context_.stop)) throw;
    session_.reset();  // its transaction is at its end
    const bool is_of_table = error.kind() != core::ErrorKind::transient;
    throw core::Error(is_of_table ? error.kind() : core::ErrorKind::permanent, error.what());
  }
}

std::expected<OpenedObject, model::Verdict> PostgresqlConnector::open(size_t root, const std::string& name) {
  const auto [schema, table] = table_of_object_name(name);
  try {
    const std::shared_ptr<Session> session = this->session(root);
    const DescribedTable described = describe_table(*session, schema, table);
    std::vector<model::StreamColumn> columns;
    std::vector<model::CellKind> kinds;
    columns.reserve(described.plans.size());
    kinds.reserve(described.plans.size());
    for (const model::ColumnDescription& column : described.description.columns)
      columns.push_back({column.name, column.native_type, column.comment});
    for (const ColumnPlan& plan : described.plans) kinds.push_back(plan.kind);
    session->begin_copy(copy_statement(described));
    OpenedObject opened;
    opened.entry = {.name = name, .size = described.description.bytes.value_or(0), .is_table = true};
    opened.reader =
        std::make_unique<TableRows>(session, context_.stop, described.description.name, columns, std::move(kinds));
    return opened;
  } catch (const sql::Error& error) {
    if (is_about_the_source(error, context_.stop)) throw;
    session_.reset();  // its transaction is at its end
    return std::unexpected(verdict_of(error));
  }
}

Trial PostgresqlConnector::test(uint64_t most_objects) {
  class Counter final : public ObjectVisitor {
   public:
    explicit Counter(uint64_t most) : most_(most) {}
    void on_object(ObjectEntry&&) override { ++tables; }
    void on_unread(std::string, uint64_t, model::Verdict) override { ++left_out; }
    bool stop_requested() override { return tables + left_out >= most_; }
    uint64_t tables = 0, left_out = 0;

   private:
    uint64_t most_;
  };
  Trial trial;
  for (size_t root = 0; root < roots_.size(); ++root) {
    try {
      Counter counter(most_objects);
      enumerate(root, {}, counter);
      trial.summary += fmt::format("{}{}: {}, {} tables, {} left out", trial.summary.empty() ? "" : "; ", roots_[root],
                                   server_version(*session(root)), counter.tables, counter.left_out);
    } catch (const core::Error& error) {
      if (error.kind() == core::ErrorKind::bug || error.kind() == core::ErrorKind::bad_input) throw;
      trial.ok = false;
      trial.problems.push_back(fmt::format("{}: {}", roots_[root], error.what()));
    }
  }
  return trial;
}

std::unique_ptr<Connector> make_postgresql(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<PostgresqlConnector>(address, std::move(context));
}

}  // namespace

const ConnectorKind& postgresql_kind() {
  static constexpr ConnectorKind kind{
      .name = "postgresql", .schemes = schemes, .settings = setting_keys, .has_tables = true, .make = make_postgresql};
  return kind;
}

}  // namespace assay::connect::postgresql
