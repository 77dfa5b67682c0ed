#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connect/connector_kind.h"

namespace assay::connect {

/// A place with a real server, or a real folder, in which the conformance suite may write. A connector's tests make one
/// that speaks to the server by other means than the connector.
class ConformancePlace {
 public:
  virtual ~ConformancePlace() = default;
  virtual const ConnectorKind& kind() const = 0;
  /// How its one root is reached, which is empty at first.
  virtual SourceAddress address() const = 0;
  virtual core::Sensitive<std::string> secret(std::string_view reference) const {
    return core::Sensitive(std::string(reference));
  }
  virtual void put(std::string_view name, std::string_view content) = 0;
  virtual void remove(std::string_view name) = 0;
  /// Whether names may be any bytes; else UTF-8 without what the protocol forbids.
  virtual bool takes_any_bytes() const { return false; }
  /// Characters that no name can have there.
  virtual std::string_view forbidden() const { return {}; }
  /// An address of the same kind at which nobody answers, and one whose credentials are wrong; nullopt where the kind
  /// has no such thing.
  virtual std::optional<SourceAddress> unreachable() const { return std::nullopt; }
  virtual std::optional<SourceAddress> refused() const { return std::nullopt; }
};

/// A connector of a place that a suite of tests is run against; the place outlives it.
template <typename Place>
std::unique_ptr<Connector> connector_at(const Place& place, const SourceAddress& address, std::stop_token stop = {}) {
  return ConnectorKinds({place.kind()})
      .make(place.kind().name, address,
            {.resolve_secret = [&place](std::string_view reference) { return place.secret(reference); },
             .stop = std::move(stop)});
}

using MakePlace = std::unique_ptr<ConformancePlace> (*)();

/// What holds for every kind that has objects. A connector's test file says
/// `INSTANTIATE_TEST_SUITE_P(S3, ConnectorConformance, testing::Values(&make_s3_place));`.
class ConnectorConformance : public testing::TestWithParam<MakePlace> {
 protected:
  ConnectorConformance() : place_(GetParam()()) {}

  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const { return connector(place_->address(), stop); }
  std::unique_ptr<Connector> connector(const SourceAddress& address, std::stop_token stop = {}) const;
  std::string content_of(Connector& connector, const std::string& name) const;

  std::unique_ptr<ConformancePlace> place_;
};

/// Keeps what an enumeration says.
class EntryRecorder final : public ObjectVisitor {
 public:
  void on_object(ObjectEntry&& entry) override { entries.push_back(std::move(entry)); }
  void on_unread(std::string name, uint64_t, model::Verdict verdict) override {
    unread.emplace_back(std::move(name), std::move(verdict));
  }
  bool stop_requested() override { return entries.size() >= stop_after; }

  std::vector<std::string> names() const {
    std::vector<std::string> list;
    for (const ObjectEntry& entry : entries) list.push_back(entry.name);
    return list;
  }

  std::vector<ObjectEntry> entries;
  std::vector<std::pair<std::string, model::Verdict>> unread;
  size_t stop_after = SIZE_MAX;
};

/// What a connector finds below its first root.
EntryRecorder enumerated(Connector& connector, const std::string& resume_after = {});
/// Reads to the end, or to what is thrown.
std::string read_all(ObjectReader& reader);
/// Of an object below the first root; `after_first` is called when a first piece has come. Throws ReadFailure also when
/// it cannot be opened.
std::string read_all(Connector& connector, const std::string& name, const std::function<void()>& after_first = {});
/// Lines of ten bytes, no two of which are the same.
std::string lines_of(size_t lines);

}  // namespace assay::connect
