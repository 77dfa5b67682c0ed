#include "extract/pdf/pdf_objects.h"

#include <Array.h>
#include <PDFDocEncoding.h>
#include <Stream.h>
#include <fmt/format.h>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr int max_array_elements = 10'000;

std::string array_text(const Array& array, size_t max_stream_bytes) {
  std::string all;
  for (int i = 0; i < std::min(array.getLength(), max_array_elements); ++i) {
    const Object element = array.get(i);
    if (element.isArray()) continue;
    const std::string one = object_text(element, max_stream_bytes);
    if (!all.empty() && !one.empty()) all += ", ";
    all += one;
  }
  return all;
}

}  // namespace

std::string pdf_text(const std::string& bytes) {
  const std::string_view view(bytes);
  if (view.starts_with("\xFE\xFF")) return utf16be_to_utf8(view.substr(2));
  if (view.starts_with("\xFF\xFE")) return utf16le_to_utf8(view.substr(2));
  if (view.starts_with("\xEF\xBB\xBF")) return valid_utf8(view.substr(3));
  std::string out;
  for (const char c : view) {
    const Unicode unicode = pdfDocEncoding[static_cast<uint8_t>(c)];
    if (unicode != 0) append_utf8(out, unicode);
  }
  return out;
}

std::string object_text(const Object& object, size_t max_stream_bytes) {
  if (object.isString()) return pdf_text(object.getString()->toStr());
  if (object.isName()) return valid_utf8(object.getName());
  if (object.isInt()) return std::to_string(object.getInt());
  if (object.isInt64()) return std::to_string(object.getInt64());
  if (object.isReal()) return fmt::format("{}", object.getReal());
  if (object.isStream()) return pdf_text(stream_bytes(*object.getStream(), max_stream_bytes));
  if (object.isArray()) return array_text(*object.getArray(), max_stream_bytes);
  return {};
}

std::string stream_bytes(Stream& stream, size_t max_bytes) {
  std::string out;
  unsigned char buffer[4096];
  stream.reset();
  while (out.size() < max_bytes) {
    const int n = stream.doGetChars(static_cast<int>(std::min(sizeof buffer, max_bytes - out.size())), buffer);
    if (n <= 0) break;
    out.append(reinterpret_cast<const char*>(buffer), static_cast<size_t>(n));
  }
  stream.close();
  return out;
}

bool Visited::first_time(const Object& object) {
  if (left_ == 0) return false;
  --left_;
  return !object.isRef() || seen_.insert(object.getRef()).second;
}

bool Visited::contains(const Object& object) const { return object.isRef() && seen_.contains(object.getRef()); }

}  // namespace assay::extract
