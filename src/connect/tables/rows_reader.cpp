#include "connect/tables/rows_reader.h"

#include <algorithm>

namespace assay::connect {

size_t RowsReader::read(std::span<char> out) {
  while (given_ == waiting_.size()) {
    if (is_at_end_) return 0;
    waiting_.clear();
    given_ = 0;
    if (append_rows(waiting_)) continue;
    model::RowStreamWriter writer(waiting_);
    const std::string limit = cut_by(), unread = left_unread();
    if (!limit.empty()) writer.end_by_limit(limit);
    else if (!unread.empty()) writer.end_without(unread);
    else writer.end();
    is_at_end_ = true;
  }
  const size_t n = std::min(out.size(), waiting_.size() - given_);
  std::copy_n(waiting_.data() + given_, n, out.data());
  given_ += n;
  return n;
}

}  // namespace assay::connect
