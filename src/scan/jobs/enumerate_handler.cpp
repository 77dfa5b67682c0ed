#include "scan/jobs/enumerate_handler.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "connect/files/walk.h"
#include "core/error.h"
#include "core/path_text.h"
#include "scan/jobs/packet.h"

namespace assay::scan {
namespace {

constexpr size_t most_unread_records = 512;
constexpr int64_t wait_ms = 20;

/// Packs what one walk finds, and hands each full pack to the store.
class Packer final : public connect::files::TreeVisitor {
 public:
  Packer(store::Store& store, const EnumerateHandler::Options& options, const coordinate::TaskContext& context,
         EnumeratePacket& packet)
      : store_(store), options_(options), context_(context), packet_(packet), root_bytes_(0) {}

  void begin_root(const std::string& root) { root_bytes_ = root.size() + (root.ends_with('/') ? 0 : 1); }

  void on_file(connect::files::FileEntry&& file) override {
    if (std::ranges::count(options_.leave_out, std::pair(file.device, file.inode)) != 0)
      return on_unread(std::move(file.path), file.size,
                       {model::VerdictKind::excluded, "the scan keeps its own state in it"});
    if (items_ != 0 && bytes_ + file.size > options_.pack.most_bytes) flush();
    append_json(payload_, {.root = packet_.root,
                           .relative = file.relative,
                           .size = file.size,
                           .mtime_ns = file.mtime_ns,
                           .change_id = change_id_of(file.device, file.inode, file.ctime_ns)});
    ++items_;
    bytes_ += file.size;
    packet_.resume_after = std::move(file.relative);
    if (items_ >= options_.pack.most_items) flush();
  }

  void on_standard_input() {
    connect::files::FileEntry entry;
    entry.relative = standard_input;
    on_file(std::move(entry));
  }

  void on_unread(std::string path, uint64_t size, model::Verdict verdict) override {
    packet_.resume_after = path.size() > root_bytes_ ? path.substr(root_bytes_) : std::string();
    model::ObjectRecord record{.object = std::move(path),
                               .member = {},
                               .format = {},
                               .bytes = size,
                               .findings = 0,
                               .verdict = std::move(verdict)};
    if (options_.live != nullptr) return options_.live->on_unread(std::move(record));
    if (!model::is_complete(record.verdict.kind)) packet_.met_unreadable = true;
    ++unread_.progress.objects_discovered;
    if (model::is_complete(record.verdict.kind)) ++unread_.progress.objects_done;
    else ++unread_.progress.objects_failed;
    unread_.objects.push_back({.record = std::move(record), .mtime_ns = 0, .change_id = {}, .content_hash = {}});
    if (unread_.objects.size() >= most_unread_records) flush();
  }

  bool stop_requested() override { return context_.stop.stop_requested(); }

  // What is packed so far, for the checkpoint or for the task's end.
  store::TaskCompletion take() {
    store::TaskCompletion part = std::exchange(unread_, {});
    part.task_id = context_.task.id;
    part.job_id = context_.task.job_id;
    part.epoch = context_.task.epoch;
    part.datasource_id = packet_.datasource_id;
    if (items_ != 0) {
      payload_ += ']';
      part.outputs.push_back({.child_kind = std::string(examine_kind),
                              .datasource_id = packet_.datasource_id,
                              .items = items_,
                              .bytes = bytes_,
                              .payload = std::exchange(payload_, {})});
      part.progress.objects_discovered += items_;
      part.progress.bytes_discovered += bytes_;
      if (options_.live != nullptr) options_.live->on_found(items_, bytes_);
      items_ = bytes_ = 0;
    }
    return part;
  }

 private:
  void flush() {
    wait_for_room();
    if (!store_.checkpoint_task(context_.task.worker_id, take(), to_json(packet_)))
      throw core::Error(core::ErrorKind::transient, "the walk was taken over by another worker");
  }

  void wait_for_room() {
    if (options_.most_waiting == 0) return;
    while (!context_.stop.stop_requested()) {
      uint64_t waiting = 0;
      for (const store::ProgressRow& row : store_.progress(context_.task.job_id))
        waiting += row.pending + row.ready + row.outputs_waiting;
      if (waiting < options_.most_waiting) return;
      store_.wait_for_change("progress", wait_ms);
    }
  }

  store::Store& store_;
  const EnumerateHandler::Options& options_;
  const coordinate::TaskContext& context_;
  EnumeratePacket& packet_;
  size_t root_bytes_;
  std::string payload_;
  uint64_t items_ = 0, bytes_ = 0;
  store::TaskCompletion unread_;
};

model::TaskOutput sweep_output(int64_t datasource_id) {
  return {.child_kind = std::string(sweep_kind),
          .datasource_id = datasource_id,
          .items = 1,
          .bytes = 0,
          .payload = R"([{"bytes":0}])"};
}

void check_reachable(const std::string& root) {
  struct stat info{};
  if (::stat(root.c_str(), &info) == 0) return;
  // A share that is not mounted at this moment looks like this.
  throw core::Error(core::ErrorKind::transient,
                    core::error_from_errno("cannot read " + core::path_to_text(root), errno).what());
}

}  // namespace

store::TaskCompletion EnumerateHandler::run(const coordinate::TaskContext& context) {
  const JobConfiguration configuration = job_configuration_from_json(context.configuration);
  EnumeratePacket packet = enumerate_packet_from_json(context.task.work_packet);
  const auto source = std::ranges::find(configuration.sources, packet.datasource_id, &JobSource::datasource_id);
  if (source == configuration.sources.end())
    throw core::Error(core::ErrorKind::bug, "a task names a source that its job does not have");
  Packer packer(store_, options_, context, packet);
  for (; packet.root < source->paths.size(); ++packet.root, packet.resume_after.clear()) {
    const std::string& root = source->paths[packet.root];
    if (root == standard_input) {
      packer.on_standard_input();
      continue;
    }
    if (options_.live == nullptr) check_reachable(root);
    packer.begin_root(root);
    connect::files::walk(root,
                         {.include = source->include,
                          .exclude = source->exclude,
                          .one_file_system = source->one_file_system,
                          .open_files = false,
                          .resume_after = packet.resume_after},
                         packer);
    if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the walk was told to end");
  }
  store::TaskCompletion completion = packer.take();
  if (options_.live != nullptr) options_.live->on_walk_done();
  else if (!packet.met_unreadable) completion.outputs.push_back(sweep_output(packet.datasource_id));
  return completion;
}

}  // namespace assay::scan
