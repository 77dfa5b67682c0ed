#include "scan/examine/table_profiling.h"

#include <algorithm>

#include "model/cell.h"
#include "model/column_letters.h"
#include "profile/value_hash.h"
#include "scan/wire/protocol.h"

namespace assay::scan {

ColumnKnowledge& TableProfiling::knowledge(uint32_t column) {
  if (column >= model::first_inner_column) return inner_[inner_place_.at(column - model::first_inner_column)].knowledge;
  if (column >= knowledge_.size()) knowledge_.resize(column + size_t{1});
  return knowledge_[column];
}

void TableProfiling::begin(const std::string& member, const extract::TableInfo& table) {
  inner_place_.clear();
  if (profiler_ && member == member_ && table.name == table_.name && table.columns == table_.columns) return;
  if (profiler_) end();  // what was cut of a member before its first table may have been of that
  if (profiled_columns_ >= max_profiled_columns_of_an_object) return;
  profiler_.emplace(now_s_);
  if (member != member_) profiled_.clear();
  if (!profiled_.insert(profile::value_hash(table.name)).second) is_cut_ = true;
  table_ = table;
  member_ = member;
}

void TableProfiling::row(uint64_t number, std::span<const std::string_view> cells) {
  if (profiler_) profiler_->row(number, cells);
}

void TableProfiling::add_column(const extract::InnerColumn& column) {
  if (profiler_) inner_place_.push_back(place_of_inner(column.name, column.has_elements));
}

uint32_t TableProfiling::place_of_inner(const std::string& name, bool has_elements) {
  const auto [at, is_new] = inner_by_name_.try_emplace(name, static_cast<uint32_t>(inner_.size()));
  if (is_new) inner_.push_back({name, has_elements, {}});
  return at->second;
}

void TableProfiling::inner_value(uint32_t column, std::string_view value) {
  if (!profiler_) return;
  if (column < model::first_inner_column) profiler_->own_value(column, value);
  else profiler_->inner_value(inner_place_.at(column - model::first_inner_column), value);
}

void TableProfiling::on_cell_match(uint32_t column, const model::Rule& rule) {
  if (!profiler_ || model::is_mere_date(rule.category, rule.sensitivity)) return;
  knowledge(column).may_be_sensitive = true;
}

void TableProfiling::on_column(const classify::ColumnVerdict& verdict, const model::Rule& rule, bool is_reported) {
  if (!profiler_) return;
  on_cell_match(verdict.column, rule);
  ColumnKnowledge& known = knowledge(verdict.column);
  if (!is_reported) return;
  // A table that was interrupted is judged several times.
  if (known.entity == rule.entity) {
    known.valid += verdict.agreeing;
  } else if (verdict.confidence > known.confidence) {
    known.entity = rule.entity;
    known.valid = verdict.agreeing;
  }
  known.confidence = std::max(known.confidence, verdict.confidence);
}

void TableProfiling::add(profile::ColumnStatistics&& statistics, ColumnKnowledge& known,
                         model::TableProfile& out) const {
  known.may_be_sensitive |= !looks_for_all_;
  out.columns.push_back(safe_profile(std::move(statistics), known));
}

void TableProfiling::end() {
  if (!profiler_) {
    is_cut_ = false;
    return;
  }
  model::TableProfile out;
  out.locator.member = member_;
  out.locator.table = table_.name;
  out.rows = profiler_->rows();
  out.is_sample = is_cut_;
  std::vector<profile::ColumnStatistics> inner;
  inner.reserve(inner_.size());
  for (uint32_t i = 0; i < inner_.size(); ++i) inner.push_back(profiler_->finish_inner(i, inner_[i].has_elements));
  auto columns = profiler_->finish(table_.columns.size());
  profiler_.reset();
  columns.resize(std::min(columns.size(), max_profiled_columns));
  for (uint32_t i = 0; i < columns.size(); ++i) {
    model::ColumnProfile& column = columns[i].profile;
    column.name =
        i < table_.columns.size() && !table_.columns[i].empty() ? table_.columns[i] : model::column_letters(i);
    if (i < table_.types.size()) column.native_type = table_.types[i];
    if (i < table_.comments.size()) column.comment = table_.comments[i];
    add(std::move(columns[i]), knowledge(i), out);
  }
  for (size_t i = 0; i < inner.size() && out.columns.size() < max_profiled_columns; ++i) {
    inner[i].profile.name = inner_[i].name;
    add(std::move(inner[i]), inner_[i].knowledge, out);
  }
  profiled_columns_ += out.columns.size() + 1;
  forget_table();
  if (profiled_columns_ <= max_profiled_columns_of_an_object) send_(std::move(out));
}

void TableProfiling::forget_table() {
  profiler_.reset();
  knowledge_.clear();
  inner_.clear();
  inner_by_name_.clear();
  inner_place_.clear();
  is_cut_ = false;
}

void TableProfiling::save(core::WireWriter& out) {
  out.flag(profiler_.has_value());
  if (!profiler_) return;
  out.flag(is_cut_);
  out.flag(looks_for_all_);
  out.u32(static_cast<uint32_t>(knowledge_.size()));
  for (const ColumnKnowledge& known : knowledge_) out.flag(known.may_be_sensitive);
  out.u32(static_cast<uint32_t>(inner_.size()));
  for (const Inner& inner : inner_) {
    out.text(inner.name);
    out.flag(inner.has_elements);
    out.flag(inner.knowledge.may_be_sensitive);
  }
  profiler_->save(static_cast<uint32_t>(inner_.size()), out);
  forget_table();
}

void TableProfiling::absorb(core::WireReader& saved) {
  if (!saved.flag()) return;
  if (!profiler_) core::refuse_saved();
  is_cut_ |= saved.flag();
  looks_for_all_ &= saved.flag();
  const uint32_t own = saved.u32();
  if (own > profile::TableProfiler::max_columns) core::refuse_saved();
  for (uint32_t i = 0; i < own; ++i) knowledge(i).may_be_sensitive |= saved.flag();
  const uint32_t inside = saved.u32();
  if (inside > profile::TableProfiler::max_columns) core::refuse_saved();
  std::vector<uint32_t> places;
  for (uint32_t i = 0; i < inside; ++i) {
    const std::string name(saved.text());
    places.push_back(place_of_inner(name, saved.flag()));
    inner_[places.back()].knowledge.may_be_sensitive |= saved.flag();
  }
  profiler_->absorb(saved, places);
}

}  // namespace assay::scan
