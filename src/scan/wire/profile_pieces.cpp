#include <algorithm>
#include <array>
#include <cmath>

#include "scan/wire/protocol.h"
#include "scan/wire/values.h"

namespace assay::scan {
namespace {

// A piece ends with the column that makes it longer than this. A locator is at most some 36 KiB, a column 5 KiB.
constexpr size_t full_piece_bytes = size_t{16} << 10;

constexpr size_t max_name_bytes = 1024, max_comment_bytes = 2048, max_text_bytes = 256;
constexpr size_t max_listed = 32, quantile_count = 7;
constexpr std::array<std::string_view, 9> types = {"",     "text",      "integer", "number", "boolean",
                                                   "date", "timestamp", "time",    "uuid"};

void put(WireWriter& w, const std::optional<double>& number) {
  w.flag(number.has_value());
  w.f64(number.value_or(0));
}

void put(WireWriter& w, const std::vector<model::ValueCount>& list) {
  w.u32(static_cast<uint32_t>(list.size()));
  for (const auto& one : list) {
    w.text(one.text);
    w.u64(one.count);
  }
}

void put(WireWriter& w, const model::ColumnProfile& c) {
  w.text(c.name);
  w.text(c.native_type);
  w.text(c.comment);
  for (const uint64_t n : {c.rows, c.nulls, c.empty, c.null_tokens}) w.u64(n);
  w.f64(c.distinct);
  w.flag(c.distinct_is_exact);
  w.text(c.type);
  w.u64(c.conforming);
  w.u64(c.valid);
  w.text(c.entity);
  w.f64(c.confidence);
  for (const auto& number : {c.minimum, c.maximum, c.mean, c.deviation}) put(w, number);
  w.u32(static_cast<uint32_t>(c.quantiles.size()));
  for (const double q : c.quantiles) w.f64(q);
  for (const uint64_t n : {c.outliers, c.shortest, c.longest}) w.u64(n);
  w.f64(c.mean_length);
  put(w, c.top_values);
  put(w, c.patterns);
  w.flag(c.newest_s.has_value());
  w.u64(static_cast<uint64_t>(c.newest_s.value_or(0)));
}

double finite(WireReader& r) {
  const double number = r.f64();
  if (!std::isfinite(number)) malformed();
  return number;
}

std::optional<double> take_number(WireReader& r) {
  const bool is_there = r.flag();
  const double number = finite(r);
  return is_there ? std::optional(number) : std::nullopt;
}

std::vector<model::ValueCount> take_counts(WireReader& r) {
  const uint32_t size = r.u32();
  if (size > max_listed) malformed();
  std::vector<model::ValueCount> list(size);
  for (auto& one : list) {
    one.text = shown(r, max_text_bytes);
    one.count = r.u64();
  }
  return list;
}

model::ColumnProfile take_column_profile(WireReader& r) {
  model::ColumnProfile c;
  c.name = shown(r, max_name_bytes);
  c.native_type = shown(r, max_name_bytes);
  c.comment = shown(r, max_comment_bytes);
  for (uint64_t* n : {&c.rows, &c.nulls, &c.empty, &c.null_tokens}) *n = r.u64();
  c.distinct = finite(r);
  c.distinct_is_exact = r.flag();
  c.type = r.text();
  if (std::ranges::find(types, c.type) == types.end() || c.distinct < 0) malformed();
  c.conforming = r.u64();
  c.valid = r.u64();
  c.entity = shown(r, max_name_bytes);
  c.confidence = finite(r);
  for (auto* number : {&c.minimum, &c.maximum, &c.mean, &c.deviation}) *number = take_number(r);
  const uint32_t quantiles = r.u32();
  if (quantiles != 0 && quantiles != quantile_count) malformed();
  for (uint32_t i = 0; i < quantiles; ++i) c.quantiles.push_back(finite(r));
  for (uint64_t* n : {&c.outliers, &c.shortest, &c.longest}) *n = r.u64();
  c.mean_length = finite(r);
  c.top_values = take_counts(r);
  c.patterns = take_counts(r);
  const bool has_newest = r.flag();
  const auto newest = static_cast<int64_t>(r.u64());
  if (has_newest) c.newest_s = newest;
  return c;
}

void put_head(const model::TableProfile& table, bool is_first, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::profile));
  w.flag(is_first);
  if (!is_first) return;
  scan::put(w, table.locator);
  w.u64(table.rows);
  w.flag(table.is_sample);
}

void put_column(const model::ColumnProfile& column, std::string& out) {
  WireWriter w(out);
  w.flag(true);
  put(w, column);
}

void put_end(bool is_last, std::string& out) {
  WireWriter w(out);
  w.flag(false);
  w.flag(is_last);
}

}  // namespace

void encode(const ProfilePiece& piece, std::string& out) {
  put_head(piece.table, piece.is_first, out);
  for (const auto& column : piece.table.columns) put_column(column, out);
  put_end(piece.is_last, out);
}

std::vector<std::string> encode(const model::TableProfile& profile) {
  std::vector<std::string> pieces(1);
  put_head(profile, true, pieces.back());
  size_t begun = pieces.back().size();
  for (size_t i = 0; i < profile.columns.size(); ++i) {
    if (pieces.back().size() - begun > full_piece_bytes) {
      put_end(false, pieces.back());
      put_head(profile, false, pieces.emplace_back());
      begun = pieces.back().size();
    }
    put_column(profile.columns[i], pieces.back());
  }
  put_end(true, pieces.back());
  return pieces;
}

ProfilePiece take_profile_piece(WireReader& r) {
  ProfilePiece piece;
  piece.is_first = r.flag();
  if (piece.is_first) {
    piece.table.locator = take_locator(r);
    piece.table.rows = r.u64();
    piece.table.is_sample = r.flag();
  }
  while (r.flag()) piece.table.columns.push_back(take_column_profile(r));
  piece.is_last = r.flag();
  return piece;
}

}  // namespace assay::scan
