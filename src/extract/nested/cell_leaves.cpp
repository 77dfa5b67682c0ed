#include "extract/nested/cell_leaves.h"

#include <algorithm>

#include "model/cell.h"
#include "model/column_letters.h"

namespace assay::extract {
namespace {

constexpr size_t longest_name = 64, most_digits_of_a_name = 4, longest_key = 64;
constexpr size_t kept_bytes = size_t{1} << 20;  // of memory from cell to cell

// Whether it is what somebody calls things, and not one of them.
bool is_name(std::string_view text) {
  if (text.starts_with('@') || text.starts_with('#')) text.remove_prefix(1);
  if (text.empty() || text.size() > longest_name) return false;
  size_t digits = 0;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (!is_digit && !is_letter && std::string_view(" _-.:/$").find(c) == std::string_view::npos) return false;
    digits += is_digit ? 1 : 0;
  }
  return digits <= most_digits_of_a_name && digits < text.size();
}

// The last name of a path that is one.
std::string_view key_of(std::string_view path) {
  while (path.ends_with("[]")) path.remove_suffix(2);
  if (const size_t dot = path.rfind('.'); dot != std::string_view::npos) path.remove_prefix(dot + 1);
  if (path.starts_with('@')) path.remove_prefix(1);
  return path.size() > longest_key || path == "*" || path.ends_with("{}") ? std::string_view() : path;
}

}  // namespace

void CellLeaves::begin_table(const TableInfo& table) {
  names_ = table.columns;
  own_columns_ = names_.size();
  column_of_.clear();
  added_.clear();
  given_ = 0;
  paths_bytes_ = added_bytes_ = 0;
  refused_for_room_ = 0;
  if (std::ranges::find(names_, rest_column) == names_.end()) return;
  for (uint32_t i = 0; i < names_.size() && i < model::first_inner_column; ++i) column_of_.emplace(names_[i], i);
}

void CellLeaves::begin_cell(uint32_t column) {
  cell_column_ = column;
  own_columns_ = std::max(own_columns_, column + size_t{1});
  const bool has_name = column < names_.size() && !names_[column].empty();
  path_ = has_name ? names_[column] : model::column_letters(column);
  if (path_ == rest_column) path_.clear();
  base_bytes_ = path_.size();
  has_elements_ = is_refused_ = false;
  frames_.clear();
  text_.clear();
  leaves_.clear();
  if (path_.size() > max_path_bytes) is_refused_ = true;
}

void CellLeaves::open(bool is_array) {
  if (frames_.size() >= max_depth) is_refused_ = true;
  if (is_refused_) return;
  frames_.push_back({path_.size(), has_elements_});
  if (!is_array) return;
  add_to_path("", "[]");
  has_elements_ = true;
}

void CellLeaves::close() {
  if (is_refused_ || frames_.empty()) return;
  no_name();
  frames_.pop_back();
}

void CellLeaves::no_name() {
  if (is_refused_ || frames_.empty()) return;
  path_.resize(frames_.back().path_bytes);
  has_elements_ = frames_.back().has_elements;
}

void CellLeaves::name(std::string_view name) {
  no_name();
  if (is_refused_) return;
  // Documents put whole paths there, which came through here or are of their sources.
  const bool is_path = path_.empty() && frames_.size() == 1 && base_bytes_ == 0 && column_of_.contains(name);
  if (is_path || is_name(name)) return add_to_path(".", name);
  add_to_path("", "{}");
  has_elements_ = true;
  value(name);
  no_name();
  add_to_path(".", "*");
  has_elements_ = true;
}

void CellLeaves::add_to_path(std::string_view dot, std::string_view name) {
  if (path_.size() + dot.size() + name.size() > max_path_bytes) is_refused_ = true;
  if (is_refused_) return;
  if (!path_.empty()) path_ += dot;
  path_ += name;
}

uint32_t CellLeaves::column_of_path() {
  if (path_.size() == base_bytes_) return cell_column_;
  const auto found = column_of_.find(path_);
  if (found != column_of_.end()) return found->second;
  const size_t inner = given_ + added_.size();
  if (own_columns_ + inner >= model::first_inner_column ||
      paths_bytes_ + added_bytes_ + path_.size() > max_paths_bytes) {
    is_refused_ = true;
    ++refused_for_room_;
    return cell_column_;
  }
  const auto column = static_cast<uint32_t>(model::first_inner_column + inner);
  column_of_.emplace(path_, column);
  added_bytes_ += path_.size();
  added_.push_back(
      {.name = path_, .key = std::string(key_of(path_)), .within = cell_column_, .has_elements = has_elements_});
  return column;
}

void CellLeaves::value(std::string_view text) {
  if (is_refused_) return;
  const uint32_t column = column_of_path();
  if (is_refused_) return;
  leaves_.push_back({column, text_.size(), text.size()});
  text_ += text;
}

const std::string* CellLeaves::lone_text() const {
  return leaves_.size() == 1 && leaves_[0].column == cell_column_ && added_.empty() ? &text_ : nullptr;
}

void CellLeaves::give(uint64_t row_number, Sink& sink) {
  for (const InnerColumn& column : added_) sink.add_column(column);
  given_ += static_cast<uint32_t>(added_.size());
  paths_bytes_ += added_bytes_;
  added_.clear();
  added_bytes_ = 0;
  values_.clear();
  for (const Leaf& leaf : leaves_)
    values_.push_back({leaf.column, std::string_view(text_).substr(leaf.begin, leaf.size)});
  sink.inner_values(row_number, values_);
  drop();
}

void CellLeaves::drop() {
  for (const InnerColumn& column : added_) column_of_.erase(column.name);
  added_.clear();
  added_bytes_ = 0;
  leaves_.clear();
  if (leaves_.capacity() * sizeof(Leaf) + text_.capacity() <= kept_bytes) return;
  std::vector<InnerValue>().swap(values_);
  std::vector<Leaf>().swap(leaves_);
  std::string().swap(text_);
}

}  // namespace assay::extract
