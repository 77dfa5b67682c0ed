#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/doctor_checks.h"
#include "cli/report/json_text.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

void print_text(const std::string& version, const std::vector<Check>& checks, bool can_scan) {
  fmt::print("Assay {}\n\n", version);
  for (const auto& check : checks) {
    fmt::print("  {:<8} {:<16} {}\n", to_string(check.health), check.name, core::printable(check.detail, 4096));
    for (const auto& note : check.notes) fmt::print("  {:<25} - {}\n", "", core::printable(note, 4096));
  }
  fmt::print("\n  limits, unless a scan is told otherwise\n");
  for (const auto& [name, value] : limits_in_force({})) fmt::print("  {:<8} {:<26} {}\n", "", name, value);
  const bool has_warning =
      std::ranges::any_of(checks, [](const Check& check) { return check.health == Health::warning; });
  fmt::print("\n{}\n", !can_scan     ? "Scans cannot run until what is marked bad is put right."
                       : has_warning ? "Scans can run; see the warnings."
                                     : "All is well.");
}

void print_json(const std::string& version, const std::vector<Check>& checks, bool can_scan) {
  json::array list;
  for (const auto& check : checks) {
    json::object item{
        {"name", check.name}, {"health", to_string(check.health)}, {"detail", core::printable(check.detail, 4096)}};
    json::array notes;
    for (const auto& note : check.notes) notes.emplace_back(core::printable(note, 4096));
    item["notes"] = std::move(notes);
    list.push_back(std::move(item));
  }
  const model::Limits l;
  const json::object limits{{"max_object_bytes", l.max_object_bytes},
                            {"max_expanded_bytes", l.max_expanded_bytes},
                            {"max_member_bytes", l.max_member_bytes},
                            {"max_expansion_ratio", l.max_expansion_ratio},
                            {"max_depth", l.max_depth},
                            {"max_members", l.max_members},
                            {"max_findings_per_object", l.max_findings_per_object},
                            {"max_object_wall_ms", l.max_object_wall_ms},
                            {"max_worker_memory_bytes", l.max_worker_memory_bytes}};
  fmt::print("{}\n",
             to_text(json::object{
                 {"version", version}, {"can_scan", can_scan}, {"checks", std::move(list)}, {"limits", limits}}));
}

}  // namespace

void add_doctor_command(CLI::App& app, ExitCode& result) {
  auto* command = app.add_subcommand("doctor", "Check whether and how scans run on this machine");
  const auto format = std::make_shared<std::string>("table");
  command->add_option("--format", *format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->footer("Exit codes: 0 scans can run, 4 they cannot");
  command->callback([format, &app, &result] {
    const auto checks = run_doctor_checks();
    const bool can_scan = std::ranges::none_of(checks, [](const Check& check) { return check.health == Health::bad; });
    if (*format == "json") print_json(app.version(), checks, can_scan);
    else print_text(app.version(), checks, can_scan);
    result = can_scan ? ExitCode::clean : ExitCode::failed;
  });
}

}  // namespace assay::cli
