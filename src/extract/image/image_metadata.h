#pragma once

#include <cstdint>
#include <string>

#include "extract/extractor.h"

namespace assay::extract {

/// What stands in an image file beside its pixels.
struct ImageMetadata {
  std::string text;    ///< lines "name: value" and XMP packets
  uint32_t width = 0;  ///< pixels, where the container says so here; else 0
  uint32_t height = 0;
  uint32_t frames = 1;   ///< of a TIFF
  bool damaged = false;  ///< read up to the damage
  bool cut = false;      ///< there is more than is read
};

/// `format` is one of the image formats.
ImageMetadata read_image_metadata(Input& input, Format format, Sink& sink);

}  // namespace assay::extract
