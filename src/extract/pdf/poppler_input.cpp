#include "extract/pdf/poppler_input.h"

#include <span>

namespace assay::extract {

PopplerInput::PopplerInput(PdfSource& source, Goffset start_offset, bool is_limited, Goffset byte_length,
                           Object&& dict_object)
    : BaseSeekInputStream(start_offset, is_limited, byte_length, std::move(dict_object)), source_(source) {}

PopplerInput::~PopplerInput() { close(); }

BaseStream* PopplerInput::copy() { return new PopplerInput(source_, start, limited, length, dict.copy()); }

Stream* PopplerInput::makeSubStream(Goffset start_offset, bool is_limited, Goffset byte_length, Object&& dict_object) {
  return new PopplerInput(source_, start_offset, is_limited, byte_length, std::move(dict_object));
}

Goffset PopplerInput::read(char* buffer, Goffset size) {
  if (source_.failure || position_ < 0 || size <= 0) return 0;
  try {
    const size_t n =
        source_.input->read_at(static_cast<uint64_t>(position_), std::span(buffer, static_cast<size_t>(size)));
    position_ += static_cast<Goffset>(n);
    return static_cast<Goffset>(n);
  } catch (...) {
    source_.failure = std::current_exception();
    return 0;
  }
}

}  // namespace assay::extract
