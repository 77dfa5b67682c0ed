#include "scan/jobs/examine_handler.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <unordered_map>

#include "connect/files/root.h"
#include "core/error.h"
#include "core/fault_point.h"
#include "core/path_text.h"
#include "scan/jobs/pack_results.h"
#include "scan/jobs/packet.h"

namespace assay::scan {
namespace {

using connect::files::FileEntry;
using connect::files::Root;

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
    const store::KnownObject& known = found->second;
    return known.complete && known.size == item.size && known.mtime_ns == item.mtime_ns &&
           known.change_id == item.change_id && known.rule_set_hash == rule_set_hash_;
  }

 private:
  const std::string& rule_set_hash_;
  std::unordered_map<std::string, store::KnownObject> known_;
};

/// Opens the objects of a pack, and gives them to the examiners some at a time.
class Opener {
 public:
  Opener(ObjectScanner& scanner, PackResults& results) : scanner_(scanner), results_(results) {}

  void open(const Root& root, const ObjectItem& item) {
    if (root.path() == standard_input) return open_standard_input(item);
    FileEntry file;
    model::Verdict why;
    if (root.open(item.relative, file, why)) add(std::move(file), item, false);
    else results_.on_unread(root.path_of(item.relative), item, std::move(why));
  }

  void submit() { scanner_.submit(std::exchange(open_, {}), results_); }

  /// What was opened and not submitted gets its last word: nobody else would give it.
  void abandon() {
    for (const OpenObject& object : std::exchange(open_, {})) results_.on_abandoned(object.entry.path);
  }

 private:
  // Standard input is an object without a root.
  void open_standard_input(const ObjectItem& item) {
    FileEntry file;
    file.path = standard_input;
    file.fd = core::Fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    if (!file.fd)
      return results_.on_unread(file.path, item, {model::VerdictKind::io_error, "standard input is closed"});
    struct stat status{};
    const bool is_stream = ::fstat(STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode);
    add(std::move(file), item, is_stream);
  }

  void add(FileEntry&& file, const ObjectItem& item, bool is_stream) {
    results_.expect(file.path, item);
    open_.push_back({std::move(file), is_stream});
    if (open_.size() == ObjectScanner::max_submissions) submit();
  }

  ObjectScanner& scanner_;
  PackResults& results_;
  std::vector<OpenObject> open_;
};

const JobSource& source_of(const JobConfiguration& configuration, int64_t datasource_id) {
  const auto source = std::ranges::find(configuration.sources, datasource_id, &JobSource::datasource_id);
  if (source == configuration.sources.end())
    throw core::Error(core::ErrorKind::bug, "a task names a source that its job does not have");
  return *source;
}

}  // namespace

store::TaskCompletion ExamineHandler::run(const coordinate::TaskContext& context) {
  const JobConfiguration configuration = job_configuration_from_json(context.configuration);
  const int64_t datasource_id = context.task.datasource_id;
  const std::vector<ObjectItem> items = object_items_from_json(context.task.work_packet);
  std::vector<Root> roots;
  for (const std::string& path : source_of(configuration, datasource_id).paths) roots.emplace_back(path);
  std::vector<std::string> paths;
  paths.reserve(items.size());
  for (const ObjectItem& item : items) paths.push_back(roots.at(item.root).path_of(item.relative));
  std::optional<Unchanged> unchanged;
  if (live_ == nullptr) unchanged.emplace(store_, configuration, datasource_id, paths);

  const std::shared_ptr<ObjectScanner> scanner = scanners_.get(configuration);
  PackResults results(live_);
  Opener opener(*scanner, results);
  try {
    for (size_t i = 0; i < items.size() && !context.stop.stop_requested(); ++i) {
      core::fault_point("examine", items[i].relative);
      if (unchanged && unchanged->has(paths[i], items[i])) results.on_unchanged(paths[i], items[i]);
      else opener.open(roots[items[i].root], items[i]);
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
  return completion;
}

}  // namespace assay::scan
