#include "secure/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "core/error.h"
#include "core/fd.h"
#include "core/printable.h"

namespace assay::secure {
namespace {

constexpr std::string_view mark = "assay-key 1 ";
constexpr size_t id_digits = 16, key_digits = 2 * key_bytes;
constexpr size_t line_bytes = mark.size() + id_digits + 1 + key_digits + 1;

std::string shown(const std::string& path) { return core::printable(path, 4096); }

struct OpenFile {
  core::Fd fd;
  struct stat status{};
};

OpenFile open_regular_file(const std::string& path) {
  OpenFile file;
  file.fd = core::Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.fd || ::fstat(file.fd.get(), &file.status) != 0)
    throw core::error_from_errno("cannot read " + shown(path), errno);
  if (!S_ISREG(file.status.st_mode))
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{} is no regular file", shown(path)));
  return file;
}

LockedBytes read_all(const OpenFile& file, const std::string& path, size_t most_bytes) {
  LockedBytes buffer(most_bytes + 1);
  size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t n = ::read(file.fd.get(), buffer.data() + done, buffer.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw core::error_from_errno("cannot read " + shown(path), errno);
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  if (done > most_bytes)
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("{} is longer than {} bytes, and no secret", shown(path), most_bytes));
  return LockedBytes::copy_of(buffer.reveal().substr(0, done));
}

// A file in systemd's own directory belongs to root or to the service's user; nobody else can reach it.
void check_key_file(const OpenFile& file, const std::string& path) {
  const uid_t owner = file.status.st_uid;
  if (owner != ::geteuid() && owner != 0)
    throw core::Error(
        core::ErrorKind::denied,
        fmt::format("the key file {} belongs to another user ({}); it must be your own", shown(path), owner));
  if ((file.status.st_mode & 0077) != 0)
    throw core::Error(core::ErrorKind::denied,
                      fmt::format("others may use the key file {} (mode {:04o}); `chmod 0400` makes it your own",
                                  shown(path), file.status.st_mode & 07777));
}

std::optional<MasterKey> parse(std::string_view text) {
  if (text.size() == line_bytes && text.back() == '\n') text.remove_suffix(1);
  if (text.size() != line_bytes - 1 || !text.starts_with(mark)) return std::nullopt;
  text.remove_prefix(mark.size());
  const std::string_view id = text.substr(0, id_digits), hex = text.substr(id_digits + 1);
  if (text[id_digits] != ' ' || id.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  MasterKey key{.envelope_id = std::string(id), .bytes = LockedBytes(key_bytes)};
  size_t size = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(key.bytes.data(), key.bytes.size(), hex.data(), hex.size(), nullptr, &size, &end) != 0 ||
      size != key_bytes || end != hex.data() + hex.size())
    return std::nullopt;
  return key;
}

LockedBytes key_line(const MasterKey& key) {
  LockedBytes hex(key_digits + 1), line(line_bytes);
  sodium_bin2hex(reinterpret_cast<char*>(hex.data()), hex.size(), key.bytes.data(), key.bytes.size());
  size_t at = 0;
  for (const std::string_view part : {mark, std::string_view(key.envelope_id), std::string_view(" "),
                                      hex.reveal().substr(0, key_digits), std::string_view("\n")}) {
    part.copy(reinterpret_cast<char*>(line.data()) + at, part.size());
    at += part.size();
  }
  return line;
}

}  // namespace

LockedBytes read_secret_file(const std::string& path, size_t most_bytes) {
  return read_all(open_regular_file(path), path, most_bytes);
}

MasterKey read_key_file(const std::string& path) {
  const OpenFile file = open_regular_file(path);
  check_key_file(file, path);
  if (auto key = parse(read_all(file, path, 4096).reveal())) return std::move(*key);
  throw core::Error(core::ErrorKind::bad_input,
                    fmt::format("{} is no key file; `assay key unlock --write-key-file PATH` writes one", shown(path)));
}

void write_key_file(const std::string& path, const MasterKey& key) {
  const LockedBytes line = key_line(key);
  // Made whole under another name and linked into place. The mode counts for later opens; this descriptor may write.
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  const core::Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400));
  if (!fd) throw core::error_from_errno("cannot write " + shown(path), errno);
  const bool is_made = ::fchmod(fd.get(), 0400) == 0 &&
                       ::write(fd.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       ::fsync(fd.get()) == 0 && ::link(temporary.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(temporary.c_str());
  if (!is_made && error == EEXIST)
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{} is there already; remove it first", shown(path)));
  if (!is_made) throw core::error_from_errno("cannot write " + shown(path), error);
}

std::string systemd_credential_path() {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  if (directory == nullptr || *directory != '/') return {};
  std::string path = std::string(directory) + "/assay-key";
  return ::access(path.c_str(), F_OK) == 0 ? path : std::string();
}

}  // namespace assay::secure
