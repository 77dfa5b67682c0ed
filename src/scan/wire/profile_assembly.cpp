#include "scan/wire/profile_assembly.h"

#include <iterator>
#include <utility>

#include "core/error.h"

namespace assay::scan {

std::optional<model::TableProfile> ProfileAssembly::add(ProfilePiece&& piece) {
  columns_ += piece.table.columns.size() + (piece.is_first ? 1 : 0);
  const size_t so_far = table_ ? table_->columns.size() : 0;
  if (piece.is_first == table_.has_value() || so_far + piece.table.columns.size() > max_profiled_columns ||
      columns_ > max_profiled_columns_of_an_object) {
    table_.reset();
    throw core::Error(core::ErrorKind::permanent, "a malformed message came from an examiner");
  }
  if (piece.is_first) table_ = std::move(piece.table);
  else
    table_->columns.insert(table_->columns.end(), std::make_move_iterator(piece.table.columns.begin()),
                           std::make_move_iterator(piece.table.columns.end()));
  if (!piece.is_last) return std::nullopt;
  return std::exchange(table_, std::nullopt);
}

}  // namespace assay::scan
