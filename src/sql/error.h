#pragma once

#include <string>

#include "core/error.h"

namespace assay::sql {

/// What went wrong, apart from the kind: what callers decide by.
enum class Trouble : uint8_t {
  other,
  connection_lost,   ///< or could not be made
  busy,              ///< SQLITE_BUSY, lock timeouts
  conflict,          ///< serialisation failure, deadlock: try the transaction again
  unique_violation,  ///< a row of that key is there
  cancelled,
  full,  ///< no space left
  read_only,
};

/// Kind transient for connection_lost (unless the address is wrong), busy, conflict, cancelled, full, and when memory
/// is short; else permanent, bad_input, denied, not_found, or bug for a misuse of the interface.
class Error : public core::Error {
 public:
  Error(core::ErrorKind kind, Trouble trouble, const std::string& message, bool outcome_unknown = false)
      : core::Error(kind, message), trouble_(trouble), outcome_unknown_(outcome_unknown) {}
  Trouble trouble() const noexcept { return trouble_; }
  /// A COMMIT was sent and its answer did not come: it may have happened.
  bool outcome_unknown() const noexcept { return outcome_unknown_; }

 private:
  Trouble trouble_;
  bool outcome_unknown_;
};

}  // namespace assay::sql
