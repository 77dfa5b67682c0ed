#include "connect/mysql/mysql_connector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

#include "connect/mysql/catalog.h"
#include "connect/mysql/client.h"
#include "connect/mysql/key_sample.h"
#include "connect/mysql/load.h"
#include "connect/mysql/row_bound.h"
#include "connect/tables/table_connector.h"

namespace assay::connect::mysql {
namespace {

constexpr std::string_view schemes[] = {"mysql", "mariadb"};
constexpr SettingKey own_keys[] = {
    {.name = "password", .help = "a reference to the password; none: without one", .is_secret = true},
    {.name = "socket", .help = "path of the server's Unix socket; default none: TCP"},
    {.name = "ssl_mode", .help = "off, preferred, required, or verified: by certificate; default preferred"},
    {.name = "ssl_ca", .help = "file of certificate authorities, PEM; default those of the system"},
    {.name = "foreign_tables", .help = "true: read tables that lie on other servers too; default false"},
};
constexpr auto setting_keys = with_reading_settings(own_keys);

std::string select_statement(const DescribedTable& table, const RowChoice& choice) {
  std::string condition = choice.where.empty() ? "" : "(\n" + choice.where + "\n)";
  if (choice.sample == RowChoice::Sample::rows)
    condition += fmt::format("{}RAND() < {}", condition.empty() ? "" : " AND ", choice.sample_percent / 100);
  if (choice.range) {
    const std::string range =
        choice.range->condition(quoted(choice.range_key), [](const std::string& value) { return value; });
    if (!range.empty()) condition += (condition.empty() ? "" : " AND ") + range;
  }
  std::string select = select_all(table);
  if (!condition.empty()) select += " WHERE " + condition;
  if (choice.most_rows != 0) select += fmt::format(" LIMIT {}", choice.most_rows);
  return select;
}

class MysqlSession final : public TableSession {
 public:
  MysqlSession(Client::Options options, std::stop_token stop)
      : database_(options.url.database), client_(std::move(options), std::move(stop)) {}

  std::vector<ListedTable> list(const std::string& schema, const std::string& name) override {
    return list_tables(client_, database_, schema, name);
  }
  DescribedTable describe(const std::string& schema, const std::string& name) override {
    return describe_table(client_, schema.empty() ? database_ : schema, name);
  }
  std::vector<TableRange> ranges(const DescribedTable& table, size_t count) override {
    const std::string key = range_key(table);
    return key.empty() ? std::vector<TableRange>() : key_ranges(client_, table.description, key, count);
  }
  std::string range_key(const DescribedTable& table) const override { return whole_number_key(table.description); }
  void begin(const DescribedTable& table, const RowChoice& choice) override {
    kinds_.clear();
    for (const ColumnPlan& plan : table.plans) kinds_.push_back(plan.kind);
    const RowBound bound = bound_of_rows(table);
    has_bound_ = !bound.expression.empty();
    most_bytes_ = bound.most_bytes;
    client_.begin(choice.sample == RowChoice::Sample::keys ? key_sample(client_, table, choice, random_)
                                                           : select_statement(table, choice));
    // The server looks whether the snapshot is younger than the table when it looks for the first row: who begins can
    // still begin anew.
    first_row_ = client_.next(cells_) ? FirstRow::waits : FirstRow::is_none;
  }
  bool choose_quick_sample(const DescribedTable& table, RowChoice& choice) override {
    choice.sample = RowChoice::Sample::keys;
    choice.sample_key = whole_number_key(table.description);
    return !choice.sample_key.empty();
  }
  bool append_row(std::string& out) override {
    const FirstRow first = std::exchange(first_row_, FirstRow::was_given);
    if (first == FirstRow::is_none || (first == FirstRow::was_given && !client_.next(cells_))) {
      client_.release_tables();
      return false;
    }
    auto cell = cells_.begin();
    if (has_bound_) take_bound(*cell++);
    model::RowStreamWriter writer(out);
    writer.begin_row();
    for (const model::CellKind kind : kinds_) {
      if (*cell) writer.cell(kind, **cell, most_bytes_);
      else writer.null();
      ++cell;
    }
    return true;
  }
  std::string server_version() override { return client_.version(); }
  bool is_usable() const noexcept override { return client_.is_usable(); }

 private:
  enum class FirstRow : uint8_t { waits, is_none, was_given };

  void take_bound(const std::optional<std::string_view>& cell) {
    const std::string_view digits = cell.value_or("");
    std::from_chars(digits.data(), digits.data() + digits.size(), most_bytes_);
    most_bytes_ = std::min(most_bytes_, model::max_cell_bytes);
  }

  const std::string database_;
  Client client_;
  std::mt19937_64 random_{std::random_device()()};
  std::vector<model::CellKind> kinds_;
  std::vector<std::optional<std::string_view>> cells_;
  FirstRow first_row_ = FirstRow::was_given;
  bool has_bound_ = false;  // each row begins with the most bytes that a cell of it may have
  size_t most_bytes_ = model::max_cell_bytes;
};

TlsMode tls_mode(const std::string& name) {
  if (name.empty() || name == "preferred") return TlsMode::preferred;
  if (name == "off") return TlsMode::off;
  if (name == "required") return TlsMode::required;
  if (name == "verified") return TlsMode::verified;
  SettingReader::refuse("ssl_mode", "off, preferred, required or verified");
}

class MysqlProbe final : public LoadProbe {
 public:
  MysqlProbe(Client::Options options, std::stop_token stop, const LoadBounds& bounds)
      : client_(std::move(options), std::move(stop)), bounds_(bounds) {}
  ServerLoad look() override { return server_load(client_, bounds_); }

 private:
  Client client_;
  const LoadBounds bounds_;
};

class MysqlDatabase final : public TableDatabase {
 public:
  MysqlDatabase(const SourceAddress& address, ConnectorContext context, const ReadingOptions& reading)
      : context_(std::move(context)), password_reference_(SettingReader(address).text("password")) {
    const SettingReader settings(address);
    for (const std::string& root : address.roots) {
      urls_.push_back(server_url(root));
      roots_.push_back(urls_.back().shown("mysql"));
    }
    options_.socket = settings.text("socket");
    options_.tls = tls_mode(settings.text("ssl_mode"));
    options_.tls_authorities = settings.text("ssl_ca");
    options_.statement_timeout_ms = reading.statement_timeout_ms();
    options_.may_stand_still = reading.load.any();
  }

  const std::vector<std::string>& roots() const override { return roots_; }
  std::unique_ptr<TableSession> connect(size_t root) override {
    return std::make_unique<MysqlSession>(options(root), context_.stop);
  }
  std::unique_ptr<LoadProbe> connect_probe(size_t root, const LoadBounds& bounds) override {
    Client::Options options = this->options(root);
    options.statement_timeout_ms = look_timeout_ms;
    options.in_snapshot = false;
    return std::make_unique<MysqlProbe>(std::move(options), context_.stop, bounds);
  }

 private:
  Client::Options options(size_t root) const {
    Client::Options options = options_;
    options.url = urls_.at(root);
    if (!password_reference_.empty()) options.password = context_.resolve_secret(password_reference_);
    return options;
  }

  std::vector<ServerUrl> urls_;
  std::vector<std::string> roots_;
  ConnectorContext context_;
  const std::string password_reference_;
  Client::Options options_;
};

std::unique_ptr<Connector> make_mysql(const SourceAddress& address, ConnectorContext context) {
  ReadingOptions options = reading_options(address, false);
  auto database = std::make_unique<MysqlDatabase>(address, context, options);
  return make_table_connector(address, std::move(context), std::move(options), std::move(database));
}

}  // namespace

const ConnectorKind& mysql_kind() {
  static constexpr ConnectorKind kind{
      .name = "mysql", .schemes = schemes, .settings = setting_keys, .has_tables = true, .make = make_mysql};
  return kind;
}

}  // namespace assay::connect::mysql
