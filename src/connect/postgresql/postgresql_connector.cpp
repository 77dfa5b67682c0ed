#include "connect/postgresql/postgresql_connector.h"

#include <fmt/format.h>

#include "connect/postgresql/address.h"
#include "connect/postgresql/catalog.h"
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
};
constexpr auto setting_keys = with_reading_settings(own_keys);

// Only tables whose rows lie in blocks of this server have samples.
bool has_blocks(const model::TableDescription& table) { return table.kind != "view" && table.kind != "foreign table"; }

std::string copy_statement(const DescribedTable& table, const RowChoice& choice) {
  const auto quoted = [](const std::string& name) { return sql::quote_identifier(sql::Dialect::postgresql, name); };
  std::string list;
  for (const ColumnPlan& plan : table.plans) list += (list.empty() ? "" : ", ") + plan.expression;
  const model::TableDescription& d = table.description;
  std::string select = fmt::format("SELECT {} FROM {}.{}", list, quoted(d.schema), quoted(d.name));
  std::string condition = choice.where.empty() ? "" : "(\n" + choice.where + "\n)";
  if (choice.sample != RowChoice::Sample::none && has_blocks(d)) {
    const bool is_of_blocks = choice.sample == RowChoice::Sample::blocks;
    select += fmt::format(" TABLESAMPLE {} ({})", is_of_blocks ? "SYSTEM" : "BERNOULLI", choice.sample_percent);
  } else if (choice.sample != RowChoice::Sample::none) {
    condition += fmt::format("{}random() < {}", condition.empty() ? "" : " AND ", choice.sample_percent / 100);
  }
  if (!condition.empty()) select += " WHERE " + condition;
  if (choice.most_rows != 0) select += fmt::format(" LIMIT {}", choice.most_rows);
  return "COPY (" + select + ") TO STDOUT";
}

class PostgresqlSession final : public TableSession {
 public:
  PostgresqlSession(const Session::Options& options, std::stop_token stop) : session_(options, std::move(stop)) {}

  std::vector<ListedTable> list(const std::string& schema, const std::string& name) override {
    return list_tables(session_, schema, name);
  }
  DescribedTable describe(const std::string& schema, const std::string& name) override {
    return describe_table(session_, schema, name);
  }
  void begin(const DescribedTable& table, const RowChoice& choice) override {
    kinds_.clear();
    for (const ColumnPlan& plan : table.plans) kinds_.push_back(plan.kind);
    session_.begin_copy(copy_statement(table, choice));
  }
  bool choose_quick_sample(const DescribedTable& table, RowChoice& choice) override {
    choice.sample = RowChoice::Sample::blocks;
    return has_blocks(table.description);
  }
  bool append_row(std::string& out) override {
    std::string_view line;
    if (!session_.next_line(line)) return false;
    append_copy_row(line, kinds_, scratch_, out);
    return true;
  }
  std::string server_version() override { return postgresql::server_version(session_); }
  bool is_usable() const noexcept override { return session_.is_usable(); }

 private:
  Session session_;
  std::vector<model::CellKind> kinds_;
  std::string scratch_;
};

class PostgresqlDatabase final : public TableDatabase {
 public:
  PostgresqlDatabase(const SourceAddress& address, ConnectorContext context, int64_t statement_timeout_ms)
      : urls_(address.roots),
        context_(std::move(context)),
        password_reference_(SettingReader(address).text("password")),
        statement_timeout_ms_(statement_timeout_ms) {
    for (const std::string& url : urls_) roots_.push_back(shown_url(url));
  }

  const std::vector<std::string>& roots() const override { return roots_; }
  std::unique_ptr<TableSession> connect(size_t root) override {
    std::string url = urls_.at(root);
    if (!password_reference_.empty()) url = with_password(url, context_.resolve_secret(password_reference_).reveal());
    return std::make_unique<PostgresqlSession>(
        Session::Options{.url = url, .statement_timeout_ms = statement_timeout_ms_}, context_.stop);
  }

 private:
  const std::vector<std::string> urls_;
  std::vector<std::string> roots_;
  ConnectorContext context_;
  const std::string password_reference_;
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
