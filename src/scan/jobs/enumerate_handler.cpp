#include "scan/jobs/enumerate_handler.h"

#include <utility>

#include "core/error.h"
#include "scan/jobs/packet.h"

namespace assay::scan {
namespace {

constexpr size_t most_unread_records = 512;
constexpr int64_t wait_ms = 20;

/// Packs what one enumeration finds, and hands each full pack to the store.
class Packer final : public connect::ObjectVisitor {
 public:
  Packer(store::Store& store, const connect::Connector& source, const EnumerateHandler::Options& options,
         const coordinate::TaskContext& context, EnumeratePacket& packet)
      : store_(store), source_(source), options_(options), context_(context), packet_(packet) {}

  void on_object(connect::ObjectEntry&& entry) override {
    if (items_ != 0 && bytes_ + entry.size > options_.pack.most_bytes) flush();
    ObjectItem item{.root = packet_.root,
                    .relative = std::move(entry.name),
                    .size = entry.size,
                    .mtime_ns = entry.mtime_ns,
                    .change_id = std::move(entry.change_id)};
    append_json(payload_, item);
    ++items_;
    bytes_ += item.size;
    packet_.resume_after = std::move(item.relative);
    if (items_ >= options_.pack.most_items) flush();
  }

  void on_unread(std::string name, uint64_t size, model::Verdict verdict) override {
    model::ObjectRecord record{
        .object = name.empty() ? source_.roots()[packet_.root] : source_.path_of(packet_.root, name),
        .member = {},
        .format = {},
        .bytes = size,
        .findings = 0,
        .verdict = std::move(verdict)};
    if (!name.empty()) packet_.resume_after = std::move(name);  // said of the root when much of it was visited
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
    part.is_discovery = options_.live == nullptr;
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
  const connect::Connector& source_;
  const EnumerateHandler::Options& options_;
  const coordinate::TaskContext& context_;
  EnumeratePacket& packet_;
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

}  // namespace

store::TaskCompletion EnumerateHandler::run(const coordinate::TaskContext& context) {
  const JobConfiguration configuration = job_configuration_from_json(context.configuration);
  EnumeratePacket packet = enumerate_packet_from_json(context.task.work_packet);
  const auto source = access_.open(configuration, packet.datasource_id, context.stop);
  Packer packer(store_, *source, options_, context, packet);
  for (; packet.root < source->roots().size(); ++packet.root, packet.resume_after.clear()) {
    source->enumerate(packet.root, packet.resume_after, packer);
    if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the walk was told to end");
  }
  store::TaskCompletion completion = packer.take();
  if (options_.live != nullptr) options_.live->on_walk_done();
  else if (!packet.met_unreadable) completion.outputs.push_back(sweep_output(packet.datasource_id));
  return completion;
}

}  // namespace assay::scan
