#include "connect/object_store/bucket_connector.h"

#include <fmt/format.h>

#include "connect/object_store/range_reader.h"
#include "connect/trial.h"
#include "core/error.h"

namespace assay::connect {
namespace {

using model::VerdictKind;

constexpr uint64_t most_answer_bytes = uint64_t{64} << 10;

}  // namespace

class BucketConnector::Walk {
 public:
  Walk(const NameSelection& selection, ObjectVisitor& visitor, std::string behind)
      : selection_(selection), visitor_(visitor), behind_(std::move(behind)) {}

  void visit(ListedObject&& object, std::string name) {
    if (object.size == 0 && (name.empty() || name.ends_with('/'))) return;  // what consoles make to show a folder
    if (const auto exclusion = selection_.exclusion(name); exclusion.why != nullptr) {
      if (exclusion.name == excluded_) return;  // keys of one folder follow each other
      excluded_ = exclusion.name;
      return visitor_.on_unread(exclusion.name, exclusion.name == name ? object.size : 0,
                                {.kind = VerdictKind::excluded, .reason = exclusion.why});
    }
    if (name.find('\0') != std::string::npos) object.unreadable = "its key holds a NUL";
    if (!object.unreadable.empty())
      return visitor_.on_unread(std::move(name), object.size,
                                {.kind = VerdictKind::io_error, .reason = std::move(object.unreadable)});
    visitor_.on_object({.name = std::move(name),
                        .size = object.size,
                        .mtime_ns = object.mtime_ns,
                        .change_id = std::move(object.change_id)});
  }

  /// False until the name to go on from was seen, for a store that cannot begin behind it.
  bool is_behind(const std::string& name) {
    if (behind_.empty()) return true;
    if (name == behind_) behind_.clear();
    return false;
  }
  bool has_found_its_place() const { return behind_.empty(); }
  bool is_to_end() { return visitor_.stop_requested(); }

 private:
  const NameSelection& selection_;
  ObjectVisitor& visitor_;
  std::string behind_, excluded_;
};

BucketConnector::BucketConnector(const SourceAddress& address, std::string_view scheme, std::unique_ptr<Store> store)
    : urls_(address.roots), selection_(address.include, address.exclude), store_(std::move(store)) {
  for (const std::string& url : urls_) roots_.push_back(parse_bucket_url(url, scheme));
}

Trial BucketConnector::test(uint64_t most_objects) {
  return try_by_enumerating(*this, most_objects, [](size_t, const TrialCounter& counter) {
    return fmt::format("{} objects, {} bytes", counter.objects, counter.bytes);
  });
}

void BucketConnector::enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) {
  const BucketUrl& place = roots_.at(root);
  const std::string folder = place.prefix.empty() ? "" : place.prefix + "/";
  const bool starts_after = store_->starts_after();
  Walk walk(selection_, visitor, starts_after ? "" : resume_after);
  if (place.may_be_object && resume_after.empty()) {
    Page page =
        store_->list({.bucket = place.bucket, .prefix = place.prefix, .start_after = {}, .next = {}, .most = 1});
    if (!page.objects.empty() && page.objects.front().key == place.prefix)
      walk.visit(std::move(page.objects.front()), "");
  }
  ListQuestion question{.bucket = place.bucket, .prefix = folder, .start_after = {}, .next = {}};
  if (starts_after && !resume_after.empty()) question.start_after = folder + resume_after;
  do {
    Page page = store_->list(question);
    for (ListedObject& object : page.objects) {
      if (walk.is_to_end()) return;
      if (!object.key.starts_with(folder))
        throw core::Error(core::ErrorKind::permanent, "the server lists objects that nobody asked for");
      std::string name = object.key.substr(folder.size());
      if (name.empty() && object.size != 0) {  // "" is the object without that slash
        name = "/";
        object.unreadable = "its key is the folder's with a slash; it is read from a root above";
      }
      if (walk.is_behind(name)) walk.visit(std::move(object), std::move(name));
    }
    if (!page.next.empty() && page.next == question.next)
      throw core::Error(core::ErrorKind::permanent, "the server's listing goes round in a circle");
    question.next = std::move(page.next);
  } while (!question.next.empty() && !walk.is_to_end());
  // The object to go on from is gone: better twice than not at all.
  if (!walk.has_found_its_place() && !walk.is_to_end()) enumerate(root, {}, visitor);
}

std::string BucketConnector::key_of(size_t root, const std::string& name) const {
  const std::string& prefix = roots_.at(root).prefix;
  return name.empty() ? prefix : prefix.empty() ? name : prefix + "/" + name;
}

std::expected<OpenedObject, model::Verdict> BucketConnector::open(size_t root, const std::string& name) {
  const std::string key = key_of(root, name);
  const std::string& bucket = roots_.at(root).bucket;
  auto body = store_->get(bucket, key, 0, {});
  if (body->status() != 200) return std::unexpected(store_->judge(body->beginning(most_answer_bytes)));
  ListedObject object = store_->describe(key, body->headers());
  OpenedObject opened;
  opened.entry = {
      .name = name, .size = object.size, .mtime_ns = object.mtime_ns, .change_id = std::move(object.change_id)};
  opened.reader = std::make_unique<RangeReader>(*store_, bucket, key, std::move(body));
  return opened;
}

}  // namespace assay::connect
