#pragma once

#include "connect/mongodb/library.h"

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "connect/mongodb/session.h"

/// Documents lie in the order of their _id for whoever asks for them so, and those behind any value are found at once
/// by its index. `$sample` would go through the whole collection for more than a twentieth of it.
namespace assay::connect::mongodb {

/// From the least _id of a collection to its greatest.
class IdRange {
 public:
  /// Of the documents with these. nullopt unless all in between are whole numbers or all are object ids: there is an
  /// order of types, so it is enough that these are.
  static std::optional<IdRange> between(const bson_t& first, const bson_t& last);

  /// For `stretches` parts of the range a condition each: documents from a random _id in it on.
  std::vector<Bson> conditions(size_t stretches, std::mt19937_64& random) const;

 private:
  Bson condition(uint64_t offset) const;

  bool is_number_ = false;
  uint64_t least_ = 0, width_ = 0;
  // Of object ids: the bytes that both have, then those that make the number.
  std::array<uint8_t, 12> bytes_{};
  size_t same_bytes_ = 0, number_bytes_ = 0;
};

}  // namespace assay::connect::mongodb
