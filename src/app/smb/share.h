#pragma once

#include <libsmbclient.h>

#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "connect/smb/wire.h"

namespace assay::app {

/// The shares of one server, through libsmbclient, which blocks. Paths are "/SHARE/..." in UTF-8.
class Share {
 public:
  using Failure = connect::smb::Failure;
  using Entry = connect::smb::Entry;

  /// Does not connect yet. Throws core::Error(bug) when the library cannot be set up.
  explicit Share(connect::smb::Setup setup);
  ~Share();
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  std::expected<Entry, Failure> look(const std::string& path);
  std::expected<void, Failure> list(const std::string& path, const std::function<void(const Entry&)>& take);
  /// One file at a time.
  std::expected<Entry, Failure> open(const std::string& path, uint64_t offset);
  std::expected<size_t, Failure> read(std::span<char> out);
  std::expected<Entry, Failure> look_at_open();
  void close();

 private:
  struct FreeContext {
    void operator()(SMBCCTX* context) const noexcept { ::smbc_free_context(context, 1); }
  };

  static void give_credentials(SMBCCTX* context, const char* server, const char* share, char* domain, int domain_bytes,
                               char* user, int user_bytes, char* password, int password_bytes);
  void configure();
  std::string url_of(const std::string& path) const;
  std::string owner_of(const std::string& path);
  /// What errno says, right after a call for that path failed.
  Failure failure(const std::string& path);

  connect::smb::Setup setup_;
  std::unique_ptr<SMBCCTX, FreeContext> context_;
  SMBCFILE* file_ = nullptr;
  std::string open_path_;
};

}  // namespace assay::app
