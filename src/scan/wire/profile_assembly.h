#pragma once

#include <optional>

#include "model/table_profile.h"
#include "scan/wire/protocol.h"

namespace assay::scan {

/// Puts the pieces of one object's profiles together again. Whoever sends them may have been taken over: what does not
/// fit together, or goes beyond what examiners send, is thrown as core::Error(permanent).
class ProfileAssembly {
 public:
  /// The profile, when this was its last piece.
  std::optional<model::TableProfile> add(ProfilePiece&& piece);
  /// The worker died: what it had begun will not come to its end, and the next one counts for itself.
  void drop() {
    table_.reset();
    columns_ = 0;
  }

 private:
  std::optional<model::TableProfile> table_;
  size_t columns_ = 0;  ///< of all tables of this worker, each counting as one more
};

}  // namespace assay::scan
