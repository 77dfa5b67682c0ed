#include "extract/text/icu_converter.h"

#include <unicode/udata.h>

namespace assay::extract {

Converter open_converter(const std::string& name) {
  static const bool files_forbidden = [] {
    UErrorCode status = U_ZERO_ERROR;
    udata_setFileAccess(UDATA_NO_FILES, &status);
    return U_SUCCESS(status);
  }();
  if (!files_forbidden) return nullptr;
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &status));
  return U_SUCCESS(status) ? std::move(converter) : nullptr;
}

}  // namespace assay::extract
