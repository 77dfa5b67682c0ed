#include "scan/filtering_sink.h"

#include <boost/json.hpp>
#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/error.h"
#include "core/printable.h"

namespace assay::scan {

FilteringSink::FilteringSink(ScanSink& inner, FilterOptions options)
    : inner_(inner), options_(std::move(options)), fail_on_(options_.fail_on.begin(), options_.fail_on.end()) {
  const auto names_in = [this](const std::string& file) {
    return options_.roots_of_files.empty() ? ObjectNames() : ObjectNames(options_.roots_of_files, file);
  };
  if (!options_.baseline.empty())
    known_ = Baseline::load(options_.baseline, options_.key_id, names_in(options_.baseline));
  if (!options_.write_baseline.empty()) seen_ = Baseline(names_in(options_.write_baseline));
  if (!options_.suppressions.empty())
    suppressions_ = Suppressions::load(options_.suppressions, options_.known_names, names_in(options_.suppressions));
  if (!options_.ledger.empty()) {
    ledger_ = std::fopen(options_.ledger.c_str(), "we");
    if (ledger_ == nullptr) throw core::error_from_errno("cannot write the ledger " + options_.ledger, errno);
  }
}

FilteringSink::~FilteringSink() {
  if (ledger_ != nullptr) std::fclose(ledger_);
}

void FilteringSink::on_finding(const model::Finding& finding) {
  if (suppressions_.covers(finding)) {
    ++suppressed_count_;
    return;
  }
  if (!options_.write_baseline.empty()) seen_.add(finding);
  if (known_.has(finding)) {
    ++known_count_;
    return;
  }
  if (fail_on_.contains("any") || fail_on_.contains(finding.entity)) has_failing_finding_ = true;
  inner_.on_finding(finding);
}

void FilteringSink::on_column(const model::ColumnFinding& column) { inner_.on_column(column); }

void FilteringSink::on_object(const model::ObjectRecord& record) {
  if (ledger_ != nullptr) {
    boost::json::object line{{"object", core::printable(record.object, 8192)}};
    if (!record.member.empty()) line["member"] = record.member;
    if (!record.format.empty()) line["format"] = record.format;
    line["bytes"] = record.bytes;
    line["findings"] = record.findings;
    line["verdict"] = model::to_string(record.verdict.kind);
    if (!record.verdict.reason.empty()) line["reason"] = core::printable(record.verdict.reason, 1024);
    const std::string text = boost::json::serialize(line) + "\n";
    if (std::fwrite(text.data(), 1, text.size(), ledger_) != text.size())
      throw core::error_from_errno("cannot write the ledger " + options_.ledger, errno);
  }
  inner_.on_object(record);
}

void FilteringSink::finish(ScanSummary& summary) {
  summary.known += known_count_;
  summary.suppressed += suppressed_count_;
  summary.findings -= std::min(summary.findings, known_count_ + suppressed_count_);
  if (!options_.write_baseline.empty()) seen_.save(options_.write_baseline, options_.key_id);
  if (ledger_ == nullptr) return;
  std::FILE* file = std::exchange(ledger_, nullptr);
  if (std::fclose(file) != 0) throw core::error_from_errno("cannot write the ledger " + options_.ledger, errno);
}

}  // namespace assay::scan
