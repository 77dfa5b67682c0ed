#include "extract/legacy/workbook.h"

#include "extract/legacy/embedded.h"
#include "extract/ole/bytes.h"
#include "extract/ole/codepage.h"

namespace assay::extract {
namespace {

enum Record : uint16_t {
  record_eof = 0x000A,
  record_1904 = 0x0022,
  record_filepass = 0x002F,
  record_codepage = 0x0042,
  record_boundsheet = 0x0085,
  record_xf = 0x00E0,
  record_sst = 0x00FC,
  record_format = 0x041E,
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

/// Strings for which there is no room are given at once, so that they are examined even though their cells are lost.
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
  sink.partial("shared strings past the room for them are given without their cells");
}

void read_bound_sheet(const BiffRecord& record, BiffReader& reader, Workbook& workbook) {
  const uint32_t offset = Bytes(record.data).u32(0);
  ContinuedData data(reader, record);
  data.skip(6);
  workbook.sheet_names[offset] = workbook.read_string(data, true);
}

void read_format(const BiffRecord& record, BiffReader& reader, Workbook& workbook) {
  const uint16_t id = Bytes(record.data).u16(0);
  ContinuedData data(reader, record);
  data.skip(2);
  workbook.formats.add_number_format(id, workbook.read_string(data, !workbook.biff8));
}

void read_global(const BiffRecord& record, BiffReader& reader, Workbook& workbook, Sink& sink) {
  const Bytes data(record.data);
  switch (record.type) {
    case record_filepass: throw Failure(model::VerdictKind::encrypted, "password-protected workbook");
    case record_codepage: workbook.codepage = data.u16(0); break;
    case record_1904:
      if (data.u16(0) != 0) workbook.formats.count_days_from_1904();
      break;
    case record_format: read_format(record, reader, workbook); break;
    case record_boundsheet: read_bound_sheet(record, reader, workbook); break;
    case record_sst: read_shared_strings({reader, record}, workbook, sink); break;
    case record_xf: workbook.formats.add_cell_format(data.u16(2)); break;
    default: break;
  }
}

}  // namespace

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
