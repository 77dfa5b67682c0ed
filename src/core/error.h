#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::core {

/// Why an operation ended. The kind decides the exit code and whether a retry makes sense.
enum class ErrorKind {
  bad_input,  ///< the user's request or file is wrong; say what to change
  not_found,
  denied,
  transient,  ///< may succeed when tried again
  permanent,  ///< will not succeed when tried again
  bug,        ///< Assay is wrong
};

std::string_view to_string(ErrorKind kind) noexcept;

/// The one exception type of the project. Each object, request and loop turn is a boundary that catches it, records
/// it and goes on. The message says what happened, to what, and what to do next; it never holds a sensitive value.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

/// An Error that ends with the text of `errno_value`: "cannot open x: Permission denied". The kind follows the errno.
Error error_from_errno(std::string_view what, int errno_value);

}  // namespace assay::core
