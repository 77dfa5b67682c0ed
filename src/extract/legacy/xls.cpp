#include "extract/legacy/biff_reader.h"
#include "extract/legacy/embedded.h"
#include "extract/legacy/legacy.h"
#include "extract/legacy/vba.h"
#include "extract/legacy/workbook.h"
#include "extract/ole/bytes.h"
#include "extract/ole/compound_file.h"
#include "extract/ole/property_set.h"

namespace assay::extract {
namespace {

constexpr uint16_t record_bof = 0x0809;
constexpr uint16_t version_biff8 = 0x0600;
constexpr uint16_t substream_globals = 0x0005;

/// Substreams follow one another: the globals first, then the sheets, whose names the globals give by offset.
void read_workbook(Input& stream, const Context& context, Sink& sink) {
  BiffReader reader(stream);
  BiffRecord record;
  Workbook workbook(context.scratch);
  size_t unnamed = 0;
  bool any = false;
  while (reader.next(record)) {
    if (record.type != record_bof || record.data.size() < 4) continue;
    const Bytes data(record.data);
    workbook.biff8 = data.u16(0) >= version_biff8;
    any = true;
    if (data.u16(2) == substream_globals) {
      read_globals(reader, workbook, sink);
      continue;
    }
    const auto name = workbook.sheet_names.find(record.offset);
    read_sheet(reader, workbook,
               name != workbook.sheet_names.end() ? name->second : "sheet " + std::to_string(++unnamed), sink);
  }
  if (!any) throw Failure(model::VerdictKind::partial, "no sheets in the workbook stream");
  if (reader.cut() || !reader.whole()) sink.partial("workbook stream is cut");
}

}  // namespace

void extract_xls(Input& input, const Context& context, Sink& sink) {
  CompoundFile file(input);
  auto stream = file.open("Workbook");
  if (!stream) stream = file.open("Book");
  if (!stream) throw Failure(model::VerdictKind::partial, "no workbook stream");
  or_partial(sink, [&] { read_workbook(*stream, context, sink); });
  extract_properties(file, sink);
  extract_macros(file, sink);
  extract_embedded(file, sink);
}

}  // namespace assay::extract
