#include "extract/image/image.h"

#include "extract/image/image_metadata.h"
#include "extract/image/ocr.h"

namespace assay::extract {
namespace {

constexpr size_t max_file_bytes = size_t{32} << 20;

void give(const Part& part, const std::string& text, Sink& sink) {
  if (text.empty()) return;
  sink.begin_text(part);
  sink.text(text);
  sink.end_text();
}

void read_pixels(Input& input, Format format, const ImageMetadata& metadata, Sink& sink) {
  if (!ocr_is_loaded()) return sink.partial("text in images: no OCR language is loaded");
  const auto file = input.read_all(max_file_bytes);
  if (!file) return sink.partial("text in the image: the file is too large");
  const uint64_t pixels = uint64_t{metadata.width} * metadata.height;
  for (uint32_t frame = 0; frame < metadata.frames; ++frame) {
    std::string text;
    const OcrOutcome outcome = read_text_in_image(*file, format, frame, pixels, sink, text);
    if (outcome == OcrOutcome::too_large) sink.partial("text in the image: too many pixels");
    if (outcome == OcrOutcome::damaged) sink.partial("text in the image: it cannot be decoded");
    give({.name = "ocr", .page = metadata.frames > 1 ? frame + 1 : 0}, text, sink);
  }
}

}  // namespace

void warm_up_images(const std::string& tessdata_folder, const std::vector<std::string>& languages) {
  if (!languages.empty() && !ocr_is_loaded()) load_ocr(tessdata_folder, languages);
}

void extract_image(Input& input, const Context& context, Sink& sink) {
  const ImageMetadata metadata = read_image_metadata(input, context.format, sink);
  give({.name = "metadata"}, metadata.text, sink);
  if (metadata.cut) sink.partial("image metadata beyond what is read");
  if (metadata.damaged) sink.partial("damaged image metadata");
  if (context.ocr) read_pixels(input, context.format, metadata, sink);
}

}  // namespace assay::extract
