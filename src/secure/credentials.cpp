#include "secure/credentials.h"

#include <algorithm>
#include <array>

#include "core/error.h"

namespace assay::secure {
namespace {

constexpr std::array<std::string_view, 4> schemes = {"store", "file", "env", "vault"};
constexpr size_t max_reference_bytes = 4096;

[[noreturn]] void refuse(const std::string& message) { throw core::Error(core::ErrorKind::bad_input, message); }

}  // namespace

Reference parse_reference(std::string_view text) {
  const size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  if (colon == std::string_view::npos || std::ranges::find(schemes, scheme) == schemes.end())
    refuse("a secret is named by a reference: store:NAME, file:PATH, env:NAME or vault:PATH#KEY");
  Reference reference{.scheme = std::string(scheme), .path = std::string(text.substr(colon + 1)), .key = {}};
  if (scheme == "file" || scheme == "vault") {
    if (const size_t hash = reference.path.rfind('#'); hash != std::string::npos) {
      reference.key = reference.path.substr(hash + 1);
      if (reference.key.empty()) refuse("the reference has nothing after its #");
      reference.path.resize(hash);
    }
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (reference.path.empty() || text.size() > max_reference_bytes || std::ranges::any_of(text, is_control))
    refuse("the reference names nothing, is too long or has control characters");
  return reference;
}

void CredentialManager::add(std::unique_ptr<CredentialProvider> provider) { providers_.push_back(std::move(provider)); }

core::Sensitive<std::string> CredentialManager::resolve(std::string_view reference) {
  const Reference parsed = parse_reference(reference);
  for (const auto& provider : providers_)
    if (provider->scheme() == parsed.scheme) return provider->resolve(parsed);
  refuse("references that begin with " + parsed.scheme + ": cannot be used here");
}

}  // namespace assay::secure
