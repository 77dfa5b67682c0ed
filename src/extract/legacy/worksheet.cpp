#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "extract/legacy/embedded.h"
#include "extract/legacy/formula_tokens.h"
#include "extract/legacy/workbook.h"
#include "extract/office/header_codes.h"
#include "extract/office/formula_texts.h"
#include "extract/office/sheet_table.h"
#include "extract/ole/bytes.h"
#include "extract/ole/codepage.h"
#include "extract/printable.h"
#include "model/column_letters.h"

namespace assay::extract {
namespace {

constexpr size_t max_aside_bytes = size_t{8} << 20;
constexpr size_t max_notes = 65'536;

enum Record : uint16_t {
  record_formula = 0x0006,
  record_eof = 0x000A,
  record_header = 0x0014,
  record_footer = 0x0015,
  record_note = 0x001C,
  record_obj = 0x005D,
  record_mulrk = 0x00BD,
  record_rstring = 0x00D6,
  record_labelsst = 0x00FD,
  record_txo = 0x01B6,
  record_hlink = 0x01B8,
  record_number = 0x0203,
  record_label = 0x0204,
  record_boolerr = 0x0205,
  record_string = 0x0207,
  record_array = 0x0221,
  record_rk = 0x027E,
  record_shared_formula = 0x04BC,
  record_bof = 0x0809,
  record_filepass = 0x002F,
};

/// [MS-XLS] 2.5.217: a number in 30 bits, whole or the upper half of a double, perhaps in hundredths.
double rk_value(uint32_t rk) {
  const double value = (rk & 2) != 0 ? static_cast<double>(static_cast<int32_t>(rk) >> 2)
                                     : std::bit_cast<double>(uint64_t{rk & 0xFFFF'FFFC} << 32);
  return (rk & 1) != 0 ? value / 100 : value;
}

std::string_view error_text(uint8_t code) {
  switch (code) {
    case 0x00: return "#NULL!";
    case 0x07: return "#DIV/0!";
    case 0x0F: return "#VALUE!";
    case 0x17: return "#REF!";
    case 0x1D: return "#NAME?";
    case 0x24: return "#NUM!";
    default: return "#N/A";
  }
}

std::string cell_name(uint32_t row, uint32_t column) { return model::column_letters(column) + std::to_string(row + 1); }

class SheetReader {
 public:
  SheetReader(BiffReader& reader, Workbook& workbook, const std::string& name, Sink& sink)
      : reader_(reader), workbook_(workbook), name_(name), table_(sink, name), formulas_(name), sink_(sink) {}

  void read() {
    BiffRecord record;
    int depth = 1;
    while (depth > 0 && reader_.next(record)) {
      if (record.type == record_bof) ++depth;
      if (record.type == record_eof) --depth;
      or_partial(sink_, [&] { read_record(record); });
      if (++records_ % 4096 == 0) sink_.tick();
    }
    table_.finish();
    formulas_.give(sink_);
    give_comments();
    give("text boxes", boxes_);
    give("links", links_);
    give("headers", without_header_codes(headers_));
    if (aside_full_) sink_.partial("size of comments and text boxes");
  }

 private:
  struct Note {
    uint32_t row;
    uint32_t column;
    uint16_t object;
    std::string author;
    std::string text;  ///< before Excel 97
  };

  void read_record(const BiffRecord& record) {
    const Bytes data(record.data);
    switch (record.type) {
      case record_filepass: throw Failure(model::VerdictKind::encrypted, "password-protected sheet");
      case record_labelsst: return put(data, workbook_.strings.get(data.u32(6)), true);
      case record_label:
      case record_rstring: return read_label(record);
      case record_number: return put(data, workbook_.formats.show(data.f64(6), data.u16(4)));
      case record_rk: return put(data, workbook_.formats.show(rk_value(data.u32(6)), data.u16(4)));
      case record_mulrk: return read_many(data);
      case record_boolerr:
        return put(data, data.u8(7) != 0 ? error_text(data.u8(6)) : data.u8(6) != 0 ? "TRUE" : "FALSE");
      case record_formula:
      case 0x0206:
      case 0x0406: return read_formula(data);
      case record_string: return read_formula_string(record);
      case record_array: return read_formula_texts(data, data.u16(0), data.u8(4), 12);
      case record_shared_formula: return read_formula_texts(data, data.u16(0), data.u8(4), 8);
      case record_note: return read_note(record);
      case record_obj: return read_object(data);
      case record_txo: return read_text_object(record);
      case record_hlink: return read_link(record);
      case record_header:
      case record_footer: return read_header(record);
      default: return;
    }
  }

  void put(const Bytes& cell, std::string_view value, bool is_text = false) {
    table_.cell(cell.u16(0) + uint64_t{1}, cell.u16(2), value, is_text);
  }

  void read_label(const BiffRecord& record) {
    const Bytes head(record.data.substr(0, 6));
    const uint64_t row = head.u16(0) + uint64_t{1};
    const uint32_t column = head.u16(2);
    ContinuedData data(reader_, record);
    data.skip(6);
    table_.cell(row, column, workbook_.read_string(data, false), true);
  }

  void read_many(const Bytes& data) {
    for (size_t i = 0; 4 + i * 6 + 8 <= data.size(); ++i)
      table_.cell(data.u16(0) + uint64_t{1}, data.u16(2) + static_cast<uint32_t>(i),
                  workbook_.formats.show(rk_value(data.u32(6 + i * 6)), data.u16(4 + i * 6)), false);
  }

  /// Of tokens whose length stands at `place`.
  void read_formula_texts(const Bytes& data, uint32_t row, uint32_t column, size_t place) {
    if (!workbook_.biff8 || data.size() < place + 2) return;
    const std::string_view tokens = data.view().substr(place + 2);
    const size_t bytes = std::min<size_t>(data.u16(place), tokens.size());
    extract::read_formula_texts(tokens.substr(0, bytes), tokens.substr(bytes),
                                [&](std::string_view text) { formulas_.add_text(text, row + uint64_t{1}, column); });
  }

  void read_formula(const Bytes& data) {
    read_formula_texts(data, data.u16(0), data.u16(2), 20);
    if (data.u16(12) != 0xFFFF) return put(data, workbook_.formats.show(data.f64(6), data.u16(4)));
    formula_row_ = data.u16(0);
    formula_column_ = data.u16(2);
    if (data.u8(6) == 1) put(data, data.u8(8) != 0 ? "TRUE" : "FALSE");
    if (data.u8(6) == 2) put(data, error_text(data.u8(8)));
  }

  void read_formula_string(const BiffRecord& record) {
    ContinuedData data(reader_, record);
    table_.cell(formula_row_ + uint64_t{1}, formula_column_, workbook_.read_string(data, false), true);
  }

  void read_note(const BiffRecord& record) {
    const Bytes data(record.data);
    if (!workbook_.biff8) {
      const std::string text =
          codepage_to_utf8(record.data.substr(std::min<size_t>(6, data.size())), workbook_.codepage);
      const bool goes_on = data.u16(0) == 0xFFFF && !notes_.empty();
      if (!goes_on && notes_.size() < max_notes) notes_.push_back({data.u16(0), data.u16(2), 0, {}, {}});
      if (notes_.empty() || texts_bytes_ + text.size() > max_aside_bytes) {
        aside_full_ = true;
        return;
      }
      texts_bytes_ += text.size();
      notes_.back().text += text;
      return;
    }
    Note note{data.u16(0), data.u16(2), data.u16(6), {}, {}};
    ContinuedData rest(reader_, record);
    rest.skip(8);
    note.author = workbook_.read_string(rest, false);
    if (notes_.size() < max_notes) notes_.push_back(std::move(note));
  }

  void read_object(const Bytes& data) {
    if (workbook_.biff8 && data.size() >= 8 && data.u16(0) == 0x15) object_ = data.u16(6);
  }

  void read_text_object(const BiffRecord& record) {
    const uint16_t count = Bytes(record.data).u16(10);
    if (count == 0) return;
    ContinuedData data(reader_, record);
    if (!data.move_on()) throw Failure(model::VerdictKind::partial, "damaged text box");
    const bool wide = (data.u8() & 1) != 0;
    std::string text = data.characters(count, wide);
    if (texts_bytes_ + text.size() > max_aside_bytes) {
      aside_full_ = true;
      return;
    }
    texts_bytes_ += text.size();
    texts_[object_] += text;
  }

  void read_link(const BiffRecord& record) {
    PrintableStrings strings(4, [&](std::string_view text) { aside(links_, std::string(text) + "\n"); });
    strings.feed(record.data);
    strings.finish();
  }

  void read_header(const BiffRecord& record) {
    if (record.data.empty()) return;
    ContinuedData data(reader_, record);
    aside(headers_, workbook_.read_string(data, !workbook_.biff8) + "\n");
  }

  void aside(std::string& where, std::string_view text) {
    if (where.size() + text.size() > max_aside_bytes) {
      aside_full_ = true;
      return;
    }
    where += text;
  }

  /// Comments are text boxes that a NOTE record ties to a cell; the other text boxes stand alone.
  void give_comments() {
    for (const Note& note : notes_) {
      const auto found = texts_.find(note.object);
      const std::string& text = workbook_.biff8 && found != texts_.end() ? found->second : note.text;
      sink_.begin_text({.name = "comments", .table = name_, .cell = cell_name(note.row, note.column)});
      sink_.text(fmt::format("{}{}{}\n", note.author, note.author.empty() ? "" : ": ", text));
      sink_.end_text();
      if (workbook_.biff8 && found != texts_.end()) texts_.erase(found);
    }
    for (const auto& [object, text] : texts_) aside(boxes_, text + "\n");
  }

  void give(const char* part, const std::string& text) {
    if (text.empty()) return;
    sink_.begin_text({.name = part, .table = name_});
    sink_.text(text);
    sink_.end_text();
  }

  BiffReader& reader_;
  Workbook& workbook_;
  const std::string& name_;
  SheetTable table_;
  FormulaTexts formulas_;
  Sink& sink_;
  std::vector<Note> notes_;
  std::map<uint16_t, std::string> texts_;  ///< by object number
  std::string boxes_, links_, headers_;
  size_t texts_bytes_ = 0;
  uint64_t records_ = 0;
  uint32_t formula_row_ = 0;
  uint32_t formula_column_ = 0;
  uint16_t object_ = 0;
  bool aside_full_ = false;
};

}  // namespace

void read_sheet(BiffReader& reader, Workbook& workbook, const std::string& name, Sink& sink) {
  SheetReader(reader, workbook, name, sink).read();
}

}  // namespace assay::extract
