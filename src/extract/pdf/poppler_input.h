#pragma once

#include <Object.h>
#include <Stream.h>

#include <exception>

#include "extract/input.h"

namespace assay::extract {

/// What poppler reads through. Poppler does not expect exceptions, so the first is kept here and the stream ends.
struct PdfSource {
  Input* input = nullptr;
  std::exception_ptr failure;

  void rethrow_failure() {
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  }
};

/// Poppler's view of an input or of a part of it. `source` must outlive it.
class PopplerInput final : public BaseSeekInputStream {
 public:
  PopplerInput(PdfSource& source, Goffset start, bool limited, Goffset length, Object&& dict);
  ~PopplerInput() override;

  BaseStream* copy() override;
  Stream* makeSubStream(Goffset start, bool limited, Goffset length, Object&& dict) override;

 private:
  Goffset currentPos() const override { return position_; }
  void setCurrentPos(Goffset offset) override { position_ = offset; }
  Goffset read(char* buffer, Goffset size) override;

  PdfSource& source_;
  Goffset position_ = 0;
};

}  // namespace assay::extract
