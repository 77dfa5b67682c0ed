#include "connect/odbc/odbc_connector.h"

#include <memory>

#include "connect/odbc/attributes.h"
#include "connect/odbc/odbc_session.h"
#include "connect/tables/server_url.h"
#include "connect/tables/table_connector.h"

namespace assay::connect::odbc {
namespace {

constexpr std::string_view schemes[] = {"odbc"};
constexpr SettingKey own_keys[] = {
    {.name = "password", .help = "a reference to the password; none: as the data source has it", .is_secret = true},
    {.name = "connection", .help = "attributes for the driver, KEY=VALUE;KEY=VALUE; with Driver=... no DSN is needed"},
};
constexpr auto setting_keys = with_reading_settings(own_keys);

class OdbcDatabase final : public TableDatabase {
 public:
  OdbcDatabase(const SourceAddress& address, ConnectorContext context, int64_t statement_timeout_ms)
      : attributes_(parsed_attributes(SettingReader(address).text("connection"))),
        context_(std::move(context)),
        password_reference_(SettingReader(address).text("password")),
        statement_timeout_ms_(statement_timeout_ms) {
    for (const std::string& root : address.roots) {
      urls_.push_back(server_url(root));
      if (urls_.back().port != 0)
        throw core::Error(core::ErrorKind::bad_input, "an odbc:// URL names a data source, which has no port");
      roots_.push_back(urls_.back().shown("odbc"));
    }
  }

  const std::vector<std::string>& roots() const override { return roots_; }
  std::unique_ptr<TableSession> connect(size_t root) override {
    const ServerUrl& url = urls_.at(root);
    Attributes all;
    const bool has_driver = has(attributes_, "Driver") || has(attributes_, "DSN") || has(attributes_, "FileDSN");
    if (!has_driver) all.emplace_back("DSN", url.host);
    all.insert(all.end(), attributes_.begin(), attributes_.end());
    if (!url.user.empty()) all.emplace_back("UID", url.user);
    if (!url.database.empty()) all.emplace_back("Database", url.database);
    add_streaming(all);
    if (!password_reference_.empty()) all.emplace_back("PWD", context_.resolve_secret(password_reference_).reveal());
    return std::make_unique<OdbcSession>(
        OdbcSession::Options{.attributes = core::Sensitive(joined(all)), .statement_timeout_ms = statement_timeout_ms_},
        context_.stop);
  }

 private:
  // Drivers of PostgreSQL and MySQL fetch all rows of a statement into memory unless they are told otherwise; others
  // take no notice.
  static void add_streaming(Attributes& all) {
    if (!has(all, "UseDeclareFetch")) {
      all.emplace_back("UseDeclareFetch", "1");
      all.emplace_back("Fetch", "200");
    }
    if (!has(all, "Option")) all.emplace_back("Option", "3145728");  // NO_CACHE, FORWARD_ONLY
  }

  const Attributes attributes_;
  std::vector<ServerUrl> urls_;
  std::vector<std::string> roots_;
  ConnectorContext context_;
  const std::string password_reference_;
  const int64_t statement_timeout_ms_;
};

std::unique_ptr<Connector> make_odbc(const SourceAddress& address, ConnectorContext context) {
  ReadingOptions options = reading_options(address, false);
  constexpr const char* unknown = "left out: what a server bears is not known behind a driver of any kind";
  if (options.load.max_replication_lag_s != 0) SettingReader::refuse("max_replication_lag_s", unknown);
  if (options.load.max_running != 0) SettingReader::refuse("max_running", unknown);
  auto database = std::make_unique<OdbcDatabase>(address, context, options.statement_timeout_ms());
  return make_table_connector(address, std::move(context), std::move(options), std::move(database));
}

}  // namespace

const ConnectorKind& odbc_kind() {
  static constexpr ConnectorKind kind{
      .name = "odbc", .schemes = schemes, .settings = setting_keys, .has_tables = true, .make = make_odbc};
  // Whoever registers the kinds does so before there are threads.
  static const bool is_prepared = (prepare_driver_manager(), true);
  static_cast<void>(is_prepared);
  return kind;
}

}  // namespace assay::connect::odbc
