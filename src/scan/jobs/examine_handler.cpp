#include "scan/jobs/examine_handler.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>

#include "connect/delivery.h"
#include "core/error.h"
#include "core/fault_point.h"
#include "scan/jobs/open_object.h"
#include "scan/jobs/pack_results.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/split.h"

namespace assay::scan {
namespace {

/// The objects of a pack that are as an earlier scan with the same rules left them.
class Unchanged {
 public:
  Unchanged(store::Store& store, const JobConfiguration& configuration, int64_t datasource_id,
            const std::vector<std::string>& paths)
      : rule_set_hash_(configuration.rule_set_hash) {
    if (configuration.full) return;
    const std::vector<std::string_view> views(paths.begin(), paths.end());
    for (store::KnownObject& object : store.known_objects(datasource_id, views)) {
      std::string path = object.path;
      known_.emplace(std::move(path), std::move(object));
    }
  }

  bool has(const std::string& path, const ObjectItem& item) const {
    const auto found = known_.find(path);
    if (found == known_.end()) return false;
    if (item.change_id.empty() && item.mtime_ns == 0) return false;  // its source tells nothing of changes
    const store::KnownObject& known = found->second;
    return known.complete && known.size == item.size && known.mtime_ns == item.mtime_ns &&
           known.change_id == item.change_id && known.rule_set_hash == rule_set_hash_;
  }

 private:
  const std::string& rule_set_hash_;
  std::unordered_map<std::string, store::KnownObject> known_;
};

/// What the source says of a table, for the catalog. One that it will not describe is examined all the same.
void describe(connect::Connector& source, const std::string& path, const ObjectItem& item, PackResults& results) {
  try {
    if (auto description = source.describe(item.root, item.relative)) results.on_table(path, std::move(*description));
  } catch (const core::Error& error) {
    if (error.kind() == core::ErrorKind::transient || error.kind() == core::ErrorKind::bug) throw;
  }
}

/// Makes tasks of an object that is a large table; false when it is none, or to be read whole.
using SplitTable = std::function<bool(const std::string& path, const ObjectItem&, uint64_t range_bytes)>;

/// How many connections the source's budget allows; 0: any number.
uint64_t connections_of(store::Store& store, const JobConfiguration& configuration, int64_t datasource_id) {
  const auto source = std::ranges::find(configuration.sources, datasource_id, &JobSource::datasource_id);
  if (source == configuration.sources.end()) return 0;
  const auto known = store.find_datasource(source->name);
  return known ? known->budget.connections : 0;
}

/// Opens the objects of a pack, and gives them to the examiners some at a time.
class Opener {
 public:
  /// `splits`: when objects are split; nothing: never.
  Opener(connect::Connector& source, ObjectScanner& scanner, PackResults& results, std::optional<SplitBounds> splits,
         SplitTable split_table)
      : source_(source), scanner_(scanner), results_(results), splits_(splits), split_table_(std::move(split_table)) {}

  void open(const std::string& path, const ObjectItem& item) {
    if (splits_ && may_split(item, *splits_) && split_table_(path, item, splits_->range_bytes)) return;
    auto opened = source_.open(item.root, item.relative);
    if (!opened) return results_.on_unread(path, item, std::move(opened.error()));
    if (!opened->fd) return fetch(path, item, *opened);
    OpenObject object = open_object(path, *opened);
    object.may_split = splits_ && !object.is_stream && may_split(item, *splits_) && is_as_found(opened->entry, item);
    add(std::move(object), item);
  }

  void submit() { scanner_.submit(std::exchange(open_, {}), results_); }

  /// What was opened and not submitted gets its last word: nobody else would give it.
  void abandon() {
    for (const OpenObject& object : std::exchange(open_, {})) results_.on_abandoned(object.path);
  }

 private:
  // What a source gives through a reader. A small object is fetched whole; a large one is fed to its examiner from
  // here.
  void fetch(const std::string& path, const ObjectItem& item, connect::OpenedObject& opened) {
    const auto delivery = std::make_shared<connect::Delivery>(std::move(opened.reader));
    opened.fd = delivery->take_descriptor();
    opened.is_stream = delivery->is_stream();
    OpenObject object = open_object(path, opened);
    object.delivery = delivery;
    object.size = item.size;
    add(std::move(object), item);
    if (!delivery->is_stream()) return;
    submit();
    delivery->pump();
  }

  void add(OpenObject&& object, const ObjectItem& item) {
    results_.expect(object.path, item);
    open_.push_back(std::move(object));
    if (open_.size() == ObjectScanner::max_submissions) submit();
  }

  connect::Connector& source_;
  ObjectScanner& scanner_;
  PackResults& results_;
  const std::optional<SplitBounds> splits_;
  const SplitTable split_table_;
  std::vector<OpenObject> open_;
};

}  // namespace

store::TaskCompletion ExamineHandler::run(const coordinate::TaskContext& context) {
  const JobConfiguration configuration = job_configuration_from_json(context.configuration);
  const int64_t datasource_id = context.task.datasource_id;
  const std::vector<ObjectItem> items = object_items_from_json(context.task.work_packet);
  const auto source = access_.open(configuration, datasource_id, context.stop);
  std::vector<std::string> paths;
  paths.reserve(items.size());
  for (const ObjectItem& item : items) paths.push_back(source->path_of(item.root, item.relative));
  std::optional<Unchanged> unchanged;
  if (live_ == nullptr) unchanged.emplace(store_, configuration, datasource_id, paths);

  const std::shared_ptr<ObjectScanner> scanner = scanners_.get(configuration);
  // What is shown as it comes comes in order: such objects stay whole.
  std::optional<SplitBounds> splits;
  if (live_ == nullptr) splits = split_bounds(configuration, splits_);
  PackResults results(live_, [&](const std::string& path, const ObjectItem& item, const RangePlan& plan,
                                 store::TaskCompletion& completion) {
    add_split(path, item, plan, splits.value(), configuration.limits, datasource_id, completion);
  });
  const auto split_table = [&](const std::string& path, const ObjectItem& item, uint64_t range_bytes) {
    const uint64_t connections = connections_of(store_, configuration, datasource_id);
    if (connections == 1 || !snapshots_.has_room()) return false;
    auto ranges = source->ranges(
        item.root, item.relative,
        {.range_bytes = range_bytes, .most = most_ranges_of_table, .may_keep_snapshot = connections == 0});
    if (!ranges) return false;
    results.on_split(
        [&](store::TaskCompletion& completion) { add_split(path, item, *ranges, datasource_id, completion); });
    if (ranges->held) snapshots_.keep(context.task.job_id, datasource_id, path, std::move(ranges->held));
    return true;
  };
  Opener opener(*source, *scanner, results, splits, split_table);
  try {
    for (size_t i = 0; i < items.size() && !context.stop.stop_requested(); ++i) {
      core::fault_point("examine", items[i].relative);
      if (live_ == nullptr) describe(*source, paths[i], items[i], results);
      if (unchanged && unchanged->has(paths[i], items[i])) results.on_unchanged(paths[i], items[i]);
      else opener.open(paths[i], items[i]);
    }
    opener.submit();
  } catch (...) {
    // Examiners have a reference to the results until they have said their last word.
    opener.abandon();
    results.settle();
    throw;
  }
  results.wait();
  if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the examination was told to end");
  store::TaskCompletion completion = results.take();
  completion.task_id = context.task.id;
  completion.job_id = context.task.job_id;
  completion.epoch = context.task.epoch;
  completion.datasource_id = datasource_id;
  completion.profiles_files = configuration.profile == model::ProfileScope::all;
  return completion;
}

}  // namespace assay::scan
