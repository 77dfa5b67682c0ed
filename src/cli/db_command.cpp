#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/report/json_text.h"
#include "core/error.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

void expect_file(const std::string& file) {
  if (!file.empty() && !std::filesystem::exists(file))
    throw core::Error(core::ErrorKind::not_found, "there is no such file; `assay db migrate` makes one");
}

ExitCode run_status(const ConfigurationArguments& arguments, const std::string& format) {
  const auto configuration = load_configuration(arguments);
  store::SchemaStatus status;
  about_database(configuration, [&] {
    const auto options = store_options(configuration);
    expect_file(sqlite_file(options.url));
    status = store::Store::schema_status(options);
  });
  if (format == "json") {
    json::array applied;
    for (const auto& [number, name] : status.applied)
      applied.push_back(json::object{{"number", number}, {"name", name}});
    fmt::print("{}\n", to_text(json::object{{"database", without_password(database_url(configuration))},
                                            {"version", status.version},
                                            {"newest", status.newest},
                                            {"applied", std::move(applied)}}));
  } else {
    fmt::print("{}\n", without_password(database_url(configuration)));
    for (const auto& [number, name] : status.applied) fmt::print("  {:04}  {}\n", number, name);
    fmt::print("schema {} of {}: {}\n", status.version, status.newest,
               status.version == status.newest  ? "up to date"
               : status.version < status.newest ? "run `assay db migrate`"
                                                : "made by a newer Assay, which is needed to use it");
  }
  return status.version == status.newest ? ExitCode::clean : ExitCode::failed;
}

ExitCode run_migrate(const ConfigurationArguments& arguments) {
  const auto configuration = load_configuration(arguments);
  about_database(configuration, [&] {
    const auto options = store_options(configuration);
    if (const auto file = sqlite_file(options.url); !file.empty()) make_directory_of(file);
    const auto status = store::Store::migrate(options);
    fmt::print("{}: schema {}\n", without_password(options.url), status.version);
  });
  return ExitCode::clean;
}

}  // namespace

void add_db_command(CLI::App& app, ExitCode& result) {
  auto* db = app.add_subcommand("db", "Make or update the database");
  db->require_subcommand(1);
  auto* migrate = db->add_subcommand("migrate", "Bring the schema up to date; makes a SQLite file that is not there");
  const auto migrate_arguments = add_database_flags(*migrate);
  migrate->callback([migrate_arguments, &result] { result = run_migrate(*migrate_arguments); });
  auto* status = db->add_subcommand("status", "Say which schema the database has");
  const auto format = std::make_shared<std::string>("table");
  status->add_option("--format", *format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  const auto status_arguments = add_database_flags(*status);
  status->footer("Exit codes: 0 up to date, 4 not, or not to be had");
  status->callback([status_arguments, format, &result] { result = run_status(*status_arguments, *format); });
}

}  // namespace assay::cli
