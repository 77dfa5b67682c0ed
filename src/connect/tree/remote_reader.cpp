#include "connect/tree/remote_reader.h"

#include "connect/tree/retry.h"

namespace assay::connect {
namespace {

constexpr int most_breaks = 100;  // of one file

}  // namespace

RemoteReader::RemoteReader(std::shared_ptr<RemoteTree> tree, std::string path, std::unique_ptr<RemoteFile> file,
                           std::stop_token stop)
    : tree_(std::move(tree)),
      path_(std::move(path)),
      stop_(std::move(stop)),
      file_(std::move(file)),
      entry_(file_->entry()) {}

size_t RemoteReader::read(std::span<char> out) {
  if (stop_.stop_requested()) http::throw_stopped();
  if (is_at_end_) return 0;
  return ask_again(*tree_, stop_, [&] { return read_once(out); });
}

size_t RemoteReader::read_once(std::span<char> out) {
  if (file_ == nullptr) go_on();
  try {
    const size_t n = file_->read(out);
    offset_ += n;
    if (n != 0) return n;
    check_unchanged(file_->look_again());
    if (offset_ < entry_.size) throw ReadFailure({model::VerdictKind::changed, "shorter than when its reading began"});
    is_at_end_ = true;
    file_.reset();
    return 0;
  } catch (const core::Error& error) {
    file_.reset();
    if (++breaks_ > most_breaks) throw core::Error(core::ErrorKind::permanent, error.what());
    throw;
  }
}

void RemoteReader::go_on() {
  auto opened = tree_->open(path_, offset_);
  if (!opened) {
    if (opened.error().is_absent)
      throw ReadFailure({model::VerdictKind::changed, "replaced or removed while it was read"});
    throw ReadFailure(opened.error().verdict);
  }
  check_unchanged((*opened)->entry());
  file_ = std::move(*opened);
}

void RemoteReader::check_unchanged(const RemoteEntry& now) const {
  if (now.size != entry_.size || now.mtime_ns != entry_.mtime_ns || now.change_id != entry_.change_id)
    throw ReadFailure({model::VerdictKind::changed, "changed while it was read"});
}

}  // namespace assay::connect
