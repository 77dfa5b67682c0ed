#pragma once

#include <string>

#include "secure/locked_bytes.h"

namespace assay::cli {

/// Where passwords and values come from: the terminal, without echo, or standard input; never the command line, which
/// every user of the machine can read.
class SecretInput {
 public:
  enum class From : uint8_t { terminal, standard_input };
  explicit SecretInput(From from) : from_(from) {}

  /// One line without its end. From the terminal, after `prompt`. Throws core::Error(bad_input) when there is no
  /// terminal, no line, or one longer than a secret is.
  secure::LockedBytes line(const std::string& prompt) const;
  /// A new one: from the terminal it is asked for twice and must be the same.
  secure::LockedBytes new_line(const std::string& prompt) const;
  /// All that is left of standard input, without a newline at its end.
  static secure::LockedBytes rest();

 private:
  From from_;
};

}  // namespace assay::cli
