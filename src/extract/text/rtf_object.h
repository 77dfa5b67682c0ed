#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::extract {

/// Where the embedded file lies in the data of an OLE 1.0 object ([MS-OLEDS] 2.2.5).
struct OleObject {
  std::string name;  ///< class name, or the file name when it is a packaged file
  size_t offset = 0;
  uint64_t size = 0;
};

/// Judges by the first bytes of the object; nullopt when they are no embedded object.
std::optional<OleObject> find_ole_object(std::string_view head);

}  // namespace assay::extract
