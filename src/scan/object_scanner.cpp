#include "scan/object_scanner.h"

#include <fcntl.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scan/beside.h"
#include "scan/wire/profile_assembly.h"
#include "scan/wire/protocol.h"

namespace assay::scan {
namespace {

using model::VerdictKind;

// How often an object whose member killed its worker is taken up again behind that member.
constexpr size_t max_resumes = 8;

/// One object between its submission and its last word.
struct InFlight {
  OpenObject opened;  // its descriptor is a second one: the first went to the worker
  ObjectSink* sink = nullptr;
  ExaminerRequest request;
  std::string member_in_work;
  model::ObjectRecord record;
  bool has_record = false;
  bool may_lack_log = false;
  std::optional<RangePlan> plan;
  ProfileAssembly profiles;
};

/// Takes one frame of one object.
class Recorder final : public FrameVisitor {
 public:
  /// `is_cut`: the object is larger than what is read of it.
  Recorder(InFlight& object, bool is_cut) : object_(object), is_cut_(is_cut) {}

  void visit(model::Finding& finding) override {
    finding.object = object_.opened.path;
    object_.sink->on_finding(finding);
  }
  void visit(model::ColumnFinding&& column) override {
    column.object = object_.opened.path;
    object_.sink->on_column(std::move(column));
  }
  void visit(model::ObjectRecord&& record) override {
    record.object = object_.opened.path;
    if (!record.member.empty()) return object_.sink->on_member(std::move(record));
    object_.record = std::move(record);  // waits for the sandbox's word on the whole
    object_.has_record = true;
  }
  void visit(TraceLine&&) override {}
  void visit(LineMet&&) override {}
  void visit(MemberBegin&& begin) override { object_.member_in_work = std::move(begin.member); }
  // Who was not asked has nothing to say of ranges.
  void visit(RangePlan&& plan) override {
    if (!object_.request.may_split) malformed();
    object_.plan = std::move(plan);
  }
  void visit(RangeEnd&& end) override {
    if (!object_.request.range && !object_.request.rows_part) malformed();
    object_.sink->on_range_end(std::move(end));
  }
  void visit(SealedPiece&& piece) override {
    if (!object_.request.rows_part) malformed();
    object_.sink->on_sealed(std::move(piece));
  }
  void visit(MayLackLog&&) override { object_.may_lack_log = true; }
  void visit(ProfilePiece&& piece) override {
    auto profile = object_.profiles.add(std::move(piece));
    if (!profile) return;
    profile->object = object_.opened.path;
    // The examiner takes an early end of the stream for the end.
    const auto& delivery = object_.opened.delivery;
    profile->is_sample |= is_cut_ || (delivery && delivery->failure());
    object_.sink->on_profile(*std::move(profile));
  }

 private:
  [[noreturn]] static void malformed() {
    throw core::Error(core::ErrorKind::permanent, "a malformed message came from an examiner");
  }

  InFlight& object_;
  const bool is_cut_;
};

}  // namespace

class ObjectScanner::Impl final : public sandbox::FrameHandler {
 public:
  Impl(sandbox::PoolOptions options, uint64_t max_object_bytes)
      : max_object_bytes_(max_object_bytes),
        pool_(std::move(options), *this),
        attendant_([this](const std::stop_token& stop) { attend(stop); }) {}
  ~Impl() override { stop(); }

  void submit(std::vector<InFlight> objects);
  void drain();
  void stop();
  bool is_usable() {
    const std::lock_guard lock(mutex_);
    return !failed_ && !ended_;
  }

  void on_frame(uint64_t id, std::string_view payload) override;
  void on_done(uint64_t id, const sandbox::Outcome& outcome) override;
  void on_failed() override;

 private:
  using Objects = std::unordered_map<uint64_t, std::unique_ptr<InFlight>>;

  InFlight& in_flight(uint64_t id);
  bool resume(InFlight& object, const sandbox::Outcome& outcome);
  model::Verdict final_verdict(const InFlight& object, const sandbox::Outcome& outcome) const;
  void attend(const std::stop_token& stop);
  void abandon(const std::vector<uint64_t>& ids);
  void abandon_all();

  const uint64_t max_object_bytes_;
  std::mutex mutex_;
  std::condition_variable_any needed_;  // of the attendant; seldom, so that it does not wake for every object
  std::condition_variable all_done_;
  Objects objects_;
  std::vector<InFlight> resumed_;  // to be submitted again by a thread that may block: a thread of the pool must not
  size_t unfinished_ = 0;          // objects without a last word
  uint64_t next_id_ = 1;
  bool failed_ = false;  // the pool did
  bool ended_ = false;

  sandbox::Pool pool_;      // its threads call the rest
  std::jthread attendant_;  // does for the pool's threads what may block
};

void ObjectScanner::Impl::submit(std::vector<InFlight> objects) {
  std::vector<sandbox::Submission> submissions;
  for (InFlight& object : objects) {
    core::Fd for_worker(::fcntl(object.opened.fd.get(), F_DUPFD_CLOEXEC, 3));
    if (!for_worker) {
      // As when it could not be opened.
      model::ObjectRecord record;
      record.object = object.opened.path;
      record.bytes = object.opened.size;
      record.verdict = {VerdictKind::io_error, std::generic_category().message(errno)};
      object.sink->on_object(std::move(record));
      continue;
    }
    submissions.push_back({.request = encode(object.request), .object = std::move(for_worker)});
    if (object.opened.delivery) submissions.back().is_held = object.opened.delivery->is_standing();
    const std::lock_guard lock(mutex_);
    submissions.back().id = next_id_++;
    objects_.emplace(submissions.back().id, std::make_unique<InFlight>(std::move(object)));
    ++unfinished_;
  }
  std::vector<uint64_t> ids;
  ids.reserve(submissions.size());
  for (const sandbox::Submission& one : submissions) ids.push_back(one.id);
  try {
    pool_.submit(std::move(submissions));
  } catch (const core::Error&) {
    abandon(ids);
  }
}

void ObjectScanner::Impl::abandon(const std::vector<uint64_t>& ids) {
  for (const uint64_t id : ids) {
    std::unique_ptr<InFlight> object;
    {
      const std::lock_guard lock(mutex_);
      auto node = objects_.extract(id);
      if (node.empty()) continue;  // it was abandoned with the others
      object = std::move(node.mapped());
      if (--unfinished_ == 0) all_done_.notify_all();
    }
    object->sink->on_abandoned(object->opened.path);
  }
}

InFlight& ObjectScanner::Impl::in_flight(uint64_t id) {
  const std::lock_guard lock(mutex_);
  return *objects_.at(id);
}

void ObjectScanner::Impl::on_frame(uint64_t id, std::string_view payload) {
  InFlight& object = in_flight(id);
  Recorder recorder(object, max_object_bytes_ != 0 && object.opened.size > max_object_bytes_);
  try {
    decode_frame(payload, recorder);
  } catch (const core::Error&) {
    // A worker that was taken over may send anything; its object's record will say that it is not complete.
    object.record.verdict = {VerdictKind::violation, "the examiner sent a malformed message"};
  }
}

void ObjectScanner::Impl::on_done(uint64_t id, const sandbox::Outcome& outcome) {
  std::unique_ptr<InFlight> object;
  {
    const std::lock_guard lock(mutex_);
    object = std::move(objects_.extract(id).mapped());
  }
  if (outcome.verdict.kind != VerdictKind::ok && resume(*object, outcome)) return;
  auto& plan = object->plan;
  if (plan && object->has_record && outcome.verdict.kind == VerdictKind::ok &&
      object->record.verdict.kind == VerdictKind::ok) {
    object->sink->on_plan(object->opened.path, std::move(*plan));
    const std::lock_guard lock(mutex_);
    if (--unfinished_ == 0) all_done_.notify_all();
    return;
  }
  model::Verdict verdict = final_verdict(*object, outcome);
  model::ObjectRecord last_word = std::move(object->record);
  last_word.object = object->opened.path;
  // What a table's rows amount to on their way says nothing of the table.
  if (!object->has_record || object->opened.is_rows) last_word.bytes = object->opened.size;
  last_word.verdict = std::move(verdict);
  last_word.owner = object->opened.owner;
  object->sink->on_object(std::move(last_word));
  const std::lock_guard lock(mutex_);
  if (--unfinished_ == 0) all_done_.notify_all();
}

// A member killed the worker: it is recorded, and the object taken up again behind it.
bool ObjectScanner::Impl::resume(InFlight& object, const sandbox::Outcome& outcome) {
  auto& lethal = object.request.lethal_members;
  if (lethal.size() >= max_resumes || object.request.is_stream) return false;
  if (outcome.last_ordinal <= (lethal.empty() ? 0 : lethal.back())) return false;
  object.sink->on_member({.object = object.opened.path,
                          .member = object.member_in_work,
                          .format = {},
                          .bytes = 0,
                          .findings = 0,
                          .verdict = outcome.verdict});
  lethal.push_back(outcome.last_ordinal);
  object.profiles.drop();
  const std::lock_guard lock(mutex_);
  if (ended_) return false;
  resumed_.push_back(std::move(object));
  needed_.notify_all();
  return true;
}

model::Verdict ObjectScanner::Impl::final_verdict(const InFlight& object, const sandbox::Outcome& outcome) const {
  model::Verdict verdict = outcome.verdict.kind != VerdictKind::ok ? outcome.verdict : object.record.verdict;
  if (outcome.verdict.kind == VerdictKind::ok && !object.has_record && verdict.kind == VerdictKind::ok)
    verdict = {VerdictKind::violation, "the examiner sent no record"};
  if (verdict.kind == VerdictKind::ok && object.plan)
    verdict = {VerdictKind::violation, "the examiner sent a plan and did not keep to it"};
  if (!object.request.lethal_members.empty() && verdict.kind == VerdictKind::ok)
    verdict = {VerdictKind::partial, "a member could not be examined"};
  if (max_object_bytes_ != 0 && object.opened.size > max_object_bytes_ &&
      (verdict.kind == VerdictKind::ok || verdict.kind == VerdictKind::partial))
    verdict = {VerdictKind::limit, "max_object_bytes"};
  const OpenObject& opened = object.opened;
  if (verdict.kind == VerdictKind::ok && opened.check && opened.check->has_changed(opened.fd.get()))
    verdict = {VerdictKind::changed, "it changed while it was read"};
  if (verdict.kind == VerdictKind::ok && object.may_lack_log) {
    // A check comes with the descriptor of the file itself.
    const auto log_bytes = opened.check ? bytes_beside(opened.fd.get(), "-wal") : std::nullopt;
    if (!log_bytes) verdict.reason = log_not_seen;
    else if (*log_bytes != 0)
      verdict = {VerdictKind::partial, "changes in the write-ahead log beside the database are not seen"};
  }
  // The examiner took an early end for the end.
  if (const auto failure = opened.delivery ? opened.delivery->failure() : std::nullopt;
      failure && (verdict.kind == VerdictKind::ok || verdict.kind == VerdictKind::partial))
    verdict = *failure;
  // Who reads the ledger is told that an object is only in part what was asked for.
  if (!opened.part.empty()) verdict.reason += (verdict.reason.empty() ? "" : "; ") + opened.part;
  return verdict;
}

void ObjectScanner::Impl::on_failed() {
  const std::lock_guard lock(mutex_);
  failed_ = true;
  needed_.notify_all();
}

void ObjectScanner::Impl::attend(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (needed_.wait(lock, stop, [this] { return failed_ || !resumed_.empty(); })) {
    if (failed_) {
      lock.unlock();
      pool_.stop();  // now no thread of it has an object in hand
      return abandon_all();
    }
    InFlight object = std::move(resumed_.back());
    resumed_.pop_back();
    --unfinished_;  // submit() counts it again
    lock.unlock();
    std::vector<InFlight> one;
    one.push_back(std::move(object));
    submit(std::move(one));
    lock.lock();
  }
}

void ObjectScanner::Impl::drain() {
  {
    std::unique_lock lock(mutex_);
    all_done_.wait(lock, [this] { return unfinished_ == 0 || ended_; });
  }
  pool_.drain();
}

void ObjectScanner::Impl::abandon_all() {
  Objects objects;
  std::vector<InFlight> resumed;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    objects.swap(objects_);
    resumed.swap(resumed_);
    unfinished_ = 0;
    all_done_.notify_all();
  }
  for (const auto& [id, object] : objects) object->sink->on_abandoned(object->opened.path);
  for (const InFlight& object : resumed) object.sink->on_abandoned(object.opened.path);
}

void ObjectScanner::Impl::stop() {
  pool_.stop();
  attendant_.request_stop();
  if (attendant_.joinable()) attendant_.join();
  abandon_all();
}

void ObjectSink::on_plan(const std::string&, RangePlan&&) {
  throw core::Error(core::ErrorKind::bug, "a plan for an object that nobody would split");
}
void ObjectSink::on_range_end(RangeEnd&&) {
  throw core::Error(core::ErrorKind::bug, "the end of a range that nobody asked for");
}
void ObjectSink::on_sealed(SealedPiece&&) {
  throw core::Error(core::ErrorKind::bug, "a sealed piece of a part that nobody asked for");
}

ObjectScanner::ObjectScanner(sandbox::PoolOptions options, uint64_t max_object_bytes)
    : impl_(std::make_unique<Impl>(std::move(options), max_object_bytes)) {}
ObjectScanner::~ObjectScanner() = default;

void ObjectScanner::submit(std::vector<OpenObject> objects, ObjectSink& sink) {
  std::vector<InFlight> in_flight(objects.size());
  for (size_t i = 0; i < objects.size(); ++i) {
    OpenObject& object = objects[i];
    in_flight[i].sink = &sink;
    in_flight[i].request.name = object.name;
    in_flight[i].request.is_stream = object.is_stream;
    in_flight[i].request.is_rows = object.is_rows;
    in_flight[i].request.may_split = object.may_split;
    in_flight[i].request.range = std::move(object.range);
    in_flight[i].request.rows_part = object.rows_part;
    in_flight[i].request.is_join = object.is_join;
    in_flight[i].opened = std::move(object);
  }
  impl_->submit(std::move(in_flight));
}
void ObjectScanner::drain() { impl_->drain(); }
void ObjectScanner::stop() { impl_->stop(); }
bool ObjectScanner::is_usable() const { return impl_->is_usable(); }

}  // namespace assay::scan
