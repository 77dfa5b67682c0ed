#pragma once

#include <libpq-fe.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sql/value.h"

namespace assay::sql {

/// What a statement was prepared for: a type's OID, 0 where the server is to find out (texts), nothing where only nulls
/// were seen.
using ParameterTypes = std::vector<std::optional<Oid>>;

/// The types that these values ask for; nothing for a null.
ParameterTypes parameter_types(std::span<const Value> parameters);

/// Whether values of the types `asked` can be given to a statement prepared for `known`.
bool fits(const ParameterTypes& known, const ParameterTypes& asked);

/// Types that hold both. Where they differ the server is to find out, and is given text.
ParameterTypes merged(const ParameterTypes& known, const ParameterTypes& asked);

/// Parameters as libpq wants them: text with a NUL behind, blobs in binary. Pointers live as long as this and the
/// values, until the next set().
class PostgresParameters {
 public:
  void set(std::span<const Value> parameters);

  int count() const noexcept { return static_cast<int>(values_.size()); }
  const char* const* values() const noexcept { return values_.data(); }
  const int* lengths() const noexcept { return lengths_.data(); }
  const int* formats() const noexcept { return formats_.data(); }
  size_t bytes() const noexcept;

 private:
  void add(const Value& value);

  std::string texts_;                // every text with its NUL
  std::vector<const char*> values_;  // while texts_ grows: null where the text begins at begins_
  std::vector<size_t> begins_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

}  // namespace assay::sql
