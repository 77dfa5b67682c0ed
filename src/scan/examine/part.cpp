#include <algorithm>
#include <map>

#include "core/codec.h"
#include "extract/failure.h"
#include "extract/rows/stream_reader.h"
#include "scan/examine/examination.h"

// Tables that several workers read, part by part: what each knows of the columns waits, sealed, until all is there.
namespace assay::scan {
namespace {

constexpr const char* do_not_fit = "what is known of the table's parts does not fit together";

// A table of so many columns has few rows for its size.
constexpr uint32_t most_columns = 20'000;

void put(core::WireWriter& w, const extract::TableInfo& table) {
  w.text(table.name);
  for (const auto* list : {&table.columns, &table.types, &table.comments}) w.texts(*list);
}

extract::TableInfo take_table(core::WireReader& r) {
  extract::TableInfo table;
  table.name = r.text();
  for (auto* list : {&table.columns, &table.types, &table.comments}) *list = r.texts();
  return table;
}

}  // namespace

void Examination::save_part() {
  std::string state;
  core::WireWriter w(state);
  put(w, table_);
  w.u64(listed_.unlisted());
  w.u32(static_cast<uint32_t>(inner_columns_.size()));
  for (const extract::InnerColumn& column : inner_columns_) {
    w.text(column.name);
    w.text(column.key);
    w.u32(column.within);
    w.flag(column.has_elements);
  }
  table_scanner_.save(w);
  w.flag(profiling_.has_value());
  if (profiling_) profiling_->save(w);
  part_state_ = std::move(state);
  rows_of_part_ = last_row_;
}

void Examination::send_part() {
  RangeEnd end;
  end.newlines = rows_of_part_;
  end.is_exact = part_state_.has_value();
  end.met = findings_;
  if (part_state_) {
    const std::string sealed = state_.part_seal.seal(request_.name, *part_state_);
    end.is_exact = sealed.size() <= max_sealed_bytes;
    for (std::string_view rest = end.is_exact ? sealed : std::string_view(); !rest.empty();) {
      frame_.clear();
      encode(SealedPiece{std::string(rest.substr(0, max_piece_bytes))}, frame_);
      reporter_.send(frame_);
      rest.remove_prefix(std::min(rest.size(), max_piece_bytes));
    }
  }
  frame_.clear();
  encode(end, frame_);
  reporter_.send(frame_);
}

void Examination::join_parts(extract::Input& parts) {
  levels_.back().format = to_string(extract::Format::rows);
  try {
    extract::StreamReader in(parts);
    std::map<std::string, uint32_t> inner;  // columns by name
    while (const uint32_t size = in.take_u32()) {
      if (size > max_sealed_bytes) throw extract::Failure(model::VerdictKind::partial, do_not_fit);
      std::string sealed;
      in.append_to(sealed, size);
      const auto state = state_.part_seal.unseal(request_.name, sealed);
      if (!state) throw extract::Failure(model::VerdictKind::partial, "the table's parts were sealed with another key");
      absorb_part(*state, inner);
      reporter_.tick();
    }
    if (in_table_) end_table();
    if (profiling_) profiling_->end();
  } catch (const extract::Failure& failure) {
    levels_.back().verdict = failure.verdict();
  } catch (const core::Error&) {
    levels_.back().verdict = {model::VerdictKind::partial, do_not_fit};
  }
}

void Examination::absorb_part(std::string_view state, std::map<std::string, uint32_t>& known) {
  core::WireReader r(state);
  const extract::TableInfo table = take_table(r);
  if (!in_table_) begin_table(table);
  if (table.columns != table_.columns || table.types != table_.types) core::refuse_saved();
  unlisted_ += r.u64();
  const uint32_t inner = r.u32();
  if (inner > most_columns) core::refuse_saved();
  std::vector<uint32_t> places;
  for (uint32_t i = 0; i < inner; ++i) {
    extract::InnerColumn column;
    column.name = r.text();
    column.key = r.text();
    column.within = r.u32();
    column.has_elements = r.flag();
    const auto [at, is_new] = known.try_emplace(column.name, static_cast<uint32_t>(inner_columns_.size()));
    places.push_back(at->second);
    if (is_new) add_column(column);
  }
  table_scanner_.absorb(r, places);
  if (r.flag() != profiling_.has_value()) core::refuse_saved();
  if (profiling_) profiling_->absorb(r);
  if (!r.at_end()) core::refuse_saved();
}

}  // namespace assay::scan
