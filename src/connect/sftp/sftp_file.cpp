#include "connect/sftp/sftp_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "connect/connector.h"
#include "connect/sftp/sftp_packet.h"

namespace assay::connect::sftp {
namespace {

constexpr uint64_t most_bytes_asked = uint64_t{4} << 20;

RemoteEntry::Kind kind_of(uint32_t permissions) {
  using enum RemoteEntry::Kind;
  switch (permissions & S_IFMT) {
    case S_IFREG: return file;
    case S_IFDIR: return folder;
    case S_IFLNK: return link;
    case 0: return unknown;
    default: return special;
  }
}

const char* name_of_special(uint32_t permissions) {
  switch (permissions & S_IFMT) {
    case S_IFIFO: return "FIFO";
    case S_IFSOCK: return "socket";
    case S_IFCHR: return "character device";
    case S_IFBLK: return "block device";
    default: return "not a file";
  }
}

}  // namespace

RemoteEntry entry_of(std::string name, const Attributes& attributes) {
  RemoteEntry entry{.name = std::move(name)};
  entry.size = attributes.size.value_or(0);
  if (attributes.mtime_s) {
    entry.mtime_ns = int64_t{*attributes.mtime_s} * 1'000'000'000;
    entry.change_id = fmt::format("{:x}:{:x}", entry.size, *attributes.mtime_s);
  }
  if (attributes.permissions) {
    entry.kind = kind_of(*attributes.permissions);
    entry.what = name_of_special(*attributes.permissions);
  }
  return entry;
}

SftpFile::SftpFile(std::shared_ptr<SftpClient> client, std::string handle, RemoteEntry entry, uint64_t offset)
    : client_(std::move(client)), handle_(std::move(handle)), entry_(std::move(entry)), next_offset_(offset) {}

SftpFile::~SftpFile() {
  std::vector<SftpClient::Id> ids;
  ids.reserve(requests_.size() + 1);
  for (const Request& request : requests_) ids.push_back(request.id);
  if (at_end_) ids.push_back(*at_end_);
  client_->forget(handle_, std::move(ids));
}

// Up to the size that the file had, and one piece behind it, which should be the end.
void SftpFile::ask_ahead() {
  while (bytes_asked_ < most_bytes_asked && !at_end_) {
    const uint64_t left = entry_.size > next_offset_ ? entry_.size - next_offset_ : 0;
    const auto bytes = static_cast<uint32_t>(left == 0 ? client_->most_read_bytes()
                                                       : std::min<uint64_t>(left, client_->most_read_bytes()));
    requests_.push_back(
        {.id = client_->ask_read(handle_, next_offset_, bytes), .offset = next_offset_, .bytes = bytes});
    next_offset_ += bytes;
    bytes_asked_ += bytes;
    if (left == 0) at_end_ = client_->ask_fstat(handle_);
  }
}

// The answer to the oldest request.
void SftpFile::receive() {
  const Request request = requests_.front();
  const Packet answer = client_->answer(request.id);
  requests_.pop_front();
  bytes_asked_ -= request.bytes;
  const auto data = SftpClient::data_of(answer);
  if (!data) throw ReadFailure(data.error().verdict);
  if (!*data) {
    has_ended_ = true;
    return;
  }
  const std::string_view bytes = data->value();
  if (bytes.size() > request.bytes) throw_nonsense("a read gives more than it was asked for");
  piece_.assign(bytes);
  taken_ = 0;
  const bool was_last = requests_.empty();
  if (bytes.size() < request.bytes && !was_last) {
    // The server gives less at a time than it is asked for: the rest of this piece comes before the next one.
    const auto missing = static_cast<uint32_t>(request.bytes - bytes.size());
    const uint64_t offset = request.offset + bytes.size();
    requests_.push_front({.id = client_->ask_read(handle_, offset, missing), .offset = offset, .bytes = missing});
    bytes_asked_ += missing;
    return;
  }
  if (!was_last) return;
  // There is more than there was.
  next_offset_ = request.offset + bytes.size();
  if (at_end_) client_->forget({}, {at_end_.value()});
  at_end_.reset();
}

size_t SftpFile::read(std::span<char> out) {
  while (taken_ == piece_.size() && !has_ended_) {
    ask_ahead();
    receive();
  }
  const size_t n = std::min(out.size(), piece_.size() - taken_);
  std::memcpy(out.data(), piece_.data() + taken_, n);
  taken_ += n;
  return n;
}

RemoteEntry SftpFile::look_again() {
  const SftpClient::Id id = at_end_ ? at_end_.value() : client_->ask_fstat(handle_);
  at_end_.reset();
  const auto attributes = SftpClient::attributes_of(client_->answer(id));
  if (!attributes) throw ReadFailure(attributes.error().verdict);
  return entry_of({}, *attributes);
}

}  // namespace assay::connect::sftp
