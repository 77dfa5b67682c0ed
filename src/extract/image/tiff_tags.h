#pragma once

#include <functional>
#include <string>

#include "extract/input.h"

namespace assay::extract {

/// Reads the tags of a TIFF structure (TIFF 6.0, and Exif 2.32 inside JPEG, PNG and WebP) as lines "name: value": who,
/// when, where, with what; the position as decimal degrees. XMP and IPTC blocks are given as found. `base` is where
/// the structure begins in the input. False when it is damaged; what was read before stands.
struct TiffTags {
  std::string lines;
  std::string xmp;
  std::string iptc;
  uint32_t frames = 0;  ///< directories in the main chain, at most 1000
};
bool read_tiff_tags(Input& input, uint64_t base, TiffTags& tags);

}  // namespace assay::extract
