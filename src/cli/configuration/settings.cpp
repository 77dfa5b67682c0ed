#include "cli/configuration/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "coordinate/orchestration.h"
#include "core/byte_size.h"
#include "core/error.h"

namespace assay::cli {
namespace {

constexpr uint64_t day_ms = 86'400'000;
constexpr uint64_t hour_ms = 3'600'000;

Setting text(std::string_view key, std::string_view fallback, std::string_view help,
             SettingType type = SettingType::text) {
  return {.key = key, .type = type, .default_text = fallback, .help = help, .choices = {}};
}
Setting path(std::string_view key, std::string_view help) { return text(key, "", help, SettingType::path); }
Setting bytes(std::string_view key, std::string_view fallback, std::string_view help) {
  return text(key, fallback, help, SettingType::bytes);
}
Setting number(std::string_view key, std::string_view fallback, uint64_t min, uint64_t max, std::string_view help) {
  Setting setting = text(key, fallback, help, SettingType::integer);
  setting.min = min;
  setting.max = max;
  return setting;
}
Setting choice(std::string_view key, std::vector<std::string_view> choices, std::string_view help) {
  Setting setting = text(key, choices.front(), help, SettingType::choice);
  setting.choices = std::move(choices);
  return setting;
}

void add_places(std::vector<Setting>& all) {
  all.push_back(
      text("database", "", "sqlite:PATH or postgresql://...; empty: sqlite, assay.db in data_dir", SettingType::url));
  all.push_back(
      path("data_dir", "Directory for Assay's own files; empty: ~/.local/share/assay, for root /var/lib/assay"));
  all.push_back(text("node_group", "default", "Group of processes and sources that belong together"));
  all.push_back(text("name", "", "Name of the process; empty: host and process id"));
  all.push_back(text("listen", "127.0.0.1:9464", "Address of /metrics and /health; none: no listener"));
  all.push_back(
      path("fingerprint_key_file", "Key of the fingerprints: a file with 64 hex digits; empty: the user's own"));
  all.push_back(path("key_file", "Key file that unlocks the database's keys; empty: systemd's credential assay-key"));
  all.push_back(choice("sandbox.require", {"available", "strict"},
                       "strict: refuse to start where the kernel lacks a layer of the sandbox"));
}

void add_processes(std::vector<Setting>& all) {
  all.push_back(number("worker.concurrency", "0", 0, 1024, "Tasks in work at a time; 0: one a processor"));
  all.push_back(number("worker.batch", "200", 1, 10'000, "Tasks claimed at a time, at most"));
  all.push_back(number("worker.heartbeat_ms", "10000", 100, 600'000, "Time between two signs of life"));
  all.push_back(number("worker.task_deadline_ms", "3600000", 1000, 7 * day_ms, "Longest time for one task"));
  all.push_back(number("worker.grace_ms", "30000", 0, hour_ms, "Time that SIGTERM leaves to tasks that have begun"));
  all.push_back(number("orchestrator.lease_ms", "30000", 1000, hour_ms,
                       "How long a job stays with an orchestrator that is silent; renewed at a third of it"));
  all.push_back(number("orchestrator.most_jobs", "20000", 1, 1'000'000, "Jobs that one orchestrator holds at a time"));
}

void add_work(std::vector<Setting>& all) {
  all.push_back(number("scan.threads", "0", 0, 1024, "Examiner processes; 0: one a task in work"));
  all.push_back(bytes("scan.split_from", "256M",
                      "Texts and tables at least so large become ranges that several workers read; 0: none"));
  all.push_back(bytes("scan.range_bytes", "64M", "Size of such a range; at least 256K"));
  all.back().min = 256 << 10;
  static const std::string keep_days = fmt::format("{}", coordinate::default_keep_tasks_days);
  all.push_back(
      number("retention.tasks_keep_days", keep_days, 0, 36'500, "Days that tasks of ended jobs stay visible"));
  static const std::string keep_runs = fmt::format("{}", coordinate::default_keep_catalog_runs);
  all.push_back(number("retention.catalog_runs", keep_runs, 2, 100'000,
                       "Runs of each source of which the catalog knows what they changed"));
}

void add_budget(std::vector<Setting>& all, std::array<std::string_view, 4> keys) {
  all.push_back(number(keys[0], "0", 0, 1'000'000, "Tasks at a time; 0: no bound"));
  all.push_back(number(keys[1], "0", 0, 1'000'000, "Connections to sources at a time; 0: no bound"));
  all.push_back(bytes(keys[2], "0", "Bytes a second read from sources; 0: no bound"));
  all.push_back(bytes(keys[3], "0", "Memory of the tasks in work; 0: no bound"));
}

void add_budgets(std::vector<Setting>& all) {
  add_budget(all, {"budgets.process.concurrent_tasks", "budgets.process.connections", "budgets.process.bytes_per_s",
                   "budgets.process.memory_bytes"});
  add_budget(all, {"budgets.node_group.concurrent_tasks", "budgets.node_group.connections",
                   "budgets.node_group.bytes_per_s", "budgets.node_group.memory_bytes"});
}

void add_vault(std::vector<Setting>& all) {
  all.push_back(text("vault.address", "", "HashiCorp Vault or OpenBao: https://HOST:PORT; empty: none"));
  all.push_back(path("vault.ca_file", "Certificate authority of Vault, PEM; empty: those of the system"));
  all.push_back(text("vault.namespace", "", "Namespace in Vault"));
  all.push_back(text("vault.token", "env:VAULT_TOKEN", "Reference to the token: env:NAME, file:PATH or store:NAME"));
  all.push_back(text("vault.role_id", "", "Role ID of an AppRole; empty: the token is used"));
  all.push_back(text("vault.secret_id", "", "Reference to the secret ID of the AppRole"));
  all.push_back(text("vault.approle_mount", "approle", "Where Vault has AppRole logins"));
  all.push_back(number("vault.timeout_ms", "10000", 100, hour_ms, "Longest time for one request to Vault"));
}

void add_log(std::vector<Setting>& all) {
  all.push_back(choice("log.level", {"info", "debug", "warning", "error"}, "Least that is logged"));
  all.push_back(path("log.file", "Where the log goes; empty: standard error"));
}

std::string spelled(std::string_view key, std::string_view prefix, char between, bool upper) {
  std::string name(prefix);
  for (const char c : key) {
    if (c == '.' || c == '_') name += between;
    else name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

[[noreturn]] void expect(const Setting& setting, const std::string& what) {
  throw core::Error(core::ErrorKind::bad_input, fmt::format("'{}' must be {}", setting.key, what));
}

std::string normalised_number(const Setting& setting, std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < setting.min || number > setting.max)
    expect(setting, fmt::format("a whole number from {} to {}", setting.min, setting.max));
  return std::to_string(number);
}

std::string normalised_bytes(const Setting& setting, std::string_view text) {
  const auto size = core::parse_byte_size(text);
  if (!size || *size < setting.min || *size > setting.max)
    expect(setting, setting.min == 0 ? "a number of bytes, as 4096, 64M or 2GiB"
                                     : fmt::format("a number of bytes, as 64M or 2GiB, from {} on", setting.min));
  return std::to_string(*size);
}

/// A secret itself would be shown by `config show`, so only where it is may be said.
std::string normalised_reference(const Setting& setting, std::string_view text) {
  if (text.empty()) return {};
  constexpr std::array<std::string_view, 3> places = {"env:", "file:", "store:"};
  if (std::ranges::none_of(places, [text](std::string_view place) { return text.starts_with(place); }))
    expect(setting, "a reference: env:NAME, file:PATH or store:NAME");
  return std::string(text);
}

std::string normalised_url(const Setting& setting, std::string_view text) {
  const bool is_known = text.empty() || text.starts_with("sqlite:") || text.starts_with("postgresql://") ||
                        text.starts_with("postgres://");
  if (!is_known) expect(setting, "sqlite:PATH or postgresql://...");
  return std::string(text);
}

}  // namespace

std::span<const Setting> all_settings() {
  static const std::vector<Setting> settings = [] {
    std::vector<Setting> all;
    add_places(all);
    add_processes(all);
    add_work(all);
    add_budgets(all);
    add_vault(all);
    add_log(all);
    return all;
  }();
  return settings;
}

const Setting* find_setting(std::string_view key) {
  const auto found = std::ranges::find(all_settings(), key, &Setting::key);
  return found == all_settings().end() ? nullptr : &*found;
}

std::string environment_name(const Setting& setting) { return spelled(setting.key, "ASSAY_", '_', true); }

std::string flag_name(const Setting& setting) { return spelled(setting.key, "--", '-', false); }

std::string normalised(const Setting& setting, std::string_view text) {
  constexpr size_t max_bytes = 4096;
  if (text.size() > max_bytes) expect(setting, fmt::format("at most {} bytes long", max_bytes));
  if (text.find_first_of(std::string_view("\0\n\r", 3)) != std::string_view::npos) expect(setting, "one line");
  switch (setting.type) {
    case SettingType::integer: return normalised_number(setting, text);
    case SettingType::bytes: return normalised_bytes(setting, text);
    case SettingType::url: return normalised_url(setting, text);
    case SettingType::choice:
      if (std::ranges::find(setting.choices, text) == setting.choices.end())
        expect(setting, fmt::format("one of {}", fmt::join(setting.choices, ", ")));
      break;
    case SettingType::text:
    case SettingType::path: break;
  }
  if (setting.key == "vault.token" || setting.key == "vault.secret_id") return normalised_reference(setting, text);
  if (setting.key == "node_group" && text.empty()) expect(setting, "a name");
  return std::string(text);
}

}  // namespace assay::cli
