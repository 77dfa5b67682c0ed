#pragma once

#include <string>
#include <vector>

#include "extract/extractor.h"

namespace assay::extract {

/// Loads the models for reading text in images. Call before the sandbox closes; without it images give their metadata
/// only. `tessdata_folder` holds LANGUAGE.traineddata files; empty is tesseract's own place. Throws core::Error when a
/// model cannot be loaded.
void warm_up_images(const std::string& tessdata_folder, const std::vector<std::string>& languages);

/// JPEG, PNG, TIFF, GIF, BMP and WebP: EXIF, XMP, IPTC and comments as part "metadata"; with context.ocr the text that
/// can be read in the image, as main content (frames of a TIFF by page, the first of a GIF or WebP only).
void extract_image(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
