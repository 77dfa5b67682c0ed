#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "extract/input.h"

namespace assay::extract {

/// The names of the files in a RAR 5.0 archive whose content needs a password, as the archive has them. libarchive
/// gives such content as if it could be read. Empty for everything else. Reads the blocks' headers only, of at most
/// `max_files` files; ends in silence where the archive is damaged.
/// Format: RARLAB, "RAR 5.0 archive format".
std::set<std::string, std::less<>> locked_in_rar5(Input& input, uint64_t max_files);

}  // namespace assay::extract
