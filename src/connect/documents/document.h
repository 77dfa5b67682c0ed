#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/row_stream.h"

namespace assay::connect {

/// One value of a document, under the path that leads to it: "address.city".
struct DocumentCell {
  std::string path;
  model::CellKind kind = model::CellKind::text;
  std::string bytes;
  std::string_view type;  ///< as its source calls it: "string", "objectId"; a literal
};

/// The values of a record of an API or of a document of a collection, nested objects taken apart. What is null is not
/// among them.
using Document = std::vector<DocumentCell>;

/// Objects below this depth are not taken apart, but cells that hold JSON.
inline constexpr size_t max_document_depth = 8;

/// Nor are objects with a path of more bytes, which no column has.
inline constexpr size_t max_path_bytes = 1024;

/// Each value repeats the path of the object it is in: how many bytes one document may still spend on that. A long name
/// above many values would else take far more memory than the document.
class PathBytes {
 public:
  /// Whether an object with that path is to be taken apart into so many values, which is then paid for.
  bool take(size_t path_bytes, size_t values) noexcept {
    if (path_bytes > max_path_bytes || values > left_ / (path_bytes + 1)) return false;
    left_ -= (path_bytes + 1) * values;
    return true;
  }

 private:
  size_t left_ = size_t{8} << 20;
};

/// Documents one after another.
class DocumentSource {
 public:
  virtual ~DocumentSource() = default;
  /// False at the end; `document` is empty at first. Throws as ObjectReader::read() does.
  virtual bool next(Document& document) = 0;
  /// Behind the end of a round of a sample that is chosen at random: begins another one, of about so many documents.
  virtual void begin_round(uint64_t documents) { static_cast<void>(documents); }
};

}  // namespace assay::connect
