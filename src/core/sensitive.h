#pragma once

#include <fmt/core.h>
#include <string.h>

#include <concepts>
#include <ostream>
#include <string>
#include <utility>

namespace assay::core {

/// Holds a value that may be sensitive. It cannot be formatted, streamed or compared with a plain value: the compiler
/// refuses. `reveal()` is the one way out, so that every place that looks at a raw value can be found by that word.
/// A text is overwritten when its holder ends, so that it does not lie about in freed memory.
template <typename T>
class Sensitive {
 public:
  Sensitive() = default;
  explicit Sensitive(T value) : value_(std::move(value)) {}
  Sensitive(const Sensitive&) = default;
  Sensitive(Sensitive&&) noexcept = default;
  Sensitive& operator=(const Sensitive& other) {
    Sensitive copy(other);
    std::swap(value_, copy.value_);
    return *this;
  }
  Sensitive& operator=(Sensitive&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Sensitive() { wipe(); }

  const T& reveal() const noexcept { return value_; }

 private:
  void wipe() noexcept {
    // All that the string has room for: a short one that was moved from still holds what it held.
    if constexpr (std::same_as<T, std::string>) ::explicit_bzero(value_.data(), value_.capacity());
  }

  T value_{};
};

template <typename T>
std::ostream& operator<<(std::ostream&, const Sensitive<T>&) = delete;

}  // namespace assay::core

template <typename T>
struct fmt::formatter<assay::core::Sensitive<T>> {
  formatter() = delete;
};
