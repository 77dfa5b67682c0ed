#pragma once

#include <fmt/core.h>

#include <ostream>
#include <utility>

namespace assay::core {

/// Holds a value that may be sensitive. It cannot be formatted, streamed or compared with a plain value: the compiler
/// refuses. `reveal()` is the one way out, so that every place that looks at a raw value can be found by that word.
template <typename T>
class Sensitive {
 public:
  Sensitive() = default;
  explicit Sensitive(T value) : value_(std::move(value)) {}

  const T& reveal() const noexcept { return value_; }

 private:
  T value_{};
};

template <typename T>
std::ostream& operator<<(std::ostream&, const Sensitive<T>&) = delete;

}  // namespace assay::core

template <typename T>
struct fmt::formatter<assay::core::Sensitive<T>> {
  formatter() = delete;
};
