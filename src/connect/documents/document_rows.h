#pragma once

#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connect/documents/document.h"
#include "connect/tables/rows_reader.h"
#include "connect/tables/sample_rounds.h"
#include "model/table.h"

namespace assay::connect {

/// The column of what has no column of its own: JSON, an object of paths and values.
inline constexpr std::string_view rest_column = "…";

/// The first documents of a table, which say what its columns are.
struct DocumentSample {
  std::deque<Document> documents;
  bool is_all = false;         ///< there are no more
  std::exception_ptr failure;  ///< what ended them, to be thrown when they were given
};

/// Reads up to a thousand documents, or 8 MiB of them. Throws what stopped it before the first.
DocumentSample take_sample(DocumentSource& source);

/// What a source says of its columns, by path.
using Comments = std::map<std::string, std::string>;

/// The columns of documents: those of the paths that a sample has, in the order in which they are met, up to a bound;
/// and a last one for the rest unless the sample is all there is and had room.
class DocumentColumns {
 public:
  explicit DocumentColumns(const DocumentSample& sample, const Comments& comments = {});

  const std::vector<model::StreamColumn>& columns() const noexcept { return columns_; }
  /// The same as a description, without what only the source knows. The type of a column with values of several types
  /// names them all.
  std::vector<model::ColumnDescription> described() const;
  /// Appends a row. A value whose path has no column, or a second one of the same path, goes to the last column.
  void append_row(const Document& document, std::string& out) const;

 private:
  std::vector<model::StreamColumn> columns_;
  std::unordered_map<std::string, size_t> place_of_;
  bool has_rest_ = false;
};

/// Documents as rows: those of the sample, then the source's. With `rounds`, of which the first was begun, they are a
/// sample that ends when it is enough.
class DocumentRows final : public RowsReader {
 public:
  DocumentRows(std::string_view table, DocumentSample sample, std::unique_ptr<DocumentSource> source,
               const Comments& comments = {}, std::optional<SampleRounds> rounds = std::nullopt)
      : DocumentRows(table, DocumentColumns(sample, comments), std::move(sample), std::move(source), rounds) {}

 protected:
  bool append_rows(std::string& out) override;

 private:
  DocumentRows(std::string_view table, DocumentColumns columns, DocumentSample&& sample,
               std::unique_ptr<DocumentSource> source, std::optional<SampleRounds> rounds)
      : RowsReader(table, columns.columns()),
        columns_(std::move(columns)),
        sample_(std::move(sample)),
        source_(std::move(source)),
        rounds_(rounds) {}
  static void append_round_end(const SampleRounds& rounds, std::string& out);
  bool begin_round(std::string& out);
  bool next(Document& document);

  DocumentColumns columns_;
  DocumentSample sample_;
  std::unique_ptr<DocumentSource> source_;
  std::optional<SampleRounds> rounds_;
  uint64_t rows_ = 0;
  bool is_at_end_ = false;
  std::exception_ptr failure_;
};

}  // namespace assay::connect
