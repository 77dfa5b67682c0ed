#include "scan/stored_scan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>

#include "core/clock.h"
#include "connect/files/files_connector.h"
#include "core/error.h"
#include "core/path_text.h"
#include "core/printable.h"
#include "model/transitions.h"
#include "scan/jobs/enumerate_handler.h"
#include "scan/jobs/examine_handler.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/sweep_handler.h"
#include "scan/scan_job.h"

namespace assay::scan {
namespace {

namespace json = boost::json;
using model::JobStatus;

constexpr const char* source_name = "scan";
constexpr size_t rows_a_page = 1'000;

[[noreturn]] void refuse(const std::string& message) { throw core::Error(core::ErrorKind::bad_input, message); }

std::string shown(const std::string& path) { return core::printable(path, 4096); }

/// What must be as it was when a scan is taken up, beside the job's configuration; kept with its source.
struct Circumstances {
  std::string working_directory;  ///< relative paths begin there
  std::string key_id;
  bool is_reported = false;
};

std::string to_json(const Circumstances& c) {
  return json::serialize(json::object{{"working_directory", core::path_to_text(c.working_directory)},
                                      {"fingerprint_key", c.key_id},
                                      {"reported", c.is_reported}});
}

std::optional<Circumstances> circumstances_from_json(std::string_view text) {
  try {
    const json::value value = json::parse(text);
    const json::object& object = value.as_object();
    return Circumstances{.working_directory = core::path_from_text(object.at("working_directory").as_string()),
                         .key_id = std::string(object.at("fingerprint_key").as_string()),
                         .is_reported = object.at("reported").as_bool()};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string working_directory() {
  std::error_code error;
  return std::filesystem::current_path(error).string();
}

std::unique_ptr<store::Store> open_store(const DataDirectory& directory) {
  store::StoreOptions options;
  options.url = "sqlite:" + directory.store_path();
  try {
    return store::Store::open(options, true);
  } catch (const core::Error& error) {
    throw core::Error(error.kind(), fmt::format("{}: {}", shown(directory.store_path()), error.what()));
  }
}

[[noreturn]] void refuse_none(const DataDirectory& directory) {
  refuse(fmt::format("there is no scan in {} to take up; without --resume one begins there", shown(directory.path())));
}

/// What was there when the scan began.
template <typename T>
T there(std::optional<T> value) {
  if (!value) throw core::Error(core::ErrorKind::bug, "the store of the scan lost what it was begun with");
  return *std::move(value);
}

/// What a store in the directory holds.
struct Kept {
  model::Datasource source;
  Circumstances circumstances;
  std::optional<store::JobRow> job;

  bool is_over() const {
    if (!job) return true;
    return job->status == JobStatus::cancelled || (job->status == JobStatus::completed && circumstances.is_reported);
  }
};

Kept kept_in(store::Store& store, const DataDirectory& directory) {
  Kept kept;
  const auto sources = store.list_datasources();
  const auto jobs = store.list_jobs(2);
  const auto circumstances = sources.empty() ? std::nullopt : circumstances_from_json(sources.front().configuration);
  // One that was killed while it made its store has neither source nor job.
  if (sources.size() > 1 || (!sources.empty() && !circumstances) || jobs.size() > sources.size() ||
      !store.list_templates().empty())
    refuse(fmt::format("{} is no store of `assay scan`; give the scan a directory of its own",
                       shown(directory.store_path())));
  if (!sources.empty()) kept.source = sources.front();
  if (circumstances) kept.circumstances = *circumstances;
  if (!jobs.empty()) kept.job = jobs.front();
  return kept;
}

/// The options in which they differ, as the command line calls them.
std::vector<std::string> differences(const JobConfiguration& was, const JobConfiguration& is) {
  std::vector<std::string> names;
  const auto compare = [&](bool are_equal, const char* name) {
    if (!are_equal) names.emplace_back(name);
  };
  const JobSource &old_source = was.sources.at(0), &new_source = is.sources.at(0);
  const connect::SourceAddress &was_read = old_source.address, &is_read = new_source.address;
  compare(old_source.kind == new_source.kind && was_read.roots == is_read.roots, "PATHs");
  compare(was_read.include == is_read.include, "--include");
  compare(was_read.exclude == is_read.exclude, "--exclude");
  compare(was_read.settings == is_read.settings,
          is_read.settings.contains("one_file_system") || was_read.settings.contains("one_file_system")
              ? "--cross-file-systems"
              : "--setting");
  compare(was.rule_set_hash == is.rule_set_hash, "rules");
  compare(was.entities == is.entities, "--entities");
  compare(was.min_confidence == is.min_confidence, "--min-confidence");
  compare(was.ocr == is.ocr, "--ocr");
  compare(was.ocr_languages == is.ocr_languages, "--ocr-languages");
  compare(was.binaries == is.binaries, "--binaries");
  JobConfiguration rest = was;  // what is left are the limits
  rest.limits = is.limits;
  compare(to_json(was) == to_json(rest), "limits");
  return names;
}

void check_same(const Kept& kept, const JobConfiguration& was, const JobConfiguration& is, const std::string& key_id,
                const DataDirectory& directory) {
  std::vector<std::string> names = differences(was, is);
  if (kept.circumstances.key_id != key_id) names.emplace_back("--fingerprint-key");
  if (!names.empty())
    refuse(fmt::format("the scan in {} was begun with other {}; it can only be taken up as it was begun",
                       shown(directory.path()), fmt::join(names, ", ")));
  const auto& paths = is.sources.at(0).address.roots;
  if (is.sources.at(0).kind == "files" && kept.circumstances.working_directory != working_directory() &&
      std::ranges::any_of(paths, [](const std::string& path) { return !path.starts_with('/'); }))
    refuse(fmt::format("the scan in {} was begun in {}, and its PATHs are relative; take it up there",
                       shown(directory.path()), shown(kept.circumstances.working_directory)));
}

/// `directory`, if such a scan can be kept and begun at all: before anything is made.
std::string checked(const ScanOptions& options, const SourceAccess& access, const std::string& directory) {
  if (options.profile != model::ProfileScope::none)
    refuse("--quality does not go with --data-dir: profiles are reported as they come");
  if (options.reveal) refuse("--reveal does not go with --data-dir: values are never stored");
  if (std::ranges::count(options.source.roots, connect::files::standard_input) != 0)
    refuse("standard input (-) cannot be read again, so it does not go with --data-dir");
  check_places(options, access);
  return directory;
}

/// Examines until the whole scan is to end, and then ends the examiners, for which attempts wait. Not before the worker
/// has asked the attempt to stop: then it is given back, and not charged for examiners that are gone.
class EndingExamineHandler final : public coordinate::TaskHandler {
 public:
  EndingExamineHandler(store::Store& store, const SourceAccess& access, ObjectScanners& scanners, std::stop_token scan)
      : scanners_(scanners), scan_(std::move(scan)), inner_(store, access, scanners) {}

  std::string_view kind() const override { return inner_.kind(); }
  store::TaskCompletion run(const coordinate::TaskContext& context) override {
    const std::stop_callback end(context.stop, [this] {
      if (scan_.stop_requested()) scanners_.stop();
    });
    return inner_.run(context);
  }

 private:
  ObjectScanners& scanners_;
  const std::stop_token scan_;
  ExamineHandler inner_;
};

model::ProgressDelta sum_of(const std::vector<store::ProgressRow>& rows) {
  model::ProgressDelta sum;
  for (const store::ProgressRow& row : rows) {
    sum.objects_discovered += row.work.objects_discovered;
    sum.bytes_discovered += row.work.bytes_discovered;
    sum.objects_done += row.work.objects_done + row.work.objects_skipped + row.work.objects_failed;
    sum.bytes_done += row.work.bytes_done + row.work.bytes_skipped + row.work.bytes_failed;
    sum.findings += row.work.findings;
  }
  return sum;
}

}  // namespace

StoredScan::StoredScan(const ScanOptions& options, const SourceAccess& access, const Options& how)
    : access_(access),
      directory_(checked(options, access, how.directory),
                 how.resume ? DataDirectory::Absent::refuse : DataDirectory::Absent::make),
      key_id_(how.key_id),
      definition_(to_definition(options.rules)),
      scanners_(settings_of(options), [this](const std::string&) { return definition_; }) {
  if (how.resume) take_up(options);
  else begin(options);
}

void StoredScan::begin(const ScanOptions& options) {
  if (directory_.has_store()) {
    const Kept kept = kept_in(*open_store(directory_), directory_);
    if (!kept.is_over())
      refuse(fmt::format("{} holds a scan that has not ended; --resume takes it up, and to begin anew remove {}",
                         shown(directory_.path()), shown(directory_.store_path())));
    directory_.remove_store();
  }
  store_ = open_store(directory_);
  model::Datasource source;
  source.name = source_name;
  source.kind = options.kind;
  source.configuration =
      to_json(Circumstances{.working_directory = working_directory(), .key_id = key_id_, .is_reported = false});
  const JobConfiguration configuration =
      configuration_of(options, store_->add_datasource(source), rule_set_hash(definition_));
  scanners_.get(configuration);  // so that rules that do not load are told before there is a job
  job_id_ = store_->submit_job(job_of(configuration)).job_ids.front();
}

void StoredScan::take_up(const ScanOptions& options) {
  if (!directory_.has_store()) refuse_none(directory_);
  store_ = open_store(directory_);
  const Kept kept = kept_in(*store_, directory_);
  if (!kept.job) refuse_none(directory_);
  const store::JobRow& job = *kept.job;
  if (kept.is_over())
    refuse(fmt::format("the scan in {} {}; without --resume another begins there", shown(directory_.path()),
                       job.status == JobStatus::cancelled ? "was cancelled" : "has ended"));
  job_id_ = job.id;
  const JobConfiguration was = job_configuration_from_json(store_->job_configuration(job_id_));
  check_same(kept, was, configuration_of(options, kept.source.id, rule_set_hash(definition_)), key_id_, directory_);
  end_the_dead();
  if (job.status == JobStatus::failed && store_->retry_dead_tasks(job_id_, {}) == 0)
    refuse(fmt::format("the scan in {} failed: {}; to begin anew remove {}", shown(directory_.path()), job.error,
                       shown(directory_.store_path())));
  if (job.status == JobStatus::paused || job.status == JobStatus::pausing)
    store_->request_command(job_id_, model::JobCommand::resume);
  if (job.status != JobStatus::completed) scanners_.get(was);  // as above
  done_before_ = sum_of(store_->progress(job_id_));
}

// Whoever is registered is dead: the directory is locked. What they held is free at once, and nobody is charged.
void StoredScan::end_the_dead() {
  for (const store::ProcessRow& worker : store_->list_workers()) store_->unregister_worker(worker.identity.id);
  for (const store::ProcessRow& orchestrator : store_->list_orchestrators())
    store_->unregister_orchestrator(orchestrator.identity.id);
}

model::JobStatus StoredScan::run_job(Progress& progress, const std::function<bool()>& stop) {
  progress.bytes_done_before = done_before_.bytes_done;
  const StopWatcher watcher(stop, nullptr, [&] { show(progress); });
  core::Metrics metrics;
  SourceAccess access = access_;
  const auto own_files = directory_.own_files();  // there are more of them once the store is open
  access.own_files.insert(access.own_files.end(), own_files.begin(), own_files.end());
  const coordinate::Handlers handlers = {
      std::make_shared<EnumerateHandler>(*store_, access, EnumerateHandler::Options{.pack = {}}),
      std::make_shared<EndingExamineHandler>(*store_, access, scanners_, watcher.token()),
      std::make_shared<SweepHandler>(*store_, access)};
  const auto status = coordinate::run_embedded({*store_, core::system_clock(), metrics, core::Log()},
                                               embedded_options(), handlers, job_id_, watcher.token());
  return status.value_or(JobStatus::running);
}

ScanSummary StoredScan::run(ScanSink& sink, Progress& progress, const std::function<bool()>& stop) {
  const auto begin = std::chrono::steady_clock::now();
  JobStatus status = there(store_->find_job(job_id_)).status;
  if (!is_over(status)) status = run_job(progress, stop);
  if (status == JobStatus::failed && !stop()) throw_what_failed(*store_, job_id_);
  show(progress);
  ScanSummary summary = read_back(sink);
  summary.interrupted = status != JobStatus::completed;
  summary.elapsed_ms = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count());
  return summary;
}

void StoredScan::finish() {
  model::Datasource source = there(store_->find_datasource(source_name));
  Circumstances circumstances = there(circumstances_from_json(source.configuration));
  circumstances.is_reported = true;
  source.configuration = to_json(circumstances);
  store_->update_datasource(source);
}

void StoredScan::show(Progress& progress) const {
  try {
    const model::ProgressDelta sum = sum_of(store_->progress(job_id_));
    progress.objects_found = sum.objects_discovered;
    progress.bytes_found = sum.bytes_discovered;
    progress.objects_done = sum.objects_done;
    progress.bytes_done = sum.bytes_done;
    progress.findings = sum.findings;
    const auto walk = store_->list_tasks(job_id_, std::nullopt, 0, 1);
    if (!walk.empty() && walk.front().status == model::TaskStatus::completed) progress.walk_done = true;
  } catch (const core::Error&) {
    return;  // the next look may have more luck
  }
}

ScanSummary StoredScan::read_back(ScanSink& sink) const {
  ScanSummary summary;
  store::FindingFilter filter{.job_id = job_id_, .new_only = true, .most = rows_a_page};
  for (bool is_last = false; !is_last;) {
    const auto page = store_->list_findings(filter);
    for (const store::StoredFinding& stored : page) sink.on_finding(stored.finding);
    summary.findings += page.size();
    is_last = page.size() < filter.most;
    if (!is_last) filter.after_id = page.back().id;
  }
  filter.after_id = 0;
  for (bool is_last = false; !is_last;) {
    const auto page = store_->list_columns(filter);
    for (const store::StoredColumn& stored : page) sink.on_column(stored.column);
    is_last = page.size() < filter.most;
    if (!is_last) filter.after_id = page.back().id;
  }
  store_->for_each_object(job_id_, [&](const model::ObjectRecord& record) {
    ++summary.verdicts[static_cast<size_t>(record.verdict.kind)];
    if (record.member.empty()) {
      ++summary.objects;
      summary.bytes += record.bytes;
      summary.suppressed += record.suppressed;
    } else {
      ++summary.members;
    }
    sink.on_object(record);
  });
  return summary;
}

}  // namespace assay::scan
