#include "cli/fingerprint_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "classify/fingerprint.h"
#include "core/error.h"
#include "core/fd.h"

namespace assay::cli {
namespace {

constexpr size_t key_bytes = classify::Fingerprinter::key_bytes;

std::optional<std::string> from_hex(std::string_view hex) {
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r' || hex.back() == ' ')) hex.remove_suffix(1);
  std::string key(key_bytes, '\0');
  size_t n = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(key.data()), key.size(), hex.data(), hex.size(), nullptr, &n,
                     &end) != 0 ||
      n != key_bytes || end != hex.data() + hex.size())
    return std::nullopt;
  return key;
}

std::string random_key() {
  std::string key(key_bytes, '\0');
  randombytes_buf(key.data(), key.size());
  return key;
}

std::string read_key_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file)
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("cannot read the fingerprint key file {}; --fingerprint-key and "
                                  "$ASSAY_FINGERPRINT_KEY name another one",
                                  path));
  if (auto key = from_hex(text.str())) return *key;
  throw core::Error(core::ErrorKind::bad_input,
                    fmt::format("{} is not a fingerprint key: 64 hex digits are expected", path));
}

std::string user_key_path() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/')
    return std::string(config) + "/assay/fingerprint.key";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.config/assay/fingerprint.key";
  return {};
}

// Made whole under another name and linked into place, so that two first runs agree on one key.
void create_key_file(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  const std::string temporary = fmt::format("{}.{}", path, ::getpid());
  const core::Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return;
  const std::string hex = classify::to_hex(random_key()) + "\n";
  if (::write(fd.get(), hex.data(), hex.size()) == static_cast<ssize_t>(hex.size()))
    (void)::link(temporary.c_str(), path.c_str());
  ::unlink(temporary.c_str());
}

}  // namespace

std::string load_fingerprint_key(const std::string& file) {
  if (sodium_init() < 0)
    throw core::Error(core::ErrorKind::permanent, "the cryptography library libsodium cannot start");
  if (!file.empty()) return read_key_file(file);
  if (const char* hex = std::getenv("ASSAY_FINGERPRINT_KEY"); hex != nullptr && *hex != '\0') {
    if (auto key = from_hex(hex)) return *key;
    throw core::Error(core::ErrorKind::bad_input,
                      "ASSAY_FINGERPRINT_KEY is not a fingerprint key: 64 hex digits are expected");
  }
  const std::string path = user_key_path();
  if (path.empty()) return random_key();
  if (::access(path.c_str(), F_OK) != 0) create_key_file(path);
  return ::access(path.c_str(), F_OK) == 0 ? read_key_file(path) : random_key();
}

std::string fingerprint_key_place() {
  if (const char* hex = std::getenv("ASSAY_FINGERPRINT_KEY"); hex != nullptr && *hex != '\0') {
    load_fingerprint_key("");
    return "the variable ASSAY_FINGERPRINT_KEY";
  }
  std::string path = user_key_path();
  if (path.empty()) return "a new one for each run: there is no home directory to keep it in";
  if (::access(path.c_str(), F_OK) != 0) return path + ", made by the first scan";
  load_fingerprint_key(path);
  return path;
}

std::string fingerprint_key_id(const std::string& key) {
  unsigned char id[16];
  crypto_generichash(id, sizeof id, reinterpret_cast<const unsigned char*>("assay key id"), 12,
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return classify::to_hex({reinterpret_cast<const char*>(id), 4});
}

}  // namespace assay::cli
