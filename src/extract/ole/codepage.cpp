#include "extract/ole/codepage.h"

#include <fmt/format.h>
#include <unicode/ucnv.h>

#include <memory>
#include <string>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

std::string converter_name(uint32_t codepage) {
  switch (codepage) {
    case 10000: return "macintosh";
    case 20127: return "us-ascii";
    case 20866: return "koi8-r";
    case 21866: return "koi8-u";
    case 51932: return "euc-jp";
    case 51949: return "euc-kr";
    case 54936: return "gb18030";
    default: break;
  }
  if (codepage >= 28591 && codepage <= 28605) return fmt::format("iso-8859-{}", codepage - 28590);
  if (codepage == 874 || codepage >= 932) return fmt::format("windows-{}", codepage);
  return fmt::format("ibm-{}", codepage);
}

}  // namespace

std::string codepage_to_utf8(std::string_view bytes, uint32_t codepage) {
  if (codepage == 1200) return utf16le_to_utf8(bytes);
  if (codepage == 1201) return utf16be_to_utf8(bytes);
  if (codepage == 65001) return valid_utf8(bytes);
  if (codepage == 0 || codepage == 1252) return windows1252_to_utf8(bytes);
  UErrorCode status = U_ZERO_ERROR;
  const Converter converter(ucnv_open(converter_name(codepage).c_str(), &status));
  if (U_FAILURE(status)) return windows1252_to_utf8(bytes);
  std::u16string wide(bytes.size() * 2 + 1, u'\0');
  const int32_t length = ucnv_toUChars(converter.get(), wide.data(), static_cast<int32_t>(wide.size()), bytes.data(),
                                       static_cast<int32_t>(bytes.size()), &status);
  if (U_FAILURE(status)) return windows1252_to_utf8(bytes);
  return utf16le_to_utf8({reinterpret_cast<const char*>(wide.data()), static_cast<size_t>(length) * 2});
}

}  // namespace assay::extract
