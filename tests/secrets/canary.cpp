#include "tests/secrets/canary.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace assay::tests {
namespace {

std::string hex_of(std::string_view bytes, bool is_upper) {
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += is_upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  }
  return hex;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string base64_of(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i + 3 <= bytes.size(); i += 3) {
    const auto at = [&](size_t n) { return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i + n])); };
    const uint32_t group = at(0) << 16 | at(1) << 8 | at(2);
    for (const int shift : {18, 12, 6, 0}) out += digits[(group >> shift) & 63];
  }
  return out;
}

void Canary::add(const std::string& name, const std::string& secret) {
  if (secret.size() < 8) throw std::runtime_error("a secret that would be found by chance: " + name);
  auto& forms = forms_[name];
  forms = {secret, hex_of(secret, false), hex_of(secret, true)};
  // What is encoded together with other bytes begins at one of three offsets within a group; whole groups are the same.
  for (size_t skip = 0; skip < 3; ++skip) forms.push_back(base64_of(std::string_view(secret).substr(skip)));
}

std::vector<std::string> Canary::in_text(std::string_view text) const {
  bytes_searched_ += text.size();
  std::vector<std::string> hits;
  for (const auto& [name, forms] : forms_)
    for (const auto& form : forms)
      if (::memmem(text.data(), text.size(), form.data(), form.size()) != nullptr) {
        hits.push_back(name);
        break;
      }
  return hits;
}

std::vector<std::string> Canary::in_file(const std::filesystem::path& path) const {
  std::vector<std::string> hits;
  for (const auto& name : in_text(content_of(path))) hits.push_back(fmt::format("{} in {}", name, path.string()));
  return hits;
}

std::vector<std::string> Canary::in_folder(const std::filesystem::path& folder,
                                           const std::vector<std::filesystem::path>& but) const {
  std::vector<std::string> hits;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || std::ranges::find(but, entry.path()) != but.end()) continue;
    for (auto& hit : in_file(entry.path())) hits.push_back(std::move(hit));
  }
  return hits;
}

std::vector<std::string> Canary::in_process(pid_t pid, bool with_environment) const {
  std::vector<std::string> hits = in_file(fmt::format("/proc/{}/cmdline", pid));
  if (with_environment)
    for (auto& hit : in_file(fmt::format("/proc/{}/environ", pid))) hits.push_back(std::move(hit));
  return hits;
}

}  // namespace assay::tests
