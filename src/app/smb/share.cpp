#include "app/smb/share.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/fd.h"

namespace assay::app {
namespace {

constexpr int timeout_ms = 20'000;                                    // of one answer
constexpr uint16_t attribute_folder = 0x10;                           // MS-FSCC 2.6
constexpr const char* owner_attribute = "system.nt_sec_desc.owner+";  // "+": by name
constexpr const char* owner_id_attribute = "system.nt_sec_desc.owner";
constexpr size_t most_owner_bytes = 1024;

int64_t ns(const timespec& time) { return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

connect::smb::Entry entry_of(std::string name, const struct stat& info) {
  return {.name = std::move(name),
          .is_folder = S_ISDIR(info.st_mode),
          .size = static_cast<uint64_t>(info.st_size),
          .inode = info.st_ino,
          .device = info.st_dev,
          .mtime_ns = ns(info.st_mtim),
          .ctime_ns = ns(info.st_ctim),
          .owner = {}};
}

void copy(char* to, int bytes, const std::string& from) {
  if (bytes <= 0) return;
  const size_t n = std::min(from.size(), static_cast<size_t>(bytes) - 1);
  std::memcpy(to, from.data(), n);
  to[n] = '\0';
}

/// What libsmbclient has no function for.
std::string configuration(const connect::smb::Setup& setup) {
  return fmt::format(
      "[global]\n"
      "workgroup = {}\n"
      "client min protocol = SMB2_10\n"
      "client max protocol = SMB3\n"
      "client signing = {}\n"
      "client ipc signing = {}\n"
      "client smb encrypt = {}\n"
      "client use kerberos = {}\n"
      "client NTLMv2 auth = yes\n"
      "client lanman auth = no\n"
      "client plaintext auth = no\n"
      "disable netbios = yes\n"
      "name resolve order = host\n",
      setup.domain.empty() ? "WORKGROUP" : setup.domain, setup.requires_signing ? "required" : "desired",
      setup.requires_signing ? "required" : "desired", setup.wants_encryption ? "required" : "if_required",
      setup.uses_kerberos ? "required" : "off");
}

}  // namespace

Share::Share(connect::smb::Setup setup) : setup_(std::move(setup)), context_(::smbc_new_context()) {
  if (!context_) throw core::Error(core::ErrorKind::bug, "libsmbclient gives no context");
  configure();
}

Share::~Share() { close(); }

void Share::configure() {
  SMBCCTX* context = context_.get();
  ::smbc_setDebug(context, 0);
  ::smbc_setOptionDebugToStderr(context, 1);
  ::smbc_setTimeout(context, timeout_ms);
  if (setup_.port != 0) ::smbc_setPort(context, setup_.port);
  ::smbc_setOptionUserData(context, this);
  ::smbc_setFunctionAuthDataWithContext(context, &Share::give_credentials);
  ::smbc_setOptionUseKerberos(context, setup_.uses_kerberos ? 1 : 0);
  ::smbc_setOptionFallbackAfterKerberos(context, 0);
  ::smbc_setOptionNoAutoAnonymousLogin(context, 1);
  ::smbc_setOptionCaseSensitive(context, 1);
  ::smbc_setOptionUrlEncodeReaddirEntries(context, 0);
  ::smbc_setOptionSmbEncryptionLevel(context,
                                     setup_.wants_encryption ? SMBC_ENCRYPTLEVEL_REQUIRE : SMBC_ENCRYPTLEVEL_DEFAULT);
  if (::smbc_init_context(context) == nullptr) throw core::Error(core::ErrorKind::bug, "libsmbclient does not start");
  // Over what the machine's own smb.conf says.
  const core::Fd file(::memfd_create("smb.conf", MFD_CLOEXEC));
  const std::string text = configuration(setup_);
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::smbc_setConfiguration(context, fmt::format("/proc/self/fd/{}", file.get()).c_str()) != 0)
    throw core::Error(core::ErrorKind::bug, "libsmbclient does not take its configuration");
  ::smbc_setOptionProtocols(context, "SMB2_10", "SMB3");
}

void Share::give_credentials(SMBCCTX* context, const char*, const char*, char* domain, int domain_bytes, char* user,
                             int user_bytes, char* password, int password_bytes) {
  const auto& setup = static_cast<const Share*>(::smbc_getOptionUserData(context))->setup_;
  if (!setup.domain.empty()) copy(domain, domain_bytes, setup.domain);
  copy(user, user_bytes, setup.user);
  copy(password, password_bytes, setup.password);
}

// The library takes escapes apart, so everything but letters and digits becomes one; also in an IPv6 address, the
// colons of which it would take for a port's.
std::string Share::url_of(const std::string& path) const {
  std::string url = "smb://";
  for (const char c : setup_.host + path) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '/';
    if (is_plain) url += c;
    else url += fmt::format("%{:02X}", static_cast<uint8_t>(c));
  }
  return url;
}

Share::Failure Share::failure(const std::string& path) {
  const int error = errno == 0 ? EIO : errno;
  const std::string share = path.substr(1, path.find('/', 1) - 1);
  SMBCSRV* server = ::smbc_getFunctionGetCachedServer(context_.get())(
      context_.get(), setup_.host.c_str(), share.c_str(), setup_.domain.empty() ? "WORKGROUP" : setup_.domain.c_str(),
      setup_.user.c_str());
  return {.error = error, .is_connection = server == nullptr};
}

std::expected<Share::Entry, Share::Failure> Share::look(const std::string& path) {
  struct stat info{};
  errno = 0;
  if (::smbc_getFunctionStat(context_.get())(context_.get(), url_of(path).c_str(), &info) != 0)
    return std::unexpected(failure(path));
  return entry_of({}, info);
}

std::expected<void, Share::Failure> Share::list(const std::string& path,
                                                const std::function<void(const Entry&)>& take) {
  errno = 0;
  SMBCFILE* folder = ::smbc_getFunctionOpendir(context_.get())(context_.get(), url_of(path).c_str());
  if (folder == nullptr) return std::unexpected(failure(path));
  const smbc_readdirplus2_fn next = ::smbc_getFunctionReaddirPlus2(context_.get());
  struct stat info{};
  while (const libsmb_file_info* file = next(context_.get(), folder, &info)) {
    Entry entry = entry_of(file->name, info);
    entry.is_folder = (file->attrs & attribute_folder) != 0;
    take(entry);
  }
  ::smbc_getFunctionClosedir(context_.get())(context_.get(), folder);
  return {};
}

std::expected<Share::Entry, Share::Failure> Share::open(const std::string& path, uint64_t offset) {
  close();
  errno = 0;
  file_ = ::smbc_getFunctionOpen(context_.get())(context_.get(), url_of(path).c_str(), O_RDONLY, 0);
  if (file_ == nullptr) return std::unexpected(failure(path));
  open_path_ = path;
  if (offset != 0 &&
      ::smbc_getFunctionLseek(context_.get())(context_.get(), file_, static_cast<off_t>(offset), SEEK_SET) < 0)
    return std::unexpected(failure(path));
  auto entry = look_at_open();
  if (entry && setup_.tells_owners) entry->owner = owner_of(path);
  return entry;
}

std::string Share::owner_of(const std::string& path) {
  std::array<char, most_owner_bytes> owner{};
  const std::string url = url_of(path);
  for (const char* attribute : {owner_attribute, owner_id_attribute}) {
    const int n = ::smbc_getFunctionGetxattr(context_.get())(context_.get(), url.c_str(), attribute, owner.data(),
                                                             owner.size() - 1);
    owner.back() = '\0';
    if (n >= 0 && owner[0] != '\0') return owner.data();  // what it returns is no length
  }
  return {};
}

std::expected<size_t, Share::Failure> Share::read(std::span<char> out) {
  errno = 0;
  const ssize_t n = ::smbc_getFunctionRead(context_.get())(context_.get(), file_, out.data(), out.size());
  if (n < 0) return std::unexpected(failure(open_path_));
  return static_cast<size_t>(n);
}

std::expected<Share::Entry, Share::Failure> Share::look_at_open() {
  struct stat info{};
  errno = 0;
  if (::smbc_getFunctionFstat(context_.get())(context_.get(), file_, &info) != 0)
    return std::unexpected(failure(open_path_));
  return entry_of({}, info);
}

void Share::close() {
  if (file_ != nullptr) ::smbc_getFunctionClose(context_.get())(context_.get(), file_);
  file_ = nullptr;
}

}  // namespace assay::app
