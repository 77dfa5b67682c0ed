#include "extract/text/charset_converter.h"

#include <unicode/utf8.h>

#include <algorithm>

#include "extract/text/utf8.h"

namespace assay::extract {
namespace {

constexpr size_t output_bytes = size_t{64} << 10;

}  // namespace

CharsetConverter::CharsetConverter(Converter source) : source_(std::move(source)), target_(open_converter("utf-8")) {
  const UConverterType type = ucnv_getType(source_.get());
  has_table_ = type == UCNV_SBCS || type == UCNV_LATIN_1 || type == UCNV_US_ASCII;
  if (has_table_) fill_table();
}

void CharsetConverter::convert(std::string_view bytes, bool last, const Emit& emit) {
  // Short strings come by the thousand; they need no large buffer.
  const size_t wanted = std::min(output_bytes, bytes.size() * 4 + 64);
  if (output_.size() < wanted) output_.resize(wanted);
  if (has_table_) {
    look_up(bytes, emit);
  } else {
    stream(bytes, last, emit);
  }
}

void CharsetConverter::fill_table() {
  for (size_t byte = 0; byte < table_.size(); ++byte) {
    const char source = static_cast<char>(byte);
    const char* from = &source;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_reset(source_.get());
    const UChar32 c = ucnv_getNextUChar(source_.get(), &from, &source + 1, &status);
    Character& entry = table_[byte];
    int32_t length = 0;
    U8_APPEND_UNSAFE(entry.utf8.data(), length, U_SUCCESS(status) ? c : 0xFFFD);
    entry.length = static_cast<uint8_t>(length);
    keeps_ascii_ = keeps_ascii_ && (byte >= 0x80 || (length == 1 && entry.utf8[0] == source));
  }
}

void CharsetConverter::look_up(std::string_view bytes, const Emit& emit) {
  size_t used = 0;
  for (size_t at = 0; at < bytes.size();) {
    const size_t room = output_.size() - used;
    if (room < 4) {
      emit(std::string_view(output_).substr(0, used));
      used = 0;
      continue;
    }
    const size_t ascii = keeps_ascii_ ? std::min(ascii_prefix(bytes.substr(at)), room) : 0;
    if (ascii > 0) {
      std::copy_n(bytes.data() + at, ascii, output_.data() + used);
      at += ascii;
      used += ascii;
      continue;
    }
    const Character& entry = table_[static_cast<uint8_t>(bytes[at++])];
    std::copy_n(entry.utf8.data(), entry.utf8.size(), output_.data() + used);
    used += entry.length;
  }
  if (used > 0) emit(std::string_view(output_).substr(0, used));
}

void CharsetConverter::stream(std::string_view bytes, bool last, const Emit& emit) {
  const char* from = bytes.data();
  const char* const from_end = from + bytes.size();
  while (true) {
    char* to = output_.data();
    UErrorCode status = U_ZERO_ERROR;
    ucnv_convertEx(target_.get(), source_.get(), &to, output_.data() + output_.size(), &from, from_end, pivot_.data(),
                   &pivot_source_, &pivot_target_, pivot_.data() + pivot_.size(), false, last, &status);
    const auto produced = static_cast<size_t>(to - output_.data());
    if (produced > 0) emit(std::string_view(output_).substr(0, produced));
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_SUCCESS(status) || from >= from_end) return;
    ++from;  // a converter that gives up on a byte is asked again behind it
  }
}

}  // namespace assay::extract
