// The rows of a database's table, and what lies nested in their cells.
#include "extract/nested/unfolding_sink.h"
#include "extract/rows/rows.h"

#include "fuzz/harness.h"
#include "model/row_stream.h"

namespace {

void extract_unfolded(assay::extract::Input& input, const assay::extract::Context& context,
                      assay::extract::Sink& sink) {
  assay::extract::UnfoldingSink unfolding(sink);
  assay::extract::extract_rows(input, context, unfolding);
}

// The input as a cell of each kind, next to one that is always taken apart.
std::string table_of(std::string_view cell) {
  using assay::model::CellKind;
  std::string out;
  assay::model::RowStreamWriter writer(out);
  const assay::model::StreamColumn columns[] = {
      {"j", "jsonb", ""}, {"x", "xml", ""}, {"a", "text[]", ""}, {"b", "json[]", ""}, {"…", "json", ""}};
  writer.header("t", columns);
  for (int row = 0; row < 2; ++row) {
    writer.begin_row();
    for (int i = 0; i < 4; ++i) writer.cell(CellKind::text, cell);
    writer.cell(CellKind::json, row == 0 ? cell : R"({"j": 1, "k.l": [2, {"12345": 3}]})");
  }
  writer.end();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  const auto bytes = fuzz::as_text(data, size);
  fuzz::extract_bytes({extract::Format::rows, extract_unfolded}, "table", bytes);
  // Most inputs would not get past the beginning.
  fuzz::extract_bytes({extract::Format::rows, extract_unfolded}, "table",
                      std::string(model::row_stream_magic) + std::string(bytes));
  if (size < model::max_cell_bytes)
    fuzz::extract_bytes({extract::Format::rows, extract_unfolded}, "table", table_of(bytes));
  return 0;
}
