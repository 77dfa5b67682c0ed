#pragma once

#include <memory>
#include <string>

#include "connect/connector.h"
#include "connect/object_store/store.h"

namespace assay::connect {

/// Reads one object of a store. When the connection breaks it goes on at the same byte, as long as the version is
/// the same; another one, or none any more, is CHANGED.
class RangeReader final : public ObjectReader {
 public:
  /// `body` is a successful answer to Store::get() for the whole object.
  RangeReader(Store& store, std::string bucket, std::string key, std::unique_ptr<http::Body> body);
  size_t read(std::span<char> out) override;

 private:
  void go_on(const core::Error& why);
  void skip(uint64_t bytes);

  Store& store_;
  std::string bucket_, key_, version_;
  std::unique_ptr<http::Body> body_;
  bool has_size_ = false;
  uint64_t size_ = 0, offset_ = 0;
  int breaks_ = 0, breaks_in_a_row_ = 0;
};

}  // namespace assay::connect
