#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "connect/conformance.h"
#include "connect/connector_kind.h"

namespace assay::connect {

/// What a row stream says: cells as texts, "-" for null.
struct RowsRead {
  std::vector<std::string> columns, types;
  std::vector<std::vector<std::string>> rows;
  std::string limit;   ///< that ended it
  std::string unread;  ///< of the values of its rows
  uint64_t cut_cells = 0;
  std::vector<size_t> round_ends;  ///< behind how many rows a sample may be enough
  uint64_t of_rows = 0;            ///< as the last of these says
  bool is_random = false;          ///< as well
};
RowsRead rows_of(std::string_view stream);
std::string stream_of(ObjectReader& reader);
/// Bytes that this process ever had resident.
uint64_t peak_memory();
/// Reads on in a thread of its own, counting, until it is told to stop or the stream ends.
std::jthread read_in_background(ObjectReader& reader, std::atomic<size_t>& bytes);
/// Throws when it does not come to hold within a minute.
void wait_until(const std::function<bool()>& holds);

/// A fresh database of a real server. A connector's tests make one that speaks to the server by other means than the
/// connector.
class TablePlace {
 public:
  virtual ~TablePlace() = default;
  virtual const ConnectorKind& kind() const = 0;
  /// Of the one database, as somebody who may read all of it.
  virtual SourceAddress address() const = 0;
  virtual core::Sensitive<std::string> secret(std::string_view reference) const {
    return core::Sensitive(std::string(reference));
  }
  /// One statement, in a session of its own.
  virtual void run(const std::string& sql) = 0;
  virtual std::string quoted(std::string_view name) const = 0;
  /// What stands before the slash of its objects' names; "" where there are no schemas.
  virtual std::string schema() const = 0;
  /// A type of long texts, and one of long bytes.
  virtual std::string text_type() const { return "text"; }
  virtual std::string bytes_type() const = 0;
  /// An expression of `size` times the letter.
  virtual std::string repeated(char letter, uint64_t size) const = 0;
  /// An expression that makes bytes of hexadecimal digits.
  virtual std::string bytes(std::string_view hex) const = 0;
  /// Makes a table `name` of rows 1 to `rows`: a number `n` and a text `t` of `width` letters.
  virtual void fill(const std::string& name, uint64_t rows, uint64_t width) = 0;
  /// Where the server listens; 0 when there is none.
  virtual int port() const { return 0; }
  virtual SourceAddress address_at(int port) const {
    static_cast<void>(port);
    return address();
  }
  /// Ends the server and starts it again, on the same port.
  virtual void restart() {}
  /// An address whose credentials are wrong, and one as somebody who may read nothing but the table `open`.
  virtual std::optional<SourceAddress> refused() const { return std::nullopt; }
  virtual std::optional<SourceAddress> limited() { return std::nullopt; }
  /// False for a driver that takes the process with it when a connection is cut within an answer.
  virtual bool survives_cuts() const { return true; }
  /// True for a driver that reads the whole answer before it gives a row.
  virtual bool fetches_all_first() const { return false; }
  /// Takes back what limited() allows.
  virtual void revoke() {}
  /// Whether a statement in this database waits for somebody's lock.
  virtual bool has_waiting() { return false; }
  /// A statement's word in what the connector asks for when it reads rows.
  virtual std::string reading_word() const { return "SELECT"; }
};

using MakeTablePlace = std::unique_ptr<TablePlace> (*)();

/// What holds for all databases with SQL tables. A connector's test file says
/// `INSTANTIATE_TEST_SUITE_P(Mysql, TableConformance, testing::Values(&make_place));`.
class TableConformance : public testing::TestWithParam<MakeTablePlace> {
 protected:
  TableConformance() : place_(GetParam()()), address_(place_->address()) {}

  std::unique_ptr<Connector> connector(const SourceAddress& address, std::stop_token stop = {}) const;
  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const { return connector(address_, std::move(stop)); }
  EntryRecorder enumerated(const std::string& resume_after = {}) const;
  /// Those settings and no others, but for what the server needs.
  void choose(const std::map<std::string, std::string>& settings) {
    address_.settings = place_->address().settings;
    for (const auto& [name, value] : settings) address_.settings[name] = value;
  }
  /// The object name of a table without odd characters.
  std::string object(const std::string& table) const {
    return place_->schema().empty() ? table : place_->schema() + "/" + table;
  }
  RowsRead read(const std::string& table) const { return read(*connector(), table); }
  RowsRead read(Connector& source, const std::string& table) const;

  std::unique_ptr<TablePlace> place_;
  SourceAddress address_;
};

}  // namespace assay::connect
