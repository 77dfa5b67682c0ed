#pragma once

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

/// Documents one after another.
class DocumentSource {
 public:
  virtual ~DocumentSource() = default;
  /// False at the end; `document` is empty at first. Throws as ObjectReader::read() does.
  virtual bool next(Document& document) = 0;
};

}  // namespace assay::connect
