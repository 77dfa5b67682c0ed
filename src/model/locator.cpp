#include "model/locator.h"

#include <fmt/format.h>

namespace assay::model {

std::string describe(const Locator& locator) {
  std::string text = locator.member;
  auto add = [&text](const std::string& piece) {
    if (!text.empty()) text += ' ';
    text += piece;
  };
  if (!locator.part.empty()) add("[" + locator.part + "]");
  if (locator.page != 0) add(fmt::format("page {}", locator.page));
  if (!locator.table.empty()) add(locator.table);
  if (!locator.cell.empty()) {
    add(locator.cell);
  } else if (locator.row != 0) {
    add(fmt::format("row {}", locator.row));
  }
  if (!locator.column.empty()) add("(" + locator.column + ")");
  if (locator.line_column != 0) {
    add(fmt::format("{}:{}", locator.line, locator.line_column));
  } else if (locator.line != 0 && locator.line != locator.row) {
    add(fmt::format("line {}", locator.line));
  }
  return text;
}

}  // namespace assay::model
