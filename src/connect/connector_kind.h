#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "connect/connector.h"
#include "core/log.h"
#include "core/sensitive.h"

namespace assay::connect {

/// How one source is reached: a datasource's configuration, or a URL on the command line. Holds no secret, only
/// references to secrets ("env:NAME", "file:PATH", "store:NAME", "vault:PATH#key").
struct SourceAddress {
  std::vector<std::string> roots{};               ///< URLs of one server, or paths for `files`; without passwords
  std::map<std::string, std::string> settings{};  ///< by SettingKey::name; numbers and flags as text
  std::vector<std::string> include{}, exclude{};  ///< globs (core::Glob) over names below a root
};

/// Which file of this machine, whatever it is called.
struct FileIdentity {
  uint64_t device = 0, inode = 0;
  auto operator<=>(const FileIdentity&) const = default;
};

/// What a connector may ask of whoever makes it.
struct ConnectorContext {
  /// The secret behind a reference, asked for at the moment it is needed. Throws core::Error naming the reference.
  std::function<core::Sensitive<std::string>(std::string_view reference)> resolve_secret;
  std::stop_token stop;
  core::Log log{};                        ///< for what whoever runs it should know while it runs
  std::vector<FileIdentity> own_files{};  ///< files and directories that whoever makes it writes or keeps: no objects
};

/// A key of SourceAddress::settings.
struct SettingKey {
  std::string_view name;
  std::string_view help;   ///< one line: what it is, its unit, its default
  bool is_secret = false;  ///< its value is a reference to a secret, never the secret
};

/// One kind of source: an entry of the list that `app/` makes. To add a connector is to add a folder and an entry.
struct ConnectorKind {
  std::string_view name;                      ///< "s3": what --kind says and datasources.kind holds
  std::span<const std::string_view> schemes;  ///< of URLs: "s3"; none for `files`
  std::span<const SettingKey> settings;
  bool has_tables = false;
  bool takes_files = false;  ///< its roots are "SCHEME:PATH", of a file that says the rest, and not "SCHEME://..."
  /// Checks the address and connects no further than it must. Throws core::Error(bad_input) naming the key or URL that
  /// is wrong.
  std::unique_ptr<Connector> (*make)(const SourceAddress& address, ConnectorContext context) = nullptr;
};

/// Every kind that this program has.
class ConnectorKinds {
 public:
  explicit ConnectorKinds(std::vector<ConnectorKind> kinds) : kinds_(std::move(kinds)) {}

  std::span<const ConnectorKind> all() const noexcept { return kinds_; }
  /// nullptr when there is none of that name.
  const ConnectorKind* find(std::string_view name) const noexcept;
  /// The kind that a URL's scheme names; nullptr when the text is no URL, or one of an unknown scheme. "SCHEME:PATH" is
  /// one of a kind that takes files.
  const ConnectorKind* of_url(std::string_view text) const noexcept;
  /// Throws core::Error(bad_input) for an unknown kind, an unknown setting or a password in a URL, each by name; then
  /// as ConnectorKind::make.
  std::unique_ptr<Connector> make(std::string_view kind, const SourceAddress& address, ConnectorContext context) const;

 private:
  std::vector<ConnectorKind> kinds_;
};

}  // namespace assay::connect
