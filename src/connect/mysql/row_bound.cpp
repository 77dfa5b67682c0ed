#include "connect/mysql/row_bound.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/row_stream.h"

namespace assay::connect::mysql {
namespace {

constexpr uint64_t most_row_bytes = uint64_t{40} << 20;
// So many cells of any length fit into a row.
constexpr size_t most_unmeasured = most_row_bytes / model::max_cell_bytes;
// To look at the length of each column for each of them costs little until there are many.
constexpr size_t most_measured = 64;

size_t count_of_long(const DescribedTable& table) {
  return static_cast<size_t>(
      std::ranges::count_if(table.plans, [](const ColumnPlan& plan) { return !plan.length.empty(); }));
}

}  // namespace

RowBound bound_of_rows(const DescribedTable& table) {
  const size_t count = count_of_long(table);
  if (count <= most_unmeasured) return {.expression = {}, .most_bytes = model::max_cell_bytes};
  const uint64_t part = most_row_bytes / count;
  if (count > most_measured) return {.expression = {}, .most_bytes = part};
  std::string sum;
  for (const ColumnPlan& plan : table.plans)
    if (!plan.length.empty())
      sum += fmt::format("{}LEAST(COALESCE({}, 0), {})", sum.empty() ? "" : " + ", plan.length, model::max_cell_bytes);
  return {.expression = fmt::format("IF({} > {}, {}, {})", sum, most_row_bytes, part, model::max_cell_bytes),
          .most_bytes = model::max_cell_bytes};
}

std::string select_list(const DescribedTable& table) {
  const RowBound bound = bound_of_rows(table);
  const std::string most = bound.expression.empty() ? std::to_string(bound.most_bytes) : bound.expression;
  std::string list = bound.expression;
  for (const ColumnPlan& plan : table.plans) {
    if (!list.empty()) list += ", ";
    for (const char c : plan.expression)
      if (c == most_bytes_here) list += most;
      else list += c;
  }
  return list;
}

}  // namespace assay::connect::mysql
