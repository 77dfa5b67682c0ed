#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench.h"
#include "classify/classifier.h"
#include "classify/scratch.h"

namespace assay::bench {

/// A table's cells in memory, and a file of them as PostgreSQL's and MariaDB's text formats write it.
class Cells {
 public:
  using Row = std::array<std::string_view, mixed_columns.size()>;

  Cells(const std::string& file, uint64_t rows, uint64_t every);
  uint64_t rows() const { return rows_; }
  Row row(uint64_t n) const;

 private:
  const uint64_t rows_;
  std::string text_;
  std::vector<size_t> ends_;
};

/// What classifying the cells takes when they lie in memory. One thread, since a table is read from its beginning to
/// its end by one.
class ClassifierAlone {
 public:
  explicit ClassifierAlone(const Cells& cells);
  void operator()();

 private:
  const Cells& cells_;
  classify::Classifier classifier_;
  classify::Scratch scratch_;
};

/// The same, with the cells as a row stream (model/row_stream.h) in memory, which is taken apart first: all that an
/// examiner does, but in this process, and with nothing to wait for.
class StreamAlone {
 public:
  explicit StreamAlone(const Cells& cells);
  void operator()();

 private:
  std::string stream_;
  classify::Classifier classifier_;
  classify::Scratch scratch_;
};

}  // namespace assay::bench
