#include "scan/jobs/join_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/codec.h"
#include "core/error.h"
#include "core/fault_point.h"
#include "scan/jobs/open_object.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/split.h"
#include "scan/jobs/table_part.h"

namespace assay::scan {
namespace {

/// What was sealed of the parts, one part in memory at a time; what else they left goes to the completion on the way.
class PartsReader final : public connect::ObjectReader {
 public:
  struct Table {
    int64_t job_id = 0, datasource_id = 0;
    std::string path{};
    std::vector<store::WaitingPart> parts{};
    bool is_cut = false;  ///< more was found than is kept
  };
  PartsReader(store::Store& store, Table& table, store::TaskCompletion& completion)
      : store_(store), table_(table), completion_(completion) {}

  size_t read(std::span<char> out) override {
    while (given_ == waiting_.size() && !is_at_end_) next_part();
    const size_t n = std::min(out.size(), waiting_.size() - given_);
    std::copy_n(waiting_.begin() + static_cast<ptrdiff_t>(given_), n, out.begin());
    given_ += n;
    return n;
  }

 private:
  void next_part() {
    waiting_.clear();
    given_ = 0;
    core::WireWriter writer(waiting_);
    if (next_ == table_.parts.size()) {
      writer.u32(0);
      is_at_end_ = true;
      return;
    }
    const store::WaitingPart& part = table_.parts[next_++];
    TablePartContent content =
        read_table_part(store_.part_content(table_.job_id, table_.datasource_id, table_.path, part.number));
    for (model::Finding& finding : content.findings) keep(std::move(finding));
    for (model::ObjectRecord& member : content.members) {
      member.object = table_.path;
      completion_.objects.push_back({.record = std::move(member), .mtime_ns = 0, .change_id = {}, .content_hash = {}});
    }
    rows_before_ += part.newlines;
    if (!content.sealed.empty()) writer.text(content.sealed);
  }

  void keep(model::Finding&& finding) {
    if (completion_.findings.size() == most_findings_of_an_object) {
      table_.is_cut = true;
      return;
    }
    finding.object = table_.path;
    if (finding.locator.member.empty() && finding.locator.row != 0) finding.locator.row += rows_before_;
    completion_.findings.push_back(finding);
  }

  store::Store& store_;
  Table& table_;
  store::TaskCompletion& completion_;
  size_t next_ = 0;
  uint64_t rows_before_ = 0;
  std::string waiting_;
  size_t given_ = 0;
  bool is_at_end_ = false;
};

/// What the examiner makes of the parts; to be looked at behind its last word.
class JoinResults final : public LastWordSink {
 public:
  std::vector<model::ColumnFinding> columns;
  std::vector<model::TableProfile> profiles;
  model::ObjectRecord record;

  void on_finding(const model::Finding&) override {}
  void on_member(model::ObjectRecord&&) override {}
  void on_column(model::ColumnFinding&& column) override {
    const std::lock_guard lock(mutex_);
    columns.push_back(std::move(column));
  }
  void on_profile(model::TableProfile&& profile) override {
    const std::lock_guard lock(mutex_);
    profiles.push_back(std::move(profile));
  }

 private:
  void take(model::ObjectRecord&& said) override { record = std::move(said); }
};

model::Verdict verdict_of(const JoinItem& item, const std::vector<store::WaitingPart>& parts, std::string reason) {
  if (const size_t missing = item.parts - std::min<size_t>(item.parts, parts.size()); missing > 0)
    return {model::VerdictKind::partial, fmt::format("{} of its {} ranges could not be read", missing, item.parts)};
  const auto said = [&reason](const std::string& more) { reason += (reason.empty() ? "" : "; ") + more; };
  for (const store::WaitingPart& part : parts)
    if (part.verdict.kind != model::VerdictKind::ok)
      return {part.verdict.kind, fmt::format("of one of its {} ranges: {}", item.parts, part.verdict.reason)};
  said(
      fmt::format("read in {} ranges{}", item.parts, item.has_snapshot ? " of one snapshot" : ", each as it was then"));
  std::vector<std::string> reasons;
  for (const store::WaitingPart& part : parts)
    if (!part.verdict.reason.empty() && std::ranges::find(reasons, part.verdict.reason) == reasons.end())
      reasons.push_back(part.verdict.reason);
  for (const std::string& each : reasons) said(each);
  return {model::VerdictKind::ok, std::move(reason)};
}

}  // namespace

store::TaskCompletion JoinHandler::run(const coordinate::TaskContext& context) {
  const JobConfiguration configuration = job_configuration_from_json(context.configuration);
  const JoinItem item = join_item_from_json(context.task.work_packet);
  PartsReader::Table table{.job_id = context.task.job_id, .datasource_id = context.task.datasource_id};
  table.path =
      access_.open(configuration, table.datasource_id, context.stop)->path_of(item.object.root, item.object.relative);
  core::fault_point("join_ranges", item.object.relative);
  store::TaskCompletion completion = coordinate::completion_of(context.task);
  if (!store_.awaits_parts(table.job_id, table.datasource_id, table.path)) return completion;
  table.parts = store_.waiting_parts(table.job_id, table.datasource_id, table.path);

  OpenObject object;
  object.path = table.path;
  object.name = last_name(item.object.relative);
  object.size = item.object.size;
  object.is_rows = object.is_join = true;
  JoinResults results;
  examine(*scanners_.get(configuration), std::make_unique<PartsReader>(store_, table, completion), std::move(object),
          results);
  if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the examination was told to end");
  if (results.record.verdict.kind != model::VerdictKind::ok) {
    completion.objects.clear();
    completion.findings.clear();
    completion.joined = {{.object = table.path, .fit = false}};
    return completion;
  }
  completion.columns = std::move(results.columns);
  completion.profiles = std::move(results.profiles);
  store::ObjectResult whole;
  whole.record = std::move(results.record);
  whole.record.object = table.path;
  whole.record.bytes = item.object.size;
  whole.record.findings = 0;
  for (const store::WaitingPart& part : table.parts) whole.record.findings += part.findings;
  whole.record.verdict = verdict_of(item, table.parts, std::move(whole.record.verdict.reason));
  if (table.is_cut && whole.record.verdict.kind == model::VerdictKind::ok)
    whole.record.verdict = {model::VerdictKind::limit, too_many_findings()};
  whole.mtime_ns = item.object.mtime_ns;
  whole.change_id = item.object.change_id;
  const bool is_complete = model::is_complete(whole.record.verdict.kind);
  if (table.parts.size() == item.parts)
    ++(is_complete ? completion.progress.objects_done : completion.progress.objects_failed);
  for (model::TableProfile& profile : completion.profiles) profile.is_sample |= !is_complete;
  completion.objects.push_back(std::move(whole));
  completion.joined = {{.object = table.path}};
  completion.profiles_files = configuration.profile == model::ProfileScope::all;
  return completion;
}

}  // namespace assay::scan
