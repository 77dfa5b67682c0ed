#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"

namespace assay::extract {

/// Loads tesseract's models and everything that it would open or start later; no threads from then on. Throws
/// core::Error(not_found) when a model is missing.
void load_ocr(const std::string& tessdata_folder, const std::vector<std::string>& languages);
bool ocr_is_loaded() noexcept;

enum class OcrOutcome : uint8_t { read, too_large, damaged };

/// Recognises the text of frame `frame` of an image file in memory and appends the words of fair confidence, by line.
/// `known_pixels`, from the container or 0, bounds the decoders whose headers leptonica does not read.
OcrOutcome read_text_in_image(std::string_view file, Format format, uint32_t frame, uint64_t known_pixels, Sink& sink,
                              std::string& text);

}  // namespace assay::extract
