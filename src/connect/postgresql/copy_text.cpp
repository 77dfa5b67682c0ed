#include "connect/postgresql/copy_text.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/error.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace assay::connect::postgresql {
namespace {

using model::CellKind;

constexpr size_t block_bytes = 16;
constexpr size_t cell_head_bytes = 1 + sizeof(uint32_t);

char unescaped(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return c;  // COPY TO writes no octal or hex escapes
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// In place, since what comes out is half as long. Its end, or nullptr when it is no hex.
char* decode_hex(char* begin, const char* end) {
  const std::string_view text(begin, static_cast<size_t>(end - begin));
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return nullptr;
  char* to = begin;
  for (const char* from = begin + 2; from != end; from += 2) {
    const int high = hex_value(from[0]), low = hex_value(from[1]);
    if (high < 0 || low < 0) return nullptr;
    *to++ = static_cast<char>(high << 4 | low);
  }
  return to;
}

/// Copies a block; how many bytes of it stand before the first tab or backslash.
size_t copy_block(const char* from, char* to) {
#if defined(__SSE2__)
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  const __m128i special =
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
  const auto mask = static_cast<uint32_t>(_mm_movemask_epi8(special));
  return static_cast<size_t>(std::countr_zero(mask));  // 32 when there is none
#else
  std::memcpy(to, from, block_bytes);
  return static_cast<size_t>(std::find_if(from, from + block_bytes, [](char c) { return c == '\t' || c == '\\'; }) -
                             from);
#endif
}

/// Copies a line into a row, a block at a time: each byte is looked at and written once.
class LineToRow {
 public:
  LineToRow(std::string_view line, std::span<const CellKind> kinds, size_t most_bytes, char* out)
      : from_(line.data()), end_(from_ + line.size()), kinds_(kinds), most_bytes_(most_bytes), to_(out) {}

  /// What may be written, at most: a block is written whole.
  static size_t room_for(std::string_view line, size_t columns) {
    return line.size() + columns * cell_head_bytes + block_bytes;
  }

  /// The end of the row, or nullptr when the line is none of so many fields.
  char* convert() {
    if (kinds_.empty()) return from_ == end_ ? to_ : nullptr;
    begin_cell();
    for (;;) {
      if (!copy_plain_text()) return end_cell() && cell_ == kinds_.size() ? to_ : nullptr;
      if (*from_ == '\\') {
        take_escape();
        continue;
      }
      ++from_;
      if (!end_cell() || cell_ == kinds_.size()) return nullptr;
      begin_cell();
    }
  }

  bool is_bytea_wrong() const { return is_bytea_wrong_; }

 private:
  void begin_cell() {
    is_null_ = false;
    head_ = to_;
    to_ += cell_head_bytes;
  }

  /// Up to the next tab or backslash; false when the line ends before one.
  bool copy_plain_text() {
    while (from_ != end_) {
      const size_t size = std::min(block_bytes, static_cast<size_t>(end_ - from_));
      char last[block_bytes] = {};
      const char* block = from_;
      if (size < block_bytes) block = static_cast<const char*>(std::memcpy(last, from_, size));
      const size_t plain = std::min(size, copy_block(block, to_));
      from_ += plain;
      to_ += plain;
      if (plain < size) return true;
    }
    return false;
  }

  void take_escape() {
    if (end_ - from_ < 2) {
      *to_++ = *from_++;
      return;
    }
    const bool is_whole_cell = to_ == head_ + cell_head_bytes && (end_ - from_ == 2 || from_[2] == '\t');
    if (is_whole_cell && from_[1] == 'N') is_null_ = true;
    else *to_++ = unescaped(from_[1]);
    from_ += 2;
  }

  bool end_cell() {
    const CellKind kind = kinds_[cell_++];
    if (is_null_) {
      *head_ = static_cast<char>(CellKind::null);
      to_ = head_ + 1;
      return true;
    }
    char* const text = head_ + cell_head_bytes;
    if (kind == CellKind::binary) {
      char* const end = decode_hex(text, to_);
      is_bytea_wrong_ = end == nullptr;
      if (is_bytea_wrong_) return false;
      to_ = end;
    }
    const bool is_cut = static_cast<size_t>(to_ - text) > most_bytes_;
    if (is_cut) to_ = text + most_bytes_;
    *head_ = static_cast<char>(static_cast<uint8_t>(kind) | (is_cut ? model::cut_cell : 0));
    const auto size = static_cast<uint32_t>(to_ - text);
    std::memcpy(head_ + 1, &size, sizeof size);
    return true;
  }

  const char* from_;
  const char* end_;
  std::span<const CellKind> kinds_;
  const size_t most_bytes_;
  char* to_;
  char* head_ = nullptr;  // of the cell in work
  size_t cell_ = 0;       // how many are whole
  bool is_null_ = false, is_bytea_wrong_ = false;
};

}  // namespace

void append_copy_row(std::string_view line, std::span<const CellKind> kinds, std::string& out, size_t most_bytes) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  const size_t before = out.size() + 1;
  bool is_right = false, is_bytea_wrong = false;
  model::RowStreamWriter(out).begin_row();
  out.resize_and_overwrite(before + LineToRow::room_for(line, kinds.size()), [&](char* bytes, size_t) {
    LineToRow row(line, kinds, most_bytes, bytes + before);
    const char* const end = row.convert();
    is_right = end != nullptr;
    is_bytea_wrong = row.is_bytea_wrong();
    return is_right ? static_cast<size_t>(end - bytes) : before - 1;
  });
  if (is_right) return;
  throw core::Error(core::ErrorKind::bug,
                    is_bytea_wrong ? "PostgreSQL gave a bytea in another format than hex"
                                   : "PostgreSQL gave a row with another number of fields than was asked for");
}

}  // namespace assay::connect::postgresql
