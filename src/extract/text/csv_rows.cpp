#include "extract/text/csv_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "model/cell.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace assay::extract {
namespace {

constexpr size_t block_bytes = 64;
constexpr size_t max_cell_bytes = size_t{1} << 20;
constexpr size_t max_row_bytes = size_t{4} << 20;
constexpr size_t max_cells = 16384;
constexpr int max_stray_quotes = 16;

/// Bits for the bytes of a block.
struct Marks {
  uint64_t all = 0;  ///< delimiters, quotes and newlines
  uint64_t quotes = 0;
};

Marks find_marks(const char* block, char delimiter, char newline) {
  Marks marks;
#if defined(__SSE2__)
  const __m128i delimiters = _mm_set1_epi8(delimiter), quotes = _mm_set1_epi8('"'), newlines = _mm_set1_epi8(newline);
  const auto bits = [](__m128i hits) { return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(hits))); };
  for (size_t lane = 0; lane < block_bytes / 16; ++lane) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + lane * 16));
    const __m128i quote_hits = _mm_cmpeq_epi8(bytes, quotes);
    const __m128i other_hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiters), _mm_cmpeq_epi8(bytes, newlines));
    marks.quotes |= bits(quote_hits) << (lane * 16);
    marks.all |= bits(_mm_or_si128(quote_hits, other_hits)) << (lane * 16);
  }
#else
  for (size_t i = 0; i < block_bytes; ++i) {
    marks.quotes |= static_cast<uint64_t>(block[i] == '"') << i;
    marks.all |= static_cast<uint64_t>(block[i] == delimiter || block[i] == '"' || block[i] == newline) << i;
  }
#endif
  return marks;
}

}  // namespace

void RowSplitter::feed(std::string_view utf8) {
  while (!utf8.empty()) {
    // Bounds are checked after each piece, so pieces are kept small against them.
    const std::string_view piece = utf8.substr(0, max_cell_bytes / 4);
    utf8.remove_prefix(piece.size());
    const char* const before = buffer_.data();
    buffer_ += piece;
    if (buffer_.data() != before) {
      for (std::string_view& cell : cells_) {
        const bool in_buffer = cell.data() >= before && cell.data() <= before + row_start_ + scanned_;
        if (in_buffer) cell = {buffer_.data() + (cell.data() - before), cell.size()};
      }
    }
    scan();
    keep_unfinished_row();
    bound_memory();
  }
}

void RowSplitter::finish() {
  if (in_quotes_ && !in_long_cell_ && !quotes_off_ && newlines_in_row_ > 0 && quote_looks_stray())
    reread_quote_as_text();
  const bool any = buffer_.size() > row_start_ || !cells_.empty() || in_long_cell_;
  if (any) finish_row(buffer_.size());
}

void RowSplitter::scan() {
  const size_t end = buffer_.size();
  size_t at = scanned_;
  for (; at + block_bytes <= end; at += block_bytes) {
    const Marks marks = find_marks(buffer_.data() + at, delimiter_, newline_);
    const bool plain = marks.quotes == 0 && !quoted_ && !in_long_cell_;
    plain ? scan_plain(marks.all, at) : scan_mask(marks.all, at);
  }
  if (at < end) {
    char tail[block_bytes] = {};
    std::memcpy(tail, buffer_.data() + at, end - at);
    scan_mask(find_marks(tail, delimiter_, newline_).all & ((uint64_t{1} << (end - at)) - 1), at);
  }
  scanned_ = end;
}

inline void RowSplitter::scan_mask(uint64_t mask, size_t base) {
  for (; mask != 0; mask &= mask - 1) take(base + static_cast<size_t>(std::countr_zero(mask)));
}

/// A block without quotes, outside of quotes: what most blocks of most files are.
inline void RowSplitter::scan_plain(uint64_t mask, size_t base) {
  const char* const data = buffer_.data();
  size_t start = cell_start_;
  for (; mask != 0; mask &= mask - 1) {
    const size_t at = base + static_cast<size_t>(std::countr_zero(mask));
    if (data[at] == newline_) {
      cell_start_ = start;
      ++newlines_in_row_;
      finish_row(at);
      row_start_ = at + 1;
    } else {
      cells_.emplace_back(data + start, at - start);
    }
    start = at + 1;
  }
  cell_start_ = start;
  if (cells_.size() >= max_cells) flush_cells();
}

inline void RowSplitter::take(size_t at) {
  const char c = buffer_[at];
  if (in_quotes_) {
    if (c == '"') {
      in_quotes_ = false;
      after_quote_ = at + 1;
    } else if (c == newline_) {
      ++newlines_in_row_;
    }
  } else if (c == delimiter_) {
    finish_cell(at);
    reset_cell(at + 1);
    if (cells_.size() >= max_cells) flush_cells();
  } else if (c == newline_) {
    ++newlines_in_row_;
    finish_row(at);
    row_start_ = at + 1;
    reset_cell(at + 1);
  } else if (quotes_off_) {
    return;
  } else if (at == cell_start_ && !in_long_cell_) {
    quoted_ = in_quotes_ = true;
  } else if (quoted_ && at == after_quote_) {
    in_quotes_ = escaped_ = true;  // the second of a doubled quote
  }
}

inline void RowSplitter::reset_cell(size_t start) {
  cell_start_ = start;
  after_quote_ = 0;
  quoted_ = in_quotes_ = escaped_ = false;
}

inline void RowSplitter::finish_cell(size_t end) {
  if (in_long_cell_) {
    pass_long_cell(end);
    handler_.on_long_cell_end();
    in_long_cell_ = false;
    cells_.push_back(model::value_elsewhere);
    return;
  }
  std::string_view cell(buffer_.data() + cell_start_, end - cell_start_);
  if (quoted_) {
    const bool plain = !escaped_ && after_quote_ == end;
    cell = plain ? cell.substr(1, cell.size() - 2) : unescaped(cell);
  }
  cells_.push_back(cell);
}

void RowSplitter::finish_row(size_t end) {
  if (newline_ == '\n' && end > cell_start_ && buffer_[end - 1] == '\r') --end;
  finish_cell(end);
  const bool blank = cells_.size() == 1 && cells_.front().empty() && !model::is_elsewhere(cells_.front());
  if (!blank) handler_.on_row(place_, cells_);
  cells_.clear();
  unescaped_used_ = 0;
  ++place_.row;
  place_.line += newlines_in_row_;
  newlines_in_row_ = 0;
}

/// Gives what the row has so far and goes on behind it, with empty cells in the place of those given.
void RowSplitter::flush_cells() {
  const size_t given = cells_.size();
  const auto is_something = [](std::string_view cell) { return !cell.empty() || model::is_elsewhere(cell); };
  if (std::ranges::any_of(cells_, is_something)) handler_.on_row(place_, cells_);
  cells_.clear();
  if (given < max_cells) cells_.resize(given);
  unescaped_used_ = 0;
}

void RowSplitter::keep_unfinished_row() {
  if (row_start_ == 0) return;
  const size_t gone = row_start_;
  const char* const before = buffer_.data();
  buffer_.erase(0, gone);
  for (std::string_view& cell : cells_) {
    if (cell.data() >= before && cell.data() <= before + scanned_) cell = {cell.data() - gone, cell.size()};
  }
  scanned_ -= gone;
  cell_start_ -= gone;
  if (after_quote_ > 0) after_quote_ -= gone;
  row_start_ = 0;
}

void RowSplitter::bound_memory() {
  if (in_long_cell_) {
    pass_long_cell(buffer_.size());
    return;
  }
  const bool long_cell = buffer_.size() - cell_start_ > max_cell_bytes;
  if (!long_cell && buffer_.size() <= max_row_bytes) return;
  if (long_cell && in_quotes_ && !quotes_off_ && quote_looks_stray()) {
    reread_quote_as_text();
    return;
  }
  flush_cells();
  if (long_cell) {
    begin_long_cell();
    return;
  }
  row_start_ = cell_start_;
  keep_unfinished_row();
}

void RowSplitter::begin_long_cell() {
  handler_.on_long_cell_begin(place_, cells_.size());
  in_long_cell_ = true;
  pass_long_cell(buffer_.size());
}

void RowSplitter::pass_long_cell(size_t end) {
  const std::string_view piece(buffer_.data() + cell_start_, end - cell_start_);
  if (!piece.empty()) handler_.on_long_cell_text(escaped_ ? unescaped(piece) : piece);
  unescaped_used_ = 0;
  if (end < buffer_.size()) return;
  // Places are kept relative to the buffer's start; the last closing quote matters only when it is the last byte.
  after_quote_ = after_quote_ == end ? 0 : SIZE_MAX;
  buffer_.clear();
  scanned_ = row_start_ = cell_start_ = 0;
}

/// True when the lines inside the open quote have the cells of rows.
bool RowSplitter::quote_looks_stray() const {
  if (stray_quotes_ >= max_stray_quotes) return true;
  if (expected_cells_ < 2) return false;
  std::string_view text(buffer_);
  text.remove_prefix(cell_start_);
  size_t lines = 0, regular = 0;
  text.remove_prefix(std::min(text.find(newline_), text.size()));
  while (!text.empty() && lines < 20) {
    text.remove_prefix(1);
    const size_t end = std::min(text.find(newline_), text.size());
    const auto delimiters = std::ranges::count(text.substr(0, end), delimiter_);
    regular += static_cast<size_t>(delimiters) + 1 == expected_cells_;
    ++lines;
    text.remove_prefix(end);
  }
  return lines > 0 && regular * 2 > lines;
}

void RowSplitter::reread_quote_as_text() {
  if (++stray_quotes_ > max_stray_quotes) quotes_off_ = true;
  const size_t start = cell_start_;
  reset_cell(start);
  newlines_in_row_ = 0;
  // The quote itself is skipped over, so it opens nothing; the cells before it stay.
  scanned_ = start + 1;
  for (const char c : std::string_view(buffer_).substr(row_start_, start - row_start_))
    newlines_in_row_ += c == newline_;
  scan();
  keep_unfinished_row();
  bound_memory();
}

std::string_view RowSplitter::unescaped(std::string_view quoted) {
  if (unescaped_used_ == unescaped_.size()) unescaped_.emplace_back();
  std::string& cell = unescaped_[unescaped_used_++];
  cell.clear();
  bool inside = false;
  for (size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '"') {
      cell.push_back(quoted[i]);
    } else if (inside && i + 1 < quoted.size() && quoted[i + 1] == '"') {
      cell.push_back('"');
      ++i;
    } else {
      inside = !inside;
    }
  }
  return cell;
}

}  // namespace assay::extract
