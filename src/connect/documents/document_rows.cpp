#include "connect/documents/document_rows.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "connect/object_store/digest.h"

namespace assay::connect {
namespace {

namespace json = boost::json;

constexpr size_t most_sampled = 1000;
constexpr size_t most_sampled_bytes = size_t{8} << 20;
constexpr size_t most_columns = 2000;
constexpr size_t most_type_bytes = 100;

size_t bytes_of(const Document& document) {
  size_t bytes = 0;
  for (const DocumentCell& cell : document) bytes += sizeof cell + cell.path.size() + cell.bytes.size();
  return bytes;
}

// `"path": value`; JSON stands as it is.
void append_member(const DocumentCell& cell, std::string& object) {
  object += object.empty() ? "{" : ", ";
  object += json::serialize(json::string(cell.path)) + ": ";
  switch (cell.kind) {
    case model::CellKind::json: object += cell.bytes; break;
    case model::CellKind::binary: object += json::serialize(json::string(base64(cell.bytes))); break;
    default: object += json::serialize(json::string(cell.bytes));
  }
}

// "string, number": whether a name is among those of a list.
bool names(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(", "), list.size());
    if (list.substr(0, end) == name) return true;
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return false;
}

void add_type(std::string& types, std::string_view type) {
  if (names(types, type) || types.size() > most_type_bytes) return;
  types += (types.empty() ? "" : ", ") + std::string(type);
}

}  // namespace

DocumentSample take_sample(DocumentSource& source) {
  DocumentSample sample;
  size_t bytes = 0;
  while (sample.documents.size() < most_sampled && bytes < most_sampled_bytes) {
    Document document;
    try {
      if (!source.next(document)) {
        sample.is_all = true;
        return sample;
      }
    } catch (...) {
      if (sample.documents.empty()) throw;
      sample.failure = std::current_exception();
      return sample;
    }
    bytes += bytes_of(document);
    sample.documents.push_back(std::move(document));
  }
  return sample;
}

DocumentColumns::DocumentColumns(const DocumentSample& sample, const Comments& comments) : has_rest_(!sample.is_all) {
  for (const Document& document : sample.documents) {
    std::vector<size_t> places;
    for (const DocumentCell& cell : document) {
      auto found = place_of_.find(cell.path);
      if (found == place_of_.end()) {
        if (columns_.size() == most_columns || cell.path.size() > max_path_bytes || cell.path == rest_column) {
          has_rest_ = true;
          continue;
        }
        found = place_of_.emplace(cell.path, columns_.size()).first;
        const auto comment = comments.find(cell.path);
        columns_.push_back({cell.path, {}, comment == comments.end() ? "" : comment->second});
      }
      add_type(columns_[found->second].native_type, cell.type);
      places.push_back(found->second);
    }
    std::ranges::sort(places);
    has_rest_ = has_rest_ || std::ranges::adjacent_find(places) != places.end();
  }
  if (has_rest_) columns_.push_back({std::string(rest_column), "json", {}});
}

std::vector<model::ColumnDescription> DocumentColumns::described() const {
  std::vector<model::ColumnDescription> list;
  list.reserve(columns_.size());
  for (const model::StreamColumn& column : columns_)
    list.push_back({.name = column.name, .native_type = column.native_type, .comment = column.comment});
  return list;
}

void DocumentColumns::append_row(const Document& document, std::string& out) const {
  std::vector<const DocumentCell*> cells(columns_.size(), nullptr);
  std::string rest;
  for (const DocumentCell& cell : document) {
    const auto found = place_of_.find(cell.path);
    if (found == place_of_.end() || cells[found->second] != nullptr) append_member(cell, rest);
    else cells[found->second] = &cell;
  }
  model::RowStreamWriter writer(out);
  writer.begin_row();
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (has_rest_ && i + 1 == columns_.size()) break;
    if (cells[i] == nullptr) writer.null();
    else writer.cell(cells[i]->kind, cells[i]->bytes);
  }
  if (!has_rest_) return;
  if (rest.empty()) writer.null();
  else writer.cell(model::CellKind::json, rest + "}");
}

bool DocumentRows::next(Document& document) {
  document.clear();
  if (sample_.documents.empty()) {
    if (sample_.failure) std::rethrow_exception(std::exchange(sample_.failure, nullptr));
    sample_.is_all = sample_.is_all || !source_->next(document);  // a source that has ended is not asked again
    return !sample_.is_all;
  }
  document = std::move(sample_.documents.front());
  sample_.documents.pop_front();
  return true;
}

void DocumentRows::append_round_end(const SampleRounds& rounds, std::string& out) {
  model::RowStreamWriter(out).end_round(rounds.is_random(), rounds.certainty(), rounds.of_rows());
}

/// At the end of a round; false when there is no other.
bool DocumentRows::begin_round(std::string& out) {
  if (!rounds_ || !rounds_->is_random()) return false;
  append_round_end(*rounds_, out);
  RowChoice choice;
  if (!rounds_->next(choice)) return false;
  source_->begin_round(choice.sample_rows);
  sample_.is_all = false;
  return true;
}

bool DocumentRows::append_rows(std::string& out) {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  Document document;
  try {
    while (!is_at_end_ && out.size() < batch_bytes) {
      if (!next(document)) {
        is_at_end_ = !begin_round(out);
        continue;
      }
      columns_.append_row(document, out);
      if (rounds_ && rounds_->ends_behind(++rows_)) append_round_end(*rounds_, out);
    }
  } catch (...) {
    if (out.empty()) throw;
    failure_ = std::current_exception();  // what was read before stands, and goes first
  }
  return !out.empty();
}

}  // namespace assay::connect
