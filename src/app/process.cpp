#include "app/process.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "app/health_pages.h"
#include "app/process_options.h"
#include "app/sources.h"
#include "app/version.h"
#include "classify/fingerprint.h"
#include "cli/database.h"
#include "cli/fingerprint_key.h"
#include "cli/interrupt.h"
#include "cli/secrets.h"
#include "coordinate/resources/resources.h"
#include "coordinate/service.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/log.h"
#include "scan/jobs/enumerate_handler.h"
#include "scan/jobs/examine_handler.h"
#include "scan/jobs/object_scanners.h"
#include "scan/jobs/join_handler.h"
#include "scan/jobs/range_handler.h"
#include "scan/jobs/sweep_handler.h"
#include "scan/self_check.h"
#include "server/listener.h"

namespace assay::app {
namespace {

using cli::Configuration;
using cli::ProcessRole;

constexpr int64_t health_check_ms = 1000;

core::Log open_log(const Configuration& configuration) {
  const auto level = core::log_level_from_string(configuration.text("log.level")).value_or(core::LogLevel::info);
  const auto& file = configuration.text("log.file");
  return file.empty() ? core::Log::to_stderr(level) : core::Log::to_file(file, level);
}

store::StoreOptions process_store_options(const Configuration& configuration, ProcessRole role) {
  auto options = cli::store_options(configuration);
  options.connections = store::StoreOptions{}.connections;
  options.application_name = fmt::format("assay {}", cli::to_string(role));
  return options;
}

scan::ExaminerSettings examiner_settings(const Configuration& configuration) {
  return {.threads = static_cast<unsigned>(configuration.number("scan.threads")),
          .reveal = false,
          .strict_sandbox = configuration.text("sandbox.require") == "strict",
          .fingerprint_key = {},
          .helper_path = {}};
}

/// One process, from its start to its end. Members end in the reverse of their order: first what is served, last the
/// store.
class Process {
 public:
  Process(ProcessRole role, const Configuration& configuration)
      : role_(role),
        configuration_(configuration),
        log_(open_log(configuration)),
        address_(server::parse_address(configuration.text("listen"))),
        store_options_(process_store_options(configuration, role)),
        settings_(examiner_settings(configuration)),
        sandbox_(sandbox::probe_sandbox()) {
    if (role_ != ProcessRole::orchestrator) check_examiner();
    store_ = cli::open_database(configuration, store_options_,
                                role == ProcessRole::serve ? cli::Absent::create : cli::Absent::refuse);
    if (role_ != ProcessRole::orchestrator) settings_.fingerprint_key = fingerprint_key();
    resources_ = coordinate::store_resources(*store_);
    credentials_ = cli::credential_manager(store_.get(), configuration, [this] { return keys(); });
    access_ = std::make_unique<scan::SourceAccess>(source_access(*credentials_, log_));
  }

  cli::ExitCode run() {
    cli::catch_interrupts();
    start();
    const auto listener = listen();
    log_.info("started", {{"role", cli::to_string(role_)},
                          {"version", ASSAY_VERSION},
                          {"node_group", configuration_.text("node_group")},
                          {"database", cli::without_password(store_options_.url)},
                          {"sandbox", sandbox::to_string(sandbox_.level)},
                          {"listen", listener ? fmt::format("{}:{}", listener->address().host, listener->address().port)
                                              : std::string("none")}});
    bool is_healthy = true;
    while (!cli::wait_for_interrupt(health_check_ms))
      if (std::exchange(is_healthy, healthy()) && !is_healthy)
        log_.error("too many tasks hang; this process should be replaced");
    log_.info("ending", {{"grace_ms", configuration_.number("worker.grace_ms")}});
    stop();
    log_.info("ended");
    return cli::ExitCode::clean;
  }

 private:
  void check_examiner() const {
    scan::ScanOptions options;
    options.rules = classify::builtin_rule_sources();
    options.strict_sandbox = settings_.strict_sandbox;
    options.fingerprint_key = std::string(classify::Fingerprinter::key_bytes, '\0');  // nobody sees these fingerprints
    const auto check = scan::check_examiner(options);
    if (!check.ok) throw core::Error(core::ErrorKind::permanent, "objects cannot be examined here: " + check.problem);
    if (settings_.strict_sandbox && check.sandbox.level != sandbox::Level::full)
      throw core::Error(core::ErrorKind::permanent,
                        fmt::format("sandbox.require is strict, and the sandbox is {} here: {}",
                                    sandbox::to_string(check.sandbox.level), fmt::join(check.sandbox.reasons, "; ")));
  }

  /// All who share the database share its key. Where it has none, or this process none of its keys: as a scan's.
  std::string fingerprint_key() {
    const std::string& file = configuration_.text("fingerprint_key_file");
    if (const auto ring = cli::unlock_unattended(*store_, configuration_)) {
      std::string key(ring->fingerprint_key().reveal());
      if (!file.empty() && cli::load_fingerprint_key(file) != key)
        log_.warning("fingerprints are made with the database's key, and not with that of fingerprint_key_file");
      return key;
    }
    if (store_->secrets().find_key_envelope())
      log_.warning("the database has keys and this process no key file: fingerprints are made with another key");
    return cli::load_fingerprint_key(file);
  }

  secure::KeyRing keys() const {
    if (auto ring = cli::unlock_unattended(*store_, configuration_)) return std::move(*ring);
    throw core::Error(core::ErrorKind::denied,
                      "secrets of the store cannot be read: this process has no key file; docs/secrets.md tells of it");
  }

  coordinate::Handlers handlers() {
    scanners_ = std::make_unique<scan::ObjectScanners>(settings_, [this](const std::string& hash) {
      if (auto rules = store_->find_rule_set(hash)) return *rules;
      throw core::Error(core::ErrorKind::permanent, "the job's rule set is not in the database");
    });
    return {std::make_shared<scan::EnumerateHandler>(*store_, *access_, scan::EnumerateHandler::Options{}),
            std::make_shared<scan::ExamineHandler>(
                *store_, *access_, *scanners_, nullptr,
                scan::SplitBounds{.split_from = configuration_.number("scan.split_from"),
                                  .range_bytes = configuration_.number("scan.range_bytes")}),
            std::make_shared<scan::RangeHandler>(*store_, *access_, *scanners_),
            std::make_shared<scan::JoinHandler>(*store_, *access_, *scanners_),
            std::make_shared<scan::SweepHandler>(*store_, *access_)};
  }

  void start() {
    const coordinate::Runtime runtime{*store_, core::system_clock(), metrics_, log_};
    switch (role_) {
      case ProcessRole::serve:
        both_ = std::make_unique<coordinate::Embedded>(
            runtime,
            coordinate::EmbeddedOptions{.orchestrator = orchestrator_options(configuration_),
                                        .worker = worker_options(configuration_)},
            handlers(), *resources_);
        return both_->start();
      case ProcessRole::orchestrator:
        orchestrator_ =
            std::make_unique<coordinate::Orchestrator>(runtime, orchestrator_options(configuration_), *resources_);
        return orchestrator_->start();
      case ProcessRole::worker:
        worker_ = std::make_unique<coordinate::Worker>(runtime, worker_options(configuration_), handlers());
        return worker_->start();
    }
  }

  void stop() {
    if (both_) both_->stop();
    if (worker_) worker_->stop();
    if (orchestrator_) orchestrator_->stop();
    if (scanners_) scanners_->stop();
  }

  bool healthy() const { return (!both_ || both_->is_healthy()) && (!worker_ || worker_->is_healthy()); }

  // Several processes of one machine want the same usual address: all but the first take any other. One that the user
  // named is had or missed.
  std::unique_ptr<server::Listener> listen() {
    if (!address_) return nullptr;
    facts_.emplace(HealthFacts{.store = *store_,
                               .store_options = store_options_,
                               .metrics = metrics_,
                               .node_group = configuration_.text("node_group"),
                               .role = std::string(cli::to_string(role_)),
                               .version = ASSAY_VERSION,
                               .sandbox = sandbox_,
                               .is_healthy = [this] { return healthy(); }});
    server::ListenerOptions options{.address = *address_};
    try {
      return std::make_unique<server::Listener>(options, health_pages(*facts_));
    } catch (const core::Error& error) {
      if (error.kind() != core::ErrorKind::transient || configuration_.is_set("listen")) throw;
      options.address.port = 0;
      return std::make_unique<server::Listener>(options, health_pages(*facts_));
    }
  }

  const ProcessRole role_;
  const Configuration& configuration_;
  const core::Log log_;
  const std::optional<server::Address> address_;
  const store::StoreOptions store_options_;
  scan::ExaminerSettings settings_;
  const sandbox::SandboxStatus sandbox_;
  core::Metrics metrics_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<coordinate::ResourceCoordinator> resources_;
  std::unique_ptr<secure::CredentialManager> credentials_;
  std::unique_ptr<scan::SourceAccess> access_;
  std::unique_ptr<scan::ObjectScanners> scanners_;
  std::unique_ptr<coordinate::Embedded> both_;
  std::unique_ptr<coordinate::Orchestrator> orchestrator_;
  std::unique_ptr<coordinate::Worker> worker_;
  std::optional<HealthFacts> facts_;
};

}  // namespace

cli::ExitCode run_process(ProcessRole role, const Configuration& configuration) {
  return Process(role, configuration).run();
}

}  // namespace assay::app
