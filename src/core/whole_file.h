#pragma once

#include <string>
#include <string_view>

namespace assay::core {

/// Writes a file whole or not at all: beside its place under a temporary name, synced, then moved there. An existing
/// file keeps its permissions. Throws core::Error naming the path.
void write_whole_file(const std::string& path, std::string_view content);

}  // namespace assay::core
