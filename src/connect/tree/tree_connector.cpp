#include "connect/tree/tree_connector.h"

#include <fmt/format.h>

#include "connect/tree/remote_reader.h"
#include "connect/tree/retry.h"
#include "connect/tree/tree_walk.h"
#include "connect/trial.h"
#include "core/printable.h"

namespace assay::connect {
namespace {

using model::VerdictKind;

constexpr size_t most_shown = 4096;
constexpr size_t most_server_bytes = 200;

std::string below(const std::string& folder, const std::string& name) {
  if (name.empty()) return folder;
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

}  // namespace

TreeConnector::TreeConnector(const SourceAddress& address, std::vector<Root> roots, std::shared_ptr<RemoteTree> tree,
                             std::stop_token stop)
    : selection_(address.include, address.exclude), tree_(std::move(tree)), stop_(std::move(stop)) {
  for (Root& root : roots) {
    urls_.push_back(std::move(root.url));
    paths_.push_back(std::move(root.path));
  }
}

std::string TreeConnector::path_of_name(size_t root, const std::string& name) const {
  return below(paths_.at(root), name);
}

Trial TreeConnector::test(uint64_t most_objects) {
  return try_by_enumerating(*this, most_objects, [this](size_t, const TrialCounter& counter) {
    return fmt::format("{} files ({} bytes), {}", counter.objects, counter.bytes,
                       core::printable(tree_->server(), most_server_bytes));
  });
}

void TreeConnector::enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) {
  const std::string& path = paths_.at(root);
  const auto found = ask_again(*tree_, stop_, [&] { return tree_->look(path, true); });
  if (!found) {
    if (found.error().is_absent)
      throw core::Error(core::ErrorKind::not_found,
                        fmt::format("{} is not there", core::printable(urls_[root], most_shown)));
    return visitor.on_unread("", 0, found.error().verdict);
  }
  const RemoteEntry& entry = *found;
  if (entry.kind == RemoteEntry::Kind::file)
    return visitor.on_object(
        {.name = "", .size = entry.size, .mtime_ns = entry.mtime_ns, .change_id = entry.change_id});
  if (entry.kind != RemoteEntry::Kind::folder) return visitor.on_unread("", 0, verdict_of_other(entry));
  TreeWalkOptions options;
  options.resume_after = resume_after;
  options.root_identity = entry.identity;
  walk_tree(
      [&](const std::string& folder, const RemoteTree::Take& take) {
        return ask_again(*tree_, stop_, [&] { return tree_->list(below(path, folder), take); });
      },
      selection_, options, visitor);
}

std::expected<OpenedObject, model::Verdict> TreeConnector::open(size_t root, const std::string& name) {
  std::string path = path_of_name(root, name);
  OpenedObject opened;
  std::unique_ptr<RemoteFile> file;
  const auto refusal = ask_again(*tree_, stop_, [&]() -> std::expected<void, Refusal> {
    // What is no regular file is not opened: a server may wait for a FIFO's other end for ever.
    const auto found = tree_->look(path, name.empty());
    if (!found) return std::unexpected(found.error());
    if (found->kind == RemoteEntry::Kind::folder)
      return std::unexpected(Refusal{{VerdictKind::io_error, "it has become a folder"}});
    if (found->kind != RemoteEntry::Kind::file) return std::unexpected(Refusal{verdict_of_other(*found)});
    auto one = tree_->open(path, 0);
    if (!one) return std::unexpected(std::move(one.error()));
    file = std::move(*one);
    return {};
  });
  if (!refusal) return std::unexpected(refusal.error().verdict);
  const RemoteEntry& entry = file->entry();
  opened.entry = {.name = name.empty() ? path.substr(path.rfind('/') + 1) : name,
                  .size = entry.size,
                  .mtime_ns = entry.mtime_ns,
                  .change_id = entry.change_id,
                  .owner = entry.owner};
  opened.reader = std::make_unique<RemoteReader>(tree_, std::move(path), std::move(file), stop_);
  return opened;
}

}  // namespace assay::connect
