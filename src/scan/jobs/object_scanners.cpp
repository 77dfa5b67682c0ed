#include "scan/jobs/object_scanners.h"

#include <algorithm>

#include "scan/examiner_pool.h"

namespace assay::scan {
namespace {

constexpr size_t most_kept = 2;

// All of a configuration but its sources.
std::string key_of(const JobConfiguration& configuration) {
  JobConfiguration way = configuration;
  way.sources.clear();
  way.full = false;
  way.split_from.reset();
  way.range_bytes.reset();
  way.correlation_id.clear();
  return to_json(way);
}

ScanOptions options_for(const JobConfiguration& c, const ExaminerSettings& settings, const std::string& rules) {
  ScanOptions options;
  options.rules = rules_from_definition(rules);
  options.entities = c.entities;
  options.min_confidence = c.min_confidence;
  options.limits = c.limits;
  options.threads = settings.threads;
  options.ocr = c.ocr;
  options.binaries = c.binaries;
  options.reveal = settings.reveal;
  options.strict_sandbox = settings.strict_sandbox;
  options.fingerprint_key = settings.fingerprint_key;
  options.helper_path = settings.helper_path;
  options.ocr_languages = c.ocr_languages;
  options.profile = c.profile;
  return options;
}

}  // namespace

ObjectScanners::ObjectScanners(ExaminerSettings settings, std::function<std::string(const std::string&)> find_rules)
    : settings_(std::move(settings)), find_rules_(std::move(find_rules)) {}

std::shared_ptr<ObjectScanner> ObjectScanners::get(const JobConfiguration& configuration) {
  const std::string key = key_of(configuration);
  const std::lock_guard lock(mutex_);  // held while examiners start, so that tasks of one job do not start several
  if (stopped_) throw core::Error(core::ErrorKind::transient, "the examiners were told to end");
  std::erase_if(kept_, [](const Kept& kept) { return !kept.scanner->is_usable(); });
  const auto found = std::ranges::find(kept_, key, &Kept::key);
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front().scanner;
  }
  const ScanOptions options = options_for(configuration, settings_, find_rules_(configuration.rule_set_hash));
  auto scanner = std::make_shared<ObjectScanner>(examiner_pool_options(options), options.limits.max_object_bytes);
  kept_.push_front({key, scanner});
  if (kept_.size() > most_kept) kept_.pop_back();
  std::erase_if(given_out_, [](const auto& weak) { return weak.expired(); });
  given_out_.push_back(scanner);
  return scanner;
}

void ObjectScanners::stop() {
  std::vector<std::shared_ptr<ObjectScanner>> running;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const auto& weak : given_out_)
      if (auto scanner = weak.lock()) running.push_back(std::move(scanner));
    kept_.clear();
  }
  for (const auto& scanner : running) scanner->stop();
}

}  // namespace assay::scan
