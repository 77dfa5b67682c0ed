#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "model/verdict.h"

namespace assay::connect {

/// What a server says of a file or folder.
struct RemoteEntry {
  enum class Kind : uint8_t {
    file,
    folder,
    link,
    special,  ///< FIFO, device, socket; `what` says which
    unknown,  ///< the server does not tell
  };
  std::string name{};  ///< without its folder; what a hostile server says too: any bytes
  Kind kind = Kind::unknown;
  uint64_t size = 0;        ///< bytes
  int64_t mtime_ns = 0;     ///< since 1970; 0 when the server does not tell
  std::string change_id{};  ///< as ObjectEntry::change_id
  std::string identity{};   ///< of a folder: the same for the same one, "" when the server does not tell
  std::string owner{};      ///< as ObjectEntry::owner; of a file that was opened
  const char* what = "not a file";
};

/// Why one file or folder could not be looked at. What concerns the source as a whole is a core::Error.
struct Refusal {
  model::Verdict verdict;
  bool is_absent = false;  ///< it is not there
};

/// A file on a server, open. Not thread-safe, but may be destroyed by any thread.
class RemoteFile {
 public:
  virtual ~RemoteFile() = default;
  RemoteFile() = default;
  RemoteFile(const RemoteFile&) = delete;
  RemoteFile& operator=(const RemoteFile&) = delete;

  /// As it was when it was opened.
  virtual const RemoteEntry& entry() const = 0;
  /// Fills a part of `out`, which is not empty; 0 at the end. Throws as ObjectReader::read().
  virtual size_t read(std::span<char> out) = 0;
  /// As it is now, asked for after read() returned 0. Throws as read().
  virtual RemoteEntry look_again() = 0;
};

/// Files and folders of one server, as a protocol gives them. Used by one thread at a time; connects on demand. Paths
/// are the server's. Every call throws core::Error as Connector says; after one that is transient, disconnect() and
/// another call connect anew.
class RemoteTree {
 public:
  virtual ~RemoteTree() = default;
  RemoteTree() = default;
  RemoteTree(const RemoteTree&) = delete;
  RemoteTree& operator=(const RemoteTree&) = delete;

  /// What stands at a path; a link there is followed if `follows`.
  virtual std::expected<RemoteEntry, Refusal> look(const std::string& path, bool follows) = 0;

  /// Takes one entry of a folder; false ends the listing.
  using Take = std::function<bool(RemoteEntry&&)>;
  /// Lists a folder in any order, without "." and "..".
  virtual std::expected<void, Refusal> list(const std::string& path, const Take& take) = 0;

  /// Opens a regular file to be read from `offset` on.
  virtual std::expected<std::unique_ptr<RemoteFile>, Refusal> open(const std::string& path, uint64_t offset) = 0;

  /// Ends the connection, if there is one. Files that are open stay valid objects, and fail.
  virtual void disconnect() noexcept = 0;
  /// Who answers, for people: "OpenSSH_9.2"; asked for after another call.
  virtual std::string server() const = 0;
};

}  // namespace assay::connect
