#include <fmt/format.h>

#include "core/error.h"
#include "core/printable.h"
#include "secure/credentials.h"
#include "secure/secret_file.h"
#include "secure/secret_json.h"
#include "secure/store_credentials.h"

namespace assay::secure {
namespace {

std::string_view without_newline(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted =
      text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

std::optional<core::Sensitive<std::string>> line_value(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    const size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    if (trimmed(line.substr(0, equals)) == key)
      return core::Sensitive<std::string>(std::string(unquoted(trimmed(line.substr(equals + 1)))));
  }
  return std::nullopt;
}

std::optional<core::Sensitive<std::string>> member(std::string_view text, std::string_view key) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != '{') return line_value(text, key);
  const SecretJson document(text);
  const auto* object = document.object({});
  return object ? text_member(*object, key) : std::nullopt;
}

class FileProvider final : public CredentialProvider {
 public:
  std::string_view scheme() const noexcept override { return "file"; }
  core::Sensitive<std::string> resolve(const Reference& reference) override {
    if (!reference.path.starts_with('/'))
      throw core::Error(core::ErrorKind::bad_input, "a file that holds a secret is named by its absolute path");
    const LockedBytes content = read_secret_file(reference.path, max_credential_bytes);
    auto value = reference.key.empty()
                     ? std::optional(core::Sensitive<std::string>(std::string(without_newline(content.reveal()))))
                     : member(content.reveal(), reference.key);
    const std::string path = core::printable(reference.path, 4096);
    if (!value)
      throw core::Error(core::ErrorKind::not_found,
                        fmt::format("{} has no '{}': a JSON object or lines KEY=VALUE are expected", path,
                                    core::printable(reference.key, 200)));
    if (value->reveal().empty())
      throw core::Error(core::ErrorKind::not_found, fmt::format("the secret in {} is empty", path));
    return std::move(*value);
  }
};

}  // namespace

std::unique_ptr<CredentialProvider> file_provider() { return std::make_unique<FileProvider>(); }

}  // namespace assay::secure
