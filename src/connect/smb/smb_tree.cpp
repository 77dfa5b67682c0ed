#include "connect/smb/smb_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "connect/connector.h"
#include "connect/smb/helper.h"
#include "core/error.h"

namespace assay::connect::smb {
namespace {

using core::ErrorKind;
using model::VerdictKind;

bool is_about_the_line(int error) {
  switch (error) {
    case ECONNABORTED:
    case ECONNREFUSED:
    case ECONNRESET:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETRESET:
    case ENETUNREACH:
    case ENOTCONN:
    case EPIPE:
    case ESHUTDOWN:
    case ETIMEDOUT: return true;
    default: return false;
  }
}

std::string words_of(int error) { return std::generic_category().message(error); }

RemoteEntry remote_entry(Entry&& entry) {
  RemoteEntry remote{.name = std::move(entry.name)};
  remote.kind = entry.is_folder ? RemoteEntry::Kind::folder : RemoteEntry::Kind::file;
  remote.size = entry.size;
  remote.mtime_ns = entry.mtime_ns;
  if (entry.is_folder) remote.identity = fmt::format("{:x}:{:x}", entry.device, entry.inode);
  else if (entry.ctime_ns != 0) remote.change_id = fmt::format("{:x}:{:x}", entry.inode, entry.ctime_ns);
  remote.owner = std::move(entry.owner);
  return remote;
}

/// What a helper does, one thing after another. A file is read as one stream, which the next question ends.
class Client {
 public:
  Client(const Settings& settings, std::stop_token stop)
      : host_(settings.setup.host), uses_kerberos_(settings.setup.uses_kerberos), helper_(std::move(stop)) {
    Setup setup = settings.setup;
    Encoder body;
    if (settings.password) {
      const core::Sensitive<std::string> password = settings.password();
      setup.password = password.reveal();
      encode(body, setup);
      ::explicit_bzero(setup.password.data(), setup.password.size());
    } else {
      encode(body, setup);
    }
    helper_.ask(MessageType::setup, body.body());
    ::explicit_bzero(body.body().data(), body.body().size());
    expect(MessageType::done);
  }

  std::expected<RemoteEntry, Refusal> look(const std::string& path) {
    Encoder body;
    body.text(path);
    return entry_after(MessageType::look, body);
  }

  std::expected<void, Refusal> list(const std::string& path, const RemoteTree::Take& take) {
    end_stream();
    Encoder body;
    body.text(path);
    helper_.ask(MessageType::list, body.body());
    bool goes_on = true;
    for (;;) {
      helper_.receive(message_);
      if (message_.type == MessageType::done) return {};
      if (message_.type == MessageType::failed) return std::unexpected(refusal());
      if (message_.type != MessageType::entries) throw_nonsense();
      Decoder entries(message_.body);
      while (goes_on && !entries.is_at_end()) goes_on = take(remote_entry(decode_entry(entries)));
    }
  }

  /// Begins a stream; its number.
  std::expected<RemoteEntry, Refusal> open(const std::string& path, uint64_t offset) {
    Encoder body;
    body.text(path);
    body.u64(offset);
    auto entry = entry_after(MessageType::open, body);
    if (entry) stream_ = ++streams_;
    return entry;
  }
  /// 0 when there is none.
  uint64_t stream() const noexcept { return stream_; }

  /// The next bytes of the stream, valid until the next call; none at the end, when `end` is set.
  std::string_view next_bytes(std::optional<RemoteEntry>& end) {
    helper_.receive(message_);
    if (message_.type == MessageType::bytes) {
      if (message_.body.empty()) throw_nonsense();
      return message_.body;
    }
    stream_ = 0;
    if (message_.type == MessageType::failed) throw ReadFailure(refusal().verdict);
    if (message_.type != MessageType::end) throw_nonsense();
    Decoder decoder(message_.body);
    end = remote_entry(decode_entry(decoder));
    return {};
  }

 private:
  std::expected<RemoteEntry, Refusal> entry_after(MessageType question, const Encoder& body) {
    end_stream();
    helper_.ask(question, body.body());
    helper_.receive(message_);
    if (message_.type == MessageType::failed) return std::unexpected(refusal());
    if (message_.type != MessageType::entry) throw_nonsense();
    Decoder decoder(message_.body);
    return remote_entry(decode_entry(decoder));
  }

  void end_stream() {
    if (stream_ == 0) return;
    stream_ = 0;
    helper_.ask(MessageType::close, {});
    do helper_.receive(message_);
    while (message_.type != MessageType::done);
  }

  void expect(MessageType type) {
    helper_.receive(message_);
    if (message_.type != type) throw_nonsense();
  }

  [[noreturn]] static void throw_nonsense() {
    throw core::Error(ErrorKind::permanent, "the helper for SMB answers another question");
  }

  /// Of a message that says so. Throws what is about the source.
  Refusal refusal() const {
    Decoder decoder(message_.body);
    const Failure failure = decode_failure(decoder);
    if (is_about_the_line(failure.error))
      throw core::Error(ErrorKind::transient, fmt::format("{}: {}", host_, words_of(failure.error)));
    if (failure.is_connection) throw_not_reached(failure.error);
    switch (failure.error) {
      case ENOENT:
      case ENOTDIR: return {{VerdictKind::io_error, "it vanished before it was opened"}, /*is_absent=*/true};
      case EACCES:
      case EPERM: return {{VerdictKind::io_error, "permission denied"}};
      default: return {{VerdictKind::io_error, words_of(failure.error)}};
    }
  }

  [[noreturn]] void throw_not_reached(int error) const {
    if (uses_kerberos_ && error == EINVAL)  // what becomes of all that Kerberos has to say
      throw core::Error(ErrorKind::denied,
                        fmt::format("there is no ticket of Kerberos for {}, or it does not take it", host_));
    switch (error) {
      case EACCES:
      case EPERM:
        throw core::Error(ErrorKind::denied,
                          fmt::format("{} does not let this user in, or not into this share", host_));
      case ENOENT:
      case ENODEV:
      case ENXIO: throw core::Error(ErrorKind::not_found, fmt::format("{} has no such share", host_));
      default: throw core::Error(ErrorKind::transient, fmt::format("{} was not reached: {}", host_, words_of(error)));
    }
  }

  const std::string host_;
  const bool uses_kerberos_;
  Helper helper_;
  Helper::Message message_;
  uint64_t stream_ = 0, streams_ = 0;
};

class SmbFile final : public RemoteFile {
 public:
  SmbFile(std::shared_ptr<Client> client, std::string path, RemoteEntry entry, uint64_t offset)
      : client_(std::move(client)),
        path_(std::move(path)),
        entry_(std::move(entry)),
        offset_(offset),
        stream_(client_->stream()) {}

  const RemoteEntry& entry() const override { return entry_; }

  size_t read(std::span<char> out) override {
    while (rest_.empty() && !end_) {
      if (client_->stream() != stream_) take_up();
      piece_.assign(client_->next_bytes(end_));
      rest_ = piece_;
    }
    const size_t n = std::min(out.size(), rest_.size());
    std::memcpy(out.data(), rest_.data(), n);
    rest_.remove_prefix(n);
    offset_ += n;
    return n;
  }

  RemoteEntry look_again() override { return end_.value(); }

 private:
  // Another question came between and ended the stream.
  void take_up() {
    const auto entry = client_->open(path_, offset_);
    if (!entry) throw ReadFailure(entry.error().verdict);
    if (entry->size != entry_.size || entry->mtime_ns != entry_.mtime_ns || entry->change_id != entry_.change_id)
      throw ReadFailure({VerdictKind::changed, "changed while it was read"});
    stream_ = client_->stream();
  }

  const std::shared_ptr<Client> client_;
  const std::string path_;
  const RemoteEntry entry_;
  uint64_t offset_;
  uint64_t stream_;
  std::string piece_;
  std::string_view rest_;  ///< of `piece_`
  std::optional<RemoteEntry> end_;
};

class SmbTree final : public RemoteTree {
 public:
  SmbTree(Settings settings, std::stop_token stop) : settings_(std::move(settings)), stop_(std::move(stop)) {}

  std::expected<RemoteEntry, Refusal> look(const std::string& path, bool) override { return client()->look(path); }

  std::expected<void, Refusal> list(const std::string& path, const Take& take) override {
    return client()->list(path, take);
  }

  std::expected<std::unique_ptr<RemoteFile>, Refusal> open(const std::string& path, uint64_t offset) override {
    const std::shared_ptr<Client> to = client();
    auto entry = to->open(path, offset);
    if (!entry) return std::unexpected(std::move(entry.error()));
    return std::make_unique<SmbFile>(to, path, std::move(*entry), offset);
  }

  void disconnect() noexcept override { client_.reset(); }
  std::string server() const override { return "SMB"; }

 private:
  std::shared_ptr<Client> client() {
    if (!client_) client_ = std::make_shared<Client>(settings_, stop_);
    return client_;
  }

  const Settings settings_;
  const std::stop_token stop_;
  std::shared_ptr<Client> client_;
};

}  // namespace

std::shared_ptr<RemoteTree> make_tree(Settings settings, std::stop_token stop) {
  return std::make_shared<SmbTree>(std::move(settings), std::move(stop));
}

}  // namespace assay::connect::smb
