#include "extract/pdf/page_images.h"

#include <GfxState.h>
#include <Stream.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace assay::extract {
namespace {

constexpr int min_side_pixels = 40;  // less holds no line of text
constexpr int64_t max_pixels = 400'000'000;
constexpr int64_t max_given_pixels = 16'000'000;  // a page at 400 dots an inch; reading it takes several times as much
constexpr int max_images_of_page = 50;

void append_little(std::string& out, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

/// A BMP file of 8-bit gray pixels, whose rows are stored from the bottom up and padded to four bytes.
class GrayBmp {
 public:
  GrayBmp(int width, int height)
      : row_bytes_((static_cast<size_t>(width) + 3) / 4 * 4), rows_(static_cast<size_t>(height)) {
    constexpr uint32_t palette_bytes = 256 * 4;
    constexpr uint32_t pixels_offset = 14 + 40 + palette_bytes;
    file_.reserve(pixels_offset + row_bytes_ * rows_);
    file_ = "BM";
    append_little(file_, static_cast<uint32_t>(pixels_offset + row_bytes_ * rows_), 4);
    append_little(file_, 0, 4);
    append_little(file_, pixels_offset, 4);
    append_little(file_, 40, 4);
    append_little(file_, static_cast<uint32_t>(width), 4);
    append_little(file_, static_cast<uint32_t>(height), 4);
    append_little(file_, 1, 2);
    append_little(file_, 8, 2);
    for (int i = 0; i < 4; ++i) append_little(file_, 0, 4);
    append_little(file_, 256, 4);
    append_little(file_, 0, 4);
    for (uint32_t gray = 0; gray < 256; ++gray) append_little(file_, gray * 0x010101, 4);
    file_.resize(pixels_offset + row_bytes_ * rows_, '\xFF');
  }

  unsigned char* row(size_t from_top) {
    return reinterpret_cast<unsigned char*>(file_.data()) + file_.size() - (from_top + 1) * row_bytes_;
  }

  std::string take() { return std::move(file_); }

 private:
  size_t row_bytes_;
  size_t rows_;
  std::string file_;
};

/// Takes an image row by row and keeps it at the largest whole fraction of its size that is small enough.
class Shrinker {
 public:
  Shrinker(int width, int height)
      : factor_(factor_for(width, height)),
        width_(static_cast<size_t>(width) / factor_),
        bmp_(width / static_cast<int>(factor_), height / static_cast<int>(factor_)),
        rows_left_(static_cast<size_t>(height) / factor_),
        sums_(width_) {}

  void put(const unsigned char* gray) {
    if (rows_left_ == 0) return;
    for (size_t x = 0; x < width_ * factor_; ++x) sums_[x / factor_] += gray[x];
    if (++summed_ < factor_) return;
    unsigned char* row = bmp_.row(given_++);
    for (size_t x = 0; x < width_; ++x) row[x] = static_cast<unsigned char>(sums_[x] / (factor_ * factor_));
    sums_.assign(width_, 0);
    summed_ = 0;
    --rows_left_;
  }

  std::string take() { return bmp_.take(); }

 private:
  static size_t factor_for(int width, int height) {
    int64_t factor = 1;
    while (int64_t{width} * height / (factor * factor) > max_given_pixels) ++factor;
    return static_cast<size_t>(std::min<int64_t>({factor, width, height}));
  }

  size_t factor_;
  size_t width_;
  GrayBmp bmp_;
  size_t rows_left_;
  std::vector<uint32_t> sums_;
  size_t summed_ = 0;
  size_t given_ = 0;
};

}  // namespace

bool PageImages::is_wanted(int width, int height) {
  if (failure || width < min_side_pixels || height < min_side_pixels || given_ >= max_images_of_page) return false;
  if (int64_t{width} * height <= max_pixels) return true;
  try {
    sink_.partial("text in an image of a page: too many pixels");
  } catch (...) {
    failure = std::current_exception();
  }
  return false;
}

void PageImages::give(const std::string& bmp) {
  try {
    MemoryInput content(bmp);
    sink_.member(fmt::format("page {} image {}", page_, ++given_), content);
  } catch (...) {
    failure = std::current_exception();
  }
}

void PageImages::drawImageMask(GfxState*, Object*, Stream* stream, int width, int height, bool invert, bool, bool) {
  if (!is_wanted(width, height)) return;
  Shrinker image(width, height);
  std::vector<unsigned char> gray(static_cast<size_t>(width));
  ImageStream pixels(stream, width, 1, 1);
  pixels.reset();
  for (int y = 0; y < height; ++y) {
    const unsigned char* line = pixels.getLine();
    if (line == nullptr) break;
    for (size_t x = 0; x < gray.size(); ++x) gray[x] = (line[x] != 0) != invert ? 0xFF : 0;
    image.put(gray.data());
  }
  pixels.close();
  give(image.take());
}

void PageImages::drawImage(GfxState*, Object*, Stream* stream, int width, int height, GfxImageColorMap* colors, bool,
                           const int*, bool) {
  if (!is_wanted(width, height)) return;
  Shrinker image(width, height);
  std::vector<unsigned char> gray(static_cast<size_t>(width));
  ImageStream pixels(stream, width, colors->getNumPixelComps(), colors->getBits());
  pixels.reset();
  for (int y = 0; y < height; ++y) {
    unsigned char* line = pixels.getLine();
    if (line == nullptr) break;
    colors->getGrayLine(line, gray.data(), width);
    image.put(gray.data());
  }
  pixels.close();
  give(image.take());
}

void PageImages::drawMaskedImage(GfxState* state, Object* reference, Stream* stream, int width, int height,
                                 GfxImageColorMap* colors, bool interpolate, Stream*, int, int, bool, bool) {
  drawImage(state, reference, stream, width, height, colors, interpolate, nullptr, false);
}

void PageImages::drawSoftMaskedImage(GfxState* state, Object* reference, Stream* stream, int width, int height,
                                     GfxImageColorMap* colors, bool interpolate, Stream*, int, int, GfxImageColorMap*,
                                     bool) {
  drawImage(state, reference, stream, width, height, colors, interpolate, nullptr, false);
}

}  // namespace assay::extract
