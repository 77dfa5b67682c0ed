#pragma once

#include <OutputDev.h>

#include <exception>
#include <string>

#include "extract/extractor.h"

namespace assay::extract {

/// An output device that gives the images of a page as members "page N image K", as gray BMP files, for the text in
/// them to be read. What the sink throws is kept in `failure`, since poppler does not expect exceptions.
class PageImages final : public OutputDev {
 public:
  PageImages(int page, Sink& sink) : page_(page), sink_(sink) {}

  std::exception_ptr failure;

  bool upsideDown() override { return true; }
  bool useDrawChar() override { return false; }
  bool interpretType3Chars() override { return false; }

  void drawImageMask(GfxState*, Object*, Stream* stream, int width, int height, bool invert, bool, bool) override;
  void drawImage(GfxState*, Object*, Stream* stream, int width, int height, GfxImageColorMap* colors, bool, const int*,
                 bool) override;
  void drawMaskedImage(GfxState*, Object*, Stream* stream, int width, int height, GfxImageColorMap* colors, bool,
                       Stream*, int, int, bool, bool) override;
  void drawSoftMaskedImage(GfxState*, Object*, Stream* stream, int width, int height, GfxImageColorMap* colors, bool,
                           Stream*, int, int, GfxImageColorMap*, bool) override;

 private:
  bool is_wanted(int width, int height);
  void give(const std::string& bmp);

  int page_;
  Sink& sink_;
  int given_ = 0;
};

}  // namespace assay::extract
