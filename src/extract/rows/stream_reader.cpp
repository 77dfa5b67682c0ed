#include "extract/rows/stream_reader.h"

#include "extract/failure.h"

namespace assay::extract {

void StreamReader::refill() {
  const size_t n = input_.read_at(offset_, buffer_);
  if (n == 0) throw Failure(model::VerdictKind::partial, "the rows ended early");
  offset_ += n;
  begin_ = 0;
  end_ = n;
}

}  // namespace assay::extract
