#pragma once

#include <unicode/ucnv.h>

#include <memory>
#include <string>

namespace assay::extract {

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

/// Opens an ICU converter from the data that is linked in; null when there is none of that name. ICU is told never to
/// look for files: the process that extracts may not open any.
Converter open_converter(const std::string& name);

}  // namespace assay::extract
