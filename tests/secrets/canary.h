#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::tests {

/// The whole groups of three bytes; what is left over is left out.
std::string base64_of(std::string_view bytes);

/// Looks for secrets wherever a run may have left them: as they are, in hexadecimal, and in Base64 at any offset.
class Canary {
 public:
  /// `name` is what a hit is reported by. A secret of fewer than 8 bytes would be found by chance.
  void add(const std::string& name, const std::string& secret);

  /// Names of the secrets that a text holds.
  std::vector<std::string> in_text(std::string_view text) const;
  /// The same for a file, and for every file beneath a folder but those left out: "NAME in PATH".
  std::vector<std::string> in_file(const std::filesystem::path& path) const;
  std::vector<std::string> in_folder(const std::filesystem::path& folder,
                                     const std::vector<std::filesystem::path>& but = {}) const;
  /// The command line and, when `with_environment`, the environment of a process.
  std::vector<std::string> in_process(pid_t pid, bool with_environment) const;

  size_t bytes_searched() const { return bytes_searched_; }
  size_t secrets() const { return forms_.size(); }

 private:
  std::map<std::string, std::vector<std::string>> forms_;
  mutable size_t bytes_searched_ = 0;
};

}  // namespace assay::tests
