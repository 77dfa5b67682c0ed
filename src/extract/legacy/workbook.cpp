#include "extract/legacy/workbook.h"

#include "extract/legacy/cell_format.h"
#include "extract/legacy/embedded.h"
#include "extract/ole/bytes.h"
#include "extract/ole/codepage.h"

namespace assay::extract {
namespace {

constexpr size_t max_shared_bytes = size_t{40} << 20;
constexpr size_t max_formats = 10'000;
constexpr size_t max_cell_formats = 70'000;

enum Record : uint16_t {
  record_eof = 0x000A, record_1904 = 0x0022, record_filepass = 0x002F, record_codepage = 0x0042, record_boundsheet = 0x0085,
  record_xf = 0x00E0, record_sst = 0x00FC, record_format = 0x041E,
};

/// [MS-XLS] 2.5.293: a string with formatting runs and phonetic data, which are skipped.
std::string read_rich_string(ContinuedData& data) {
  const uint16_t count = data.u16();
  const uint8_t flags = data.u8();
  const uint16_t runs = (flags & 8) != 0 ? data.u16() : 0;
  const uint32_t phonetic = (flags & 4) != 0 ? data.u32() : 0;
  std::string text = data.characters(count, (flags & 1) != 0);
  data.skip(uint64_t{runs} * 4 + phonetic);
  return text;
}

/// Strings that do not fit in memory are given at once, so that they are examined even though their cells are lost.
void read_shared_strings(ContinuedData data, Workbook& workbook, Sink& sink) {
  data.u32();
  const uint32_t count = data.u32();
  bool spilling = false;
  for (uint32_t i = 0; i < count; ++i) {
    if (data.at_end()) throw Failure(model::VerdictKind::partial, "fewer shared strings than announced");
    const std::string text = read_rich_string(data);
    if (i % 4096 == 0) sink.tick();
    if (!spilling && workbook.strings.add(text)) continue;
    if (!spilling) sink.begin_text({.name = "shared strings"});
    spilling = true;
    sink.text(text);
    sink.text("\n");
  }
  if (!spilling) return;
  sink.end_text();
  sink.partial("shared strings past memory are given without their cells");
}

void read_bound_sheet(const BiffRecord& record, BiffReader& reader, Workbook& workbook) {
  const uint32_t offset = Bytes(record.data).u32(0);
  ContinuedData data(reader, record);
  data.skip(6);
  workbook.sheet_names[offset] = workbook.read_string(data, true);
}

void read_format(const BiffRecord& record, BiffReader& reader, Workbook& workbook) {
  if (workbook.formats.size() >= max_formats) return;
  const uint16_t id = Bytes(record.data).u16(0);
  ContinuedData data(reader, record);
  data.skip(2);
  workbook.formats[id] = workbook.read_string(data, !workbook.biff8);
}

void read_global(const BiffRecord& record, BiffReader& reader, Workbook& workbook, Sink& sink) {
  const Bytes data(record.data);
  switch (record.type) {
    case record_filepass: throw Failure(model::VerdictKind::encrypted, "password-protected workbook");
    case record_codepage: workbook.codepage = data.u16(0); break;
    case record_1904: workbook.since_1904 = data.u16(0) != 0; break;
    case record_format: read_format(record, reader, workbook); break;
    case record_boundsheet: read_bound_sheet(record, reader, workbook); break;
    case record_sst: read_shared_strings({reader, record}, workbook, sink); break;
    case record_xf:
      if (workbook.cell_formats.size() < max_cell_formats) workbook.cell_formats.push_back(data.u16(2));
      break;
    default: break;
  }
}

}  // namespace

bool BiffStrings::add(std::string_view text) {
  if (packed_.size() + text.size() + ends_.size() * sizeof(uint32_t) > max_shared_bytes) return false;
  packed_ += text;
  ends_.push_back(static_cast<uint32_t>(packed_.size()));
  return true;
}

std::string_view BiffStrings::at(uint32_t index) const noexcept {
  if (index >= ends_.size()) return {};
  const uint32_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(packed_).substr(begin, ends_[index] - begin);
}

std::string Workbook::format_cell(double value, uint16_t xf) const {
  if (xf >= cell_formats.size()) return format_number(value);
  const uint16_t id = cell_formats[xf];
  const auto own = formats.find(id);
  const NumberKind kind = own == formats.end() ? builtin_number_kind(id) : number_kind(own->second);
  if (kind == NumberKind::date) return format_serial_date(value, since_1904);
  if (kind == NumberKind::digits) return format_digits(value, own->second);
  return format_number(value);
}

std::string Workbook::read_string(ContinuedData& data, bool short_count) const {
  const size_t count = short_count ? data.u8() : data.u16();
  if (biff8) {
    const uint8_t flags = data.u8();
    return data.characters(count, (flags & 1) != 0);
  }
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(data.u8());
  return codepage_to_utf8(bytes, codepage);
}

void read_globals(BiffReader& reader, Workbook& workbook, Sink& sink) {
  BiffRecord record;
  while (reader.next(record)) {
    if (record.type == record_eof) return;
    or_partial(sink, [&] { read_global(record, reader, workbook, sink); });
  }
}

}  // namespace assay::extract
