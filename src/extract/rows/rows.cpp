#include "extract/rows/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>
#include <optional>

#include "extract/rows/large_values.h"
#include "extract/rows/stream_reader.h"
#include "extract/unicode.h"
#include "model/cell.h"
#include "model/row_stream.h"

namespace assay::extract {
namespace {

using model::CellKind;

constexpr size_t max_text_cell_bytes = size_t{1} << 20;
constexpr size_t max_row_bytes = size_t{32} << 20;  // of text; what is beyond waits with the large values
constexpr size_t max_name_bytes = 64 << 10;
constexpr size_t max_short_binary_bytes = 4096;  // texts are often stored in binary columns

constexpr const char* malformed_reason = "the stream of rows is malformed";

[[noreturn]] void malformed() { throw Failure(model::VerdictKind::partial, malformed_reason); }

bool is_text_like(std::string_view bytes) {
  return is_valid_utf8(bytes) && std::ranges::none_of(bytes, [](char c) {
           return (static_cast<uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
         });
}

class RowReader {
 public:
  RowReader(Input& input, const Context& context, Sink& sink)
      : in_(input),
        large_(context.scratch),
        sink_(sink),
        part_(context.rows_part ? fmt::format("{}.", *context.rows_part) : "") {}

  void read() {
    read_header();
    sink_.begin_table(info_);
    const Ending ending = read_rows();
    sink_.end_table();
    if (cut_values_ != 0)
      sink_.partial(fmt::format("{} values were longer than {} bytes, or than their part of a row that is too long",
                                cut_values_, model::max_cell_bytes));
    // Before the members, behind which nobody asks any more whether the table was whole.
    if (ending == Ending::partial) sink_.partial(take_name());
    else if (ending != Ending::whole)
      sink_.partial(ending == Ending::limit ? "a limit ended the rows" : malformed_reason);
    large_.give(sink_);
    if (ending == Ending::malformed) malformed();
    if (ending == Ending::limit) throw Failure(model::VerdictKind::limit, take_name());
  }

 private:
  /// Whole is also what was enough.
  enum class Ending { whole, limit, partial, malformed };

  Ending read_rows() {
    for (;;) switch (in_.take_byte()) {
        case 0: tell_that_it_was_all(); return Ending::whole;
        case 1:
          if (!read_row_in_place()) read_row();
          break;
        case 2: return Ending::limit;
        case 3:
          if (is_enough()) return Ending::whole;
          break;
        case 4: tell_that_it_was_all(); return Ending::partial;
        default: return Ending::malformed;
      }
  }

  bool is_enough() {
    SampleRound& round = round_.emplace();
    round.rows = row_;
    round.is_random = in_.take_byte() != 0;
    round.certainty = std::bit_cast<double>(in_.take_u64());
    round.of_rows = in_.take_u64();
    if (!(round.certainty > 0 && round.certainty < 100)) malformed();
    return sink_.is_enough(round);
  }

  void tell_that_it_was_all() {
    if (!round_ || round_->is_random) return;
    round_->rows = row_;
    round_->is_all = true;
    sink_.is_enough(*round_);
  }

  std::string take_name() {
    const uint32_t size = in_.take_u32();
    if (size > max_name_bytes) malformed();
    std::string name;
    in_.append_to(name, size);
    return valid_utf8(name);
  }

  void read_header() {
    std::string magic;
    in_.append_to(magic, model::row_stream_magic.size());
    if (magic != model::row_stream_magic) malformed();
    const uint32_t columns = in_.take_u32();
    if (columns > model::max_row_stream_columns) malformed();
    info_.name = take_name();
    for (uint32_t i = 0; i < columns; ++i) {
      info_.columns.push_back(take_name());
      info_.types.push_back(take_name());
      info_.comments.push_back(take_name());
    }
    places_.resize(columns);
    cells_.resize(columns);
  }

  /// A row as nearly all are: in the buffer as a whole, and of texts that stay what they are. Its cells need not be
  /// copied. Nothing is taken where it is another one.
  bool read_row_in_place() {
    const std::string_view bytes = in_.ready();
    size_t at = 0;
    for (std::string_view& cell : cells_) {
      if (bytes.size() - at <= sizeof(uint32_t)) return false;
      const auto kind = static_cast<CellKind>(bytes[at++]);
      if (kind == CellKind::null) {
        cell = {};
        continue;
      }
      if (kind != CellKind::text && kind != CellKind::json && kind != CellKind::xml) return false;
      uint32_t size = 0;
      std::memcpy(&size, bytes.data() + at, sizeof size);
      at += sizeof size;
      if (size > bytes.size() - at || size > max_text_cell_bytes) return false;
      cell = bytes.substr(at, size);
      if (!is_valid_utf8(cell)) return false;
      at += size;
    }
    in_.skip(at);
    sink_.row(++row_, cells_);
    return true;
  }

  void read_row() {
    ++row_;
    text_.clear();
    repaired_.clear();
    for (size_t i = 0; i < places_.size(); ++i) places_[i] = read_cell(i);
    for (size_t i = 0; i < places_.size(); ++i) {
      if (places_[i].presence != Presence::here) {
        cells_[i] = places_[i].presence == Presence::null ? std::string_view() : model::value_elsewhere;
        continue;
      }
      cells_[i] = std::string_view(text_).substr(places_[i].begin, places_[i].size);
      if (!is_valid_utf8(cells_[i])) cells_[i] = repaired_.emplace_back(valid_utf8(cells_[i]));
    }
    sink_.row(row_, cells_);
  }

  enum class Presence : uint8_t { here, null, elsewhere };
  struct Place {
    size_t begin = 0, size = 0;
    Presence presence = Presence::here;
  };

  Place read_cell(size_t column) {
    const uint8_t byte = in_.take_byte();
    const auto kind = static_cast<CellKind>(byte & ~model::cut_cell);
    if ((byte & model::cut_cell) != 0) ++cut_values_;
    if (kind == CellKind::null) return {.presence = Presence::null};
    if (kind > CellKind::xml) malformed();
    const uint32_t size = in_.take_u32();
    if (size > model::max_cell_bytes) malformed();
    const Place place{text_.size(), size};
    const bool is_binary = kind == CellKind::binary;
    if (size <= (is_binary ? max_short_binary_bytes : max_text_cell_bytes) && place.begin + size <= max_row_bytes) {
      in_.append_to(text_, size);
      const std::string_view bytes = std::string_view(text_).substr(place.begin);
      if (!is_binary || is_text_like(bytes)) return place;
      keep(column, true, bytes);
      text_.resize(place.begin);
      return {.presence = Presence::elsewhere};
    }
    const bool is_kept = large_.begin(name_of(column), is_binary);
    in_.take(size, [&](std::string_view piece) {
      if (is_kept) large_.append(piece);
      sink_.tick();
    });
    return {.presence = Presence::elsewhere};
  }

  void keep(size_t column, bool is_binary, std::string_view bytes) {
    if (large_.begin(name_of(column), is_binary)) large_.append(bytes);
  }

  std::string name_of(size_t column) const { return fmt::format("{}/{}{}", info_.columns[column], part_, row_); }

  StreamReader in_;
  LargeValues large_;
  Sink& sink_;
  const std::string part_;  // before the numbers of its rows
  TableInfo info_;
  std::optional<SampleRound> round_;  // the last
  std::string text_;                  // the cells of the row in work
  std::deque<std::string> repaired_;  // those that are no UTF-8
  std::vector<Place> places_;
  std::vector<std::string_view> cells_;
  uint64_t row_ = 0, cut_values_ = 0;
};

}  // namespace

void extract_rows(Input& input, const Context& context, Sink& sink) { RowReader(input, context, sink).read(); }

}  // namespace assay::extract
