#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/fd.h"
#include "model/table.h"
#include "model/verdict.h"

/// Where objects come from. One folder a kind of source; what they have in common is said here.
namespace assay::connect {

/// One object as its source names it: enough to open it later, and to tell whether it changed since it was read.
struct ObjectEntry {
  std::string name{};    ///< below the root, with "/" between its parts; any bytes but NUL; unique below its root
  uint64_t size = 0;     ///< bytes; 0 when the source does not tell
  int64_t mtime_ns = 0;  ///< since 1970; 0 when the source does not tell
  std::string
      change_id{};        ///< another one whenever the content may be another: version, ETag, inode and ctime; "" none
  std::string owner{};    ///< of the object, as its source names owners; "" when it does not tell. Only of opened ones
  bool is_table = false;  ///< rows, not bytes: its reader gives a row stream (model/row_stream.h)
};

/// Takes what an enumeration finds, in the source's order, on the thread that enumerates. An exception ends it.
class ObjectVisitor {
 public:
  virtual ~ObjectVisitor() = default;
  virtual void on_object(ObjectEntry&& entry) = 0;
  /// Something that is there and is not given to on_object: IO_ERROR with the reason, EXCLUDED, SPECIAL_FILE, LIMIT. A
  /// folder stands for all inside it; "" is the root itself.
  virtual void on_unread(std::string name, uint64_t size, model::Verdict verdict) = 0;
  /// Asked often, at least once a second; true ends the enumeration early.
  virtual bool stop_requested() { return false; }
};

/// An object could not be read to its end: its verdict. What was read before stands.
class ReadFailure : public std::runtime_error {
 public:
  explicit ReadFailure(model::Verdict verdict) : std::runtime_error(verdict.reason), verdict_(std::move(verdict)) {}
  const model::Verdict& verdict() const noexcept { return verdict_; }

 private:
  model::Verdict verdict_;
};

/// The bytes of one object, once, in order. Not thread-safe. Belongs to the thread that reads; the connector outlives
/// it.
class ObjectReader {
 public:
  virtual ~ObjectReader() = default;
  /// Fills a part of `out`, which is not empty; how many bytes, 0 at the end. Throws ReadFailure: CHANGED when it is no
  /// longer the object that was opened, IO_ERROR when it cannot be read on; core::Error(transient) when the source as
  /// a whole is gone or the connector was stopped.
  virtual size_t read(std::span<char> out) = 0;
  /// True while read() stands still to spare the source, which is not the fault of the object; to be asked from any
  /// thread, also after the reader is gone. nullptr for one that never does.
  virtual std::shared_ptr<const std::atomic<bool>> is_standing() const { return nullptr; }
};

/// Whether what an examiner read was the object as it was opened.
class ChangeCheck {
 public:
  virtual ~ChangeCheck() = default;
  /// `fd` is the descriptor that was read. From any thread.
  virtual bool has_changed(int fd) const = 0;
};

/// An object, open: as a descriptor that can be read at any offset, or through a reader.
struct OpenedObject {
  ObjectEntry entry;  ///< as it is now
  core::Fd fd;
  bool is_stream = false;                    ///< `fd` can be read once and forwards only
  std::shared_ptr<const ChangeCheck> check;  ///< with `fd`; readers look for themselves
  std::unique_ptr<ObjectReader> reader;      ///< when there is no `fd`
  std::string part;  ///< which part of it the source's settings choose, in words, for the ledger; "" all of it
};

/// A table as ranges that several readers read, each at its own time; together they are all of it, once.
struct TableRanges {
  std::vector<std::string> ranges;  ///< as open_range() takes them, in the table's order; at least two
  std::string snapshot;  ///< as open_range() takes it: all ranges are of one moment; "" each is of its reader's own
  std::shared_ptr<void> held;  ///< the snapshot is there as long as this is
};

/// How a source answered when it was tried. Never holds a secret.
struct Trial {
  bool ok = true;                     ///< each root answered, and something of it can be read if anything is there
  std::string summary;                ///< "3 tables, PostgreSQL 15.3", "12 objects (4 MiB)"
  std::vector<std::string> problems;  ///< what cannot be read and why, the first few
};

/// One source, reached. Made on demand for one task or command, used by one thread at a time, thrown away after it.
/// Every call returns or throws within about a second after the stop token of its context was asked to stop.
///
/// Throws core::Error: bad_input for what the configuration says wrongly, denied for credentials that are refused,
/// not_found for a root that is not there, transient when the source does not answer now, which is worth a retry.
class Connector {
 public:
  virtual ~Connector() = default;
  Connector() = default;
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

  /// Where it reads, as a person would write it, without secrets: paths, "s3://bucket/prefix". Never empty.
  virtual const std::vector<std::string>& roots() const = 0;

  /// Connects, authenticates and looks at up to `most_objects` objects; reads no content. Throws nothing but bug and
  /// bad_input: what else goes wrong is the trial's answer.
  virtual Trial test(uint64_t most_objects) = 0;

  /// Visits everything below a root once, in an order that is the same as long as nothing changes. With `resume_after`,
  /// the name that was visited last, it goes on behind it; some of what was visited may come again, nothing is left
  /// out. Memory is bounded, whatever is there.
  virtual void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) = 0;

  /// Opens what enumerate() found. The verdict says why when this object cannot be opened: IO_ERROR when it vanished or
  /// may not be read, EXCLUDED, SPECIAL_FILE.
  virtual std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) = 0;

  /// What the source says of a table before its rows are read; nullopt for what is none. Throws core::Error: transient
  /// when the source as a whole does not answer, every other kind is about this table.
  virtual std::optional<model::TableDescription> describe(size_t root, const std::string& name) {
    static_cast<void>(root), static_cast<void>(name);
    return std::nullopt;
  }

  /// How a table is to be cut.
  struct Cut {
    uint64_t range_bytes = 0;  ///< about so many each
    size_t most = 0;
    bool may_keep_snapshot = true;  ///< which takes a connection as long as TableRanges::held is
  };
  /// A table that is worth it as ranges; nullopt when it is to be read whole, as what is no table, and tables of which
  /// the settings bound or choose rows. Throws as describe().
  virtual std::optional<TableRanges> ranges(size_t root, const std::string& name, const Cut& cut) {
    static_cast<void>(root), static_cast<void>(name), static_cast<void>(cut);
    return std::nullopt;
  }
  /// Opens one of them, as open(). When the snapshot is not there any more, the range as it is now; `part` says so.
  virtual std::expected<OpenedObject, model::Verdict> open_range(size_t root, const std::string& name,
                                                                 const std::string& range,
                                                                 const std::string& snapshot) {
    static_cast<void>(root), static_cast<void>(name), static_cast<void>(range), static_cast<void>(snapshot);
    throw core::Error(core::ErrorKind::bug, "a source that has no ranges was asked for one");
  }

  /// The object's path in reports and in the ledger: its root, "/", and its name.
  virtual std::string path_of(size_t root, std::string_view name) const;
};

}  // namespace assay::connect
