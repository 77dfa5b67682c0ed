#include <fmt/format.h>

#include "core/error.h"
#include "core/printable.h"
#include "secure/credentials.h"
#include "secure/providers/vault_session.h"
#include "secure/secret_json.h"

// KV version 2: https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2 and OpenBao's page of that name.
namespace assay::secure {
namespace {

using core::ErrorKind;

[[noreturn]] void refuse(ErrorKind kind, const std::string& message) { throw core::Error(kind, message); }

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

/// The path as part of a URL (RFC 3986). "" when a segment is empty, `.` or `..`.
std::string encoded_path(std::string_view path) {
  std::string out;
  for (;;) {
    const size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment.empty() || segment == "." || segment == "..") return {};
    for (const char c : segment)
      out += is_unreserved(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    if (slash == std::string_view::npos) return out;
    out += '/';
    path.remove_prefix(slash + 1);
  }
}

struct Place {
  std::string path, query;
};

/// MOUNT/data/PATH, or MOUNT/data/PATH?version=N.
Place place_of_reference(const Reference& reference) {
  constexpr std::string_view version = "version=";
  std::string_view path = reference.path, query;
  if (const size_t mark = path.find('?'); mark != std::string_view::npos) {
    query = path.substr(mark + 1);
    path = path.substr(0, mark);
    const std::string_view number = query.starts_with(version) ? query.substr(version.size()) : "";
    if (number.empty() || number.size() > 9 || number.find_first_not_of("0123456789") != std::string_view::npos)
      refuse(ErrorKind::bad_input, "after ? a reference to Vault can only have version=N");
  }
  Place place{.path = encoded_path(path), .query = query.empty() ? "" : "?" + std::string(query)};
  if (place.path.empty() || path.find("/data/") == std::string_view::npos || reference.key.empty())
    refuse(ErrorKind::bad_input, "a reference to Vault is vault:MOUNT/data/PATH#KEY (secrets engine KV version 2)");
  return place;
}

class VaultProvider final : public CredentialProvider {
 public:
  explicit VaultProvider(VaultOptions options) : session_(std::move(options)) {}

  std::string_view scheme() const noexcept override { return "vault"; }

  core::Sensitive<std::string> resolve(const Reference& reference) override {
    const Place place = place_of_reference(reference);
    const std::string path = core::printable(reference.path, 500);
    const HttpAnswer answer = session_.get(place.path + place.query);
    const SecretJson document(answer.body.reveal());
    if (answer.status == 404) refuse_missing(document, path);
    if (answer.status == 403)
      refuse(ErrorKind::denied, fmt::format("{} does not let this token read {}: it has ended, or its policies do not "
                                            "allow it",
                                            session_.who(), path));
    if (answer.status != 200)
      refuse(ErrorKind::permanent,
             fmt::format("{} answers status {} when asked for {}", session_.who(), answer.status, path));
    const auto* data = document.object({"data", "data"});
    if (!data)
      refuse(ErrorKind::permanent, fmt::format("what {} has at {} is no secret of KV version 2", session_.who(), path));
    auto value = text_member(*data, reference.key);
    if (!value || value->reveal().empty())
      refuse(ErrorKind::not_found, fmt::format("the secret {} in {} has no text '{}'", path, session_.who(),
                                               core::printable(reference.key, 200)));
    return std::move(*value);
  }

 private:
  // A version that was deleted is a 404 with its metadata.
  [[noreturn]] void refuse_missing(const SecretJson& document, const std::string& path) const {
    if (const auto* metadata = document.object({"data", "metadata"})) {
      const auto* destroyed = metadata->if_contains("destroyed");
      refuse(ErrorKind::not_found,
             fmt::format("version {} of the secret {} in {} was {}", number_member(*metadata, "version"), path,
                         session_.who(),
                         destroyed && destroyed->is_bool() && destroyed->get_bool() ? "destroyed" : "deleted"));
    }
    refuse(ErrorKind::not_found, fmt::format("{} has no secret {}", session_.who(), path));
  }

  VaultSession session_;
};

}  // namespace

std::unique_ptr<CredentialProvider> vault_provider(VaultOptions options) {
  return std::make_unique<VaultProvider>(std::move(options));
}

}  // namespace assay::secure
