#pragma once

#include <cstddef>
#include <string_view>

namespace assay::extract {

struct JsonLook {
  bool is_json = false;
  size_t values = 0;  ///< complete objects and arrays at the top
  bool cut = false;   ///< the head ended inside a value
};

/// Whether the text is JSON as far as it goes: an object or array, or several one after the other.
JsonLook look_at_json(std::string_view head);

}  // namespace assay::extract
