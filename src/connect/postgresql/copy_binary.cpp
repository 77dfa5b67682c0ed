#include "connect/postgresql/copy_binary.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "core/error.h"

namespace assay::connect::postgresql {
namespace {

using model::CellKind;
using BinaryForm = ColumnPlan::BinaryForm;

constexpr std::string_view signature{"PGCOPY\n\377\r\n\0", 11};
constexpr size_t cell_head_bytes = 1 + sizeof(uint32_t);
constexpr size_t most_digits = 20;  // of an integer, with its sign

[[noreturn]] void wrong() {
  throw core::Error(core::ErrorKind::bug, "PostgreSQL gave a row in another format than was asked for");
}

/// Numbers lie in the network's order.
template <typename Number>
Number number_at(std::string_view bytes) {
  Number number = 0;
  bytes.copy(reinterpret_cast<char*>(&number), sizeof number);
  return std::byteswap(number);
}

template <typename Number>
Number take(std::string_view& bytes) {
  if (bytes.size() < sizeof(Number)) wrong();
  const auto number = number_at<Number>(bytes);
  bytes.remove_prefix(sizeof number);
  return number;
}

/// A field without data() is no value. False where the bytes end within it.
bool take_field(std::string_view& bytes, std::string_view& field) {
  if (bytes.size() < sizeof(int32_t)) return false;
  const auto size = number_at<int32_t>(bytes);
  bytes.remove_prefix(sizeof size);
  field = {};
  if (size == -1) return true;
  if (size < 0 || static_cast<size_t>(size) > bytes.size()) return false;
  field = bytes.substr(0, static_cast<size_t>(size));
  bytes.remove_prefix(field.size());
  return true;
}

std::optional<int64_t> integer_in(std::string_view field) {
  switch (field.size()) {
    case sizeof(int16_t): return number_at<int16_t>(field);
    case sizeof(int32_t): return number_at<int32_t>(field);
    case sizeof(int64_t): return number_at<int64_t>(field);
    default: return std::nullopt;
  }
}

/// Writes cells where there is room for them.
class CellWriter {
 public:
  CellWriter(char* out, size_t most_bytes) : to_(out), most_bytes_(most_bytes) {}
  char* end() const { return to_; }

  bool null() {
    *to_++ = static_cast<char>(CellKind::null);
    return true;
  }
  bool cell(CellKind kind, std::string_view bytes) {
    const bool is_cut = bytes.size() > most_bytes_;
    const auto size = static_cast<uint32_t>(is_cut ? most_bytes_ : bytes.size());
    *to_ = static_cast<char>(static_cast<uint8_t>(kind) | (is_cut ? model::cut_cell : 0));
    std::memcpy(to_ + 1, &size, sizeof size);
    std::memcpy(to_ + cell_head_bytes, bytes.data(), size);
    to_ += cell_head_bytes + size;
    return true;
  }
  /// False when the field is none.
  bool integer(std::string_view field) {
    const auto value = integer_in(field);
    if (!value) return false;
    char digits[most_digits];
    const char* const end = std::to_chars(digits, digits + sizeof digits, *value).ptr;
    return cell(CellKind::text, {digits, static_cast<size_t>(end - digits)});
  }

 private:
  char* to_;
  const size_t most_bytes_;
};

}  // namespace

bool CopyBinary::can_read(std::span<const ColumnPlan> plans) {
  return std::ranges::none_of(plans, [](const ColumnPlan& plan) { return plan.binary == BinaryForm::other; });
}

void CopyBinary::begin(std::span<const ColumnPlan> plans, bool has_bound) {
  columns_.clear();
  for (const ColumnPlan& plan : plans) columns_.push_back({plan.kind, plan.binary == BinaryForm::integer});
  has_bound_ = has_bound;
  is_header_read_ = false;
}

std::string_view CopyBinary::without_header(std::string_view message) {
  if (is_header_read_) return message;
  is_header_read_ = true;
  if (!message.starts_with(signature)) wrong();
  message.remove_prefix(signature.size());
  take<int32_t>(message);  // flags: none that there are changes what rows look like
  const auto extension_bytes = take<int32_t>(message);
  if (extension_bytes < 0 || static_cast<size_t>(extension_bytes) > message.size()) wrong();
  return message.substr(static_cast<size_t>(extension_bytes));
}

size_t CopyBinary::take_bound(std::string_view& bytes) const {
  if (!has_bound_) return model::max_cell_bytes;
  std::string_view field;
  if (!take_field(bytes, field)) wrong();
  const auto bound = integer_in(field);
  if (!bound || *bound < 0) wrong();
  return static_cast<size_t>(*bound);
}

bool CopyBinary::append_row(std::string_view message, std::string& out) {
  std::string_view bytes = without_header(message);
  if (bytes.empty()) return false;
  const auto fields = take<int16_t>(bytes);
  if (fields == -1) return false;
  if (static_cast<size_t>(fields) != columns_.size() + (has_bound_ ? 1 : 0)) wrong();
  const size_t most_bytes = take_bound(bytes), before = out.size();
  const size_t room = 1 + bytes.size() + columns_.size() * (cell_head_bytes + most_digits);
  bool is_right = false;
  out.resize_and_overwrite(before + room, [&](char* begin, size_t) {
    begin[before] = model::row_mark;
    CellWriter writer(begin + before + 1, most_bytes);
    is_right = std::ranges::all_of(columns_,
                                   [&](const Column& column) {
                                     std::string_view field;
                                     if (!take_field(bytes, field)) return false;
                                     if (field.data() == nullptr) return writer.null();
                                     return column.is_integer ? writer.integer(field) : writer.cell(column.kind, field);
                                   }) &&
               bytes.empty();
    return is_right ? static_cast<size_t>(writer.end() - begin) : before;
  });
  if (!is_right) wrong();
  return true;
}

}  // namespace assay::connect::postgresql
