#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>

#include "connect/connector.h"
#include "connect/name_selection.h"
#include "connect/tree/remote_tree.h"

namespace assay::connect {

struct TreeWalkOptions {
  std::string resume_after{};          ///< as Connector::enumerate()
  std::string root_identity{};         ///< RemoteEntry::identity of the root
  size_t most_near_the_root = 65'536;  ///< entries of a folder that are held at a time ...
  size_t most_deep_down = 1'024;       ///< ... and of one more than 8 folders below the root
  size_t most_name_bytes = 16U << 20;  ///< of the names of one folder that are held at a time
  uint32_t max_depth = 256;            ///< folders inside folders, as in connect/files
};

/// Visits everything below a folder of a server, each folder's entries in the order of their names' bytes. A folder
/// with more entries than are held at a time is listed as often as it takes to see all of them in that order, so the
/// order and the place to go on from do not depend on its size, and memory is bounded.
///
/// What cannot be read of a folder is said behind all of it that can be, so that who goes on there has missed nothing.
/// Links are not followed; a folder that is itself above is not entered again. `list` lists a folder below the root,
/// "" being the root. Throws what the visitor and `list` throw.
void walk_tree(
    const std::function<std::expected<void, Refusal>(const std::string& folder, const RemoteTree::Take&)>& list,
    const NameSelection& selection, const TreeWalkOptions& options, ObjectVisitor& visitor);

/// The verdict on an entry that is no file and no folder.
model::Verdict verdict_of_other(const RemoteEntry& entry);

}  // namespace assay::connect
