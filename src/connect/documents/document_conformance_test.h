#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connect/conformance.h"
#include "connect/connector_kind.h"

namespace assay::connect {

/// What a row stream says: cells as texts, "-" for null.
struct StreamRead {
  std::vector<std::string> columns, types;
  std::vector<std::vector<std::string>> rows;
  bool has_ended = false;  ///< not cut

  /// The cells of a column; fails the test when there is none.
  std::vector<std::string> column(std::string_view name) const;
};
StreamRead parse_stream(std::string_view stream);

/// A place with a real server that keeps documents in tables of some kind. A connector's tests make one that speaks to
/// the server by other means than the connector.
class DocumentPlace {
 public:
  virtual ~DocumentPlace() = default;
  virtual const ConnectorKind& kind() const = 0;
  /// How its one root is reached, which is empty at first; asked for after what it is to hold was put.
  virtual SourceAddress address() = 0;
  virtual core::Sensitive<std::string> secret(std::string_view reference) const {
    return core::Sensitive(std::string(reference));
  }
  /// Documents as JSON.
  virtual void put(const std::string& table, const std::vector<std::string>& documents) = 0;
  virtual void remove(const std::string& table) = 0;
  /// The name of the object that a table is.
  virtual std::string object(const std::string& table) const { return table; }
  /// An address at which nobody answers, and one whose credentials are wrong.
  virtual SourceAddress unreachable() = 0;
  virtual std::optional<SourceAddress> refused() = 0;
  /// The server dies, and does not come back.
  virtual void end_server() = 0;
};

using MakeDocumentPlace = std::unique_ptr<DocumentPlace> (*)();

/// What holds for every kind of source whose tables are made of documents. A connector's test file says
/// `INSTANTIATE_TEST_SUITE_P(Rest, DocumentConformance, testing::Values(&make_rest_place));`.
class DocumentConformance : public testing::TestWithParam<MakeDocumentPlace> {
 protected:
  DocumentConformance() : place_(GetParam()()) {}

  std::unique_ptr<Connector> connector(const SourceAddress& address, std::stop_token stop = {}) const;
  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const {
    return connector(place_->address(), std::move(stop));
  }
  EntryRecorder enumerated(const std::string& resume_after = {}) const;
  StreamRead read(const std::string& table) const;

  std::unique_ptr<DocumentPlace> place_;
};

}  // namespace assay::connect
