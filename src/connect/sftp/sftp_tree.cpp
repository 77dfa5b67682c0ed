#include "connect/sftp/sftp_tree.h"

#include <array>
#include <utility>

#include "connect/sftp/sftp_client.h"
#include "connect/sftp/sftp_file.h"
#include "connect/sftp/sftp_packet.h"

namespace assay::connect::sftp {
namespace {

std::string server_path(const std::string& path) { return path.empty() ? "." : path; }

class SftpTree final : public RemoteTree {
 public:
  SftpTree(Settings settings, ConnectorContext context)
      : settings_(std::move(settings)), context_(std::move(context)) {}

  std::expected<RemoteEntry, Refusal> look(const std::string& path, bool follows) override {
    SftpClient& to = *client();
    const std::string asked = server_path(path);
    auto attributes = SftpClient::attributes_of(to.answer(follows ? to.ask_stat(asked) : to.ask_lstat(asked)));
    if (!attributes) return std::unexpected(std::move(attributes.error()));
    return entry_of({}, *attributes);
  }

  std::expected<void, Refusal> list(const std::string& path, const Take& take) override {
    const std::shared_ptr<SftpClient> to = client();
    auto handle = SftpClient::handle_of(to->answer(to->ask_opendir(server_path(path))));
    if (!handle) return std::unexpected(std::move(handle.error()));
    Listing listing(to, std::move(*handle));
    bool goes_on = true;
    while (goes_on) {
      const Packet answer = listing.next();
      if (SftpClient::is_end(answer)) break;
      if (answer.type == status) return std::unexpected(SftpClient::refusal(answer));
      SftpClient::take_names(answer, [&](std::string&& name, const Attributes& attributes) {
        if (name == "." || name == "..") return true;
        return goes_on = take(entry_of(std::move(name), attributes));
      });
    }
    return {};
  }

  std::expected<std::unique_ptr<RemoteFile>, Refusal> open(const std::string& path, uint64_t offset) override {
    const std::shared_ptr<SftpClient> to = client();
    auto handle = SftpClient::handle_of(to->answer(to->ask_open(server_path(path))));
    if (!handle) return std::unexpected(std::move(handle.error()));
    auto attributes = [&] {
      try {
        return SftpClient::attributes_of(to->answer(to->ask_fstat(*handle)));
      } catch (...) {
        to->forget(*handle, {});
        throw;
      }
    }();
    if (!attributes) {
      to->forget(std::move(*handle), {});
      return std::unexpected(std::move(attributes.error()));
    }
    return std::make_unique<SftpFile>(to, std::move(*handle), entry_of({}, *attributes), offset);
  }

  void disconnect() noexcept override { client_.reset(); }
  std::string server() const override { return client_ ? client_->server() : ""; }

 private:
  /// An open folder. While one answer is looked at, the next is on its way.
  class Listing {
   public:
    Listing(std::shared_ptr<SftpClient> client, std::string handle)
        : client_(std::move(client)), handle_(std::move(handle)), ids_{ask(), ask()} {}
    ~Listing() { client_->forget(std::move(handle_), {ids_.begin(), ids_.end()}); }
    Listing(const Listing&) = delete;
    Listing& operator=(const Listing&) = delete;

    Packet next() {
      Packet answer = client_->answer(std::exchange(ids_[turn_], 0));
      ids_[turn_] = ask();
      turn_ = 1 - turn_;
      return answer;
    }

   private:
    SftpClient::Id ask() { return client_->ask_readdir(handle_); }

    const std::shared_ptr<SftpClient> client_;
    std::string handle_;
    std::array<SftpClient::Id, 2> ids_;
    size_t turn_ = 0;
  };

  std::shared_ptr<SftpClient> client() {
    if (!client_) client_ = std::make_shared<SftpClient>(settings_, context_);
    return client_;
  }

  const Settings settings_;
  const ConnectorContext context_;
  std::shared_ptr<SftpClient> client_;
};

}  // namespace

std::shared_ptr<RemoteTree> make_tree(Settings settings, ConnectorContext context) {
  return std::make_shared<SftpTree>(std::move(settings), std::move(context));
}

}  // namespace assay::connect::sftp
