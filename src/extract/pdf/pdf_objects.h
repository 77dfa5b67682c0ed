#pragma once

#include <Object.h>

#include <set>
#include <string>
#include <string_view>

class GooString;
class Stream;

namespace assay::extract {

/// A PDF text string (ISO 32000-1, 7.9.2.2) as UTF-8: UTF-16 or UTF-8 by its mark, else PDFDocEncoding.
std::string pdf_text(const std::string& bytes);

/// A string as text, a name or number as written, a stream's decoded bytes as text (at most `max_stream_bytes`), the
/// elements of an array joined by ", "; empty for anything else.
std::string object_text(const Object& object, size_t max_stream_bytes = size_t{1} << 20);

/// Decoded bytes of a stream, at most `max_bytes`.
std::string stream_bytes(Stream& stream, size_t max_bytes);

/// Guards walks through objects that may refer to each other in circles.
class Visited {
 public:
  explicit Visited(size_t max_objects = 200'000) : left_(max_objects) {}
  /// False when the reference was seen before or too many objects were.
  bool first_time(const Object& maybe_reference);
  bool exhausted() const noexcept { return left_ == 0; }
  bool contains(const Object& maybe_reference) const;

 private:
  std::set<Ref> seen_;
  size_t left_;
};

inline constexpr int max_object_depth = 64;

}  // namespace assay::extract
