#include <cmath>
#include <string>
#include <vector>

#include "extract/office/cell_format.h"
#include "extract/office/office.h"
#include "extract/office/ooxml_rest.h"
#include "extract/office/package.h"
#include "extract/office/relationships.h"
#include "extract/office/shared_strings.h"
#include "extract/office/sheet_comments.h"
#include "extract/office/sheet_table.h"
#include "extract/office/text_streams.h"
#include "extract/office/xlsb_records.h"
#include "model/column_letters.h"

namespace assay::extract {
namespace {

/// Record numbers of [MS-XLSB] 2.3.2.
enum Record : uint32_t {
  row_header = 0,
  cell_rk = 2,
  cell_error = 3,
  cell_bool = 4,
  cell_real = 5,
  cell_string = 6,
  cell_shared = 7,
  formula_string = 8,
  formula_number = 9,
  formula_bool = 10,
  formula_error = 11,
  shared_item = 19,
  number_format = 44,
  cell_format = 47,
  cell_rich_string = 62,
  workbook_properties = 153,
  bundle_sheet = 156,
  begin_cell_formats = 617,
  end_cell_formats = 618,
  comment_author = 632,
  begin_comment = 635,
  comment_text = 637,
};

struct SheetName {
  std::string name;
  std::string relationship;
};

class BinaryWorkbook {
 public:
  explicit BinaryWorkbook(Package& package) : package_(package), strings_(package.context().scratch) {}

  void extract() {
    const size_t workbook = main_part(package_, "xl/workbook.bin");
    if (workbook == Package::none) package_.sink().partial("workbook without its main part");
    std::vector<SheetName> sheets;
    read(workbook, [&](uint32_t type, XlsbFields fields) {
      constexpr size_t max_sheets = 100'000;
      if (type == workbook_properties && (fields.u32() & 1) != 0) formats_.count_days_from_1904();
      if (type != bundle_sheet || sheets.size() >= max_sheets) return;
      fields.skip(8);  // state, sheet id
      std::string relationship = fields.wide_string();
      sheets.push_back({fields.wide_string(), std::move(relationship)});
    });
    load_styles();
    load_strings();
    const auto relationships =
        workbook == Package::none ? std::vector<Relationship>() : relationships_of(package_, package_.name(workbook));
    for (const SheetName& sheet : sheets)
      extract_sheet(related_part(package_, relationships, sheet.relationship), sheet.name);
    extract_other_parts();
  }

 private:
  template <typename OnRecord>
  void read(size_t part, OnRecord on_record) {
    XlsbRecords records([&](uint32_t type, std::string_view data) { on_record(type, XlsbFields(data)); });
    package_.read(part, [&](std::string_view bytes) { records.feed(bytes); });
    if (records.passed_over_any()) package_.sink().partial("record longer than 1 MiB");
  }

  void load_styles() {
    bool in_cell_formats = false;
    read(package_.find("xl/styles.bin"), [&](uint32_t type, XlsbFields fields) {
      if (type == begin_cell_formats || type == end_cell_formats) in_cell_formats = type == begin_cell_formats;
      if (type == number_format) {
        const uint16_t id = fields.u16();
        formats_.add_number_format(id, fields.wide_string());
      }
      if (type == cell_format && in_cell_formats) {
        fields.skip(2);  // parent
        formats_.add_cell_format(fields.u16());
      }
    });
  }

  void load_strings() {
    bool fits = true;
    read(package_.find("xl/sharedStrings.bin"), [&](uint32_t type, XlsbFields fields) {
      if (type != shared_item) return;
      fields.skip(1);  // flags of a rich string
      fits = strings_.add(fields.wide_string()) && fits;
    });
    if (!fits) package_.sink().partial("more shared strings than fit");
  }

  void extract_sheet(size_t part, const std::string& name) {
    if (part == Package::none) {
      package_.sink().partial("missing sheet");
      return;
    }
    if (package_.is_taken(part)) return;
    SheetTable table(package_.sink(), name);
    uint64_t row = 0;
    read(part, [&](uint32_t type, XlsbFields fields) {
      if (type == row_header) row = uint64_t{fields.u32()} + 1;
      if ((type >= cell_rk && type <= formula_error) || type == cell_rich_string) give_cell(table, row, type, fields);
    });
    table.finish();
    for (const size_t comments : comment_parts_of(package_, part)) extract_comments(comments, name);
  }

  void give_cell(SheetTable& table, uint64_t row, uint32_t type, XlsbFields fields) {
    const uint32_t column = fields.u32();
    const size_t style = fields.u32() & 0xFFFFFF;
    switch (type) {
      case cell_rk: table.cell(row, column, formats_.show(fields.rk(), style), false); break;
      case cell_real:
      case formula_number: {
        const double value = fields.real();
        if (std::isfinite(value)) table.cell(row, column, formats_.show(value, style), false);
        break;
      }
      case cell_bool:
      case formula_bool: table.cell(row, column, fields.u8() != 0 ? "TRUE" : "FALSE", false); break;
      case cell_shared: table.cell(row, column, strings_.get(fields.u32()), true); break;
      case cell_rich_string: fields.skip(1); [[fallthrough]];
      case cell_string:
      case formula_string: table.cell(row, column, fields.wide_string(), true); break;
      default: break;  // errors hold nothing
    }
  }

  /// Sheets that the workbook does not name, and comments.
  void extract_other_parts() {
    for (size_t part = 0; part < package_.part_count(); ++part) {
      const std::string name = lower_ascii(package_.name(part));
      if (package_.is_taken(part) || !name.ends_with(".bin")) continue;
      if (name.find("worksheets/sheet") != std::string::npos) {
        extract_sheet(part, package_.name(part));
      } else if (name.find("/comments") != std::string::npos) {
        extract_comments(part, {});
      } else if (name.starts_with("xl/") && name.find("embeddings/") == std::string::npos &&
                 name.find("vbaproject") == std::string::npos && name.find("activex") == std::string::npos) {
        package_.take(part);  // binary copies of styles, calculation chains, tables, indices
      }
    }
  }

  void extract_comments(size_t part, const std::string& sheet) {
    TextStreams streams(package_.sink(), {.name = "comments", .table = sheet});
    read(part, [&](uint32_t type, XlsbFields fields) {
      if (type == begin_comment) {
        fields.skip(4);  // author
        const uint64_t row = uint64_t{fields.u32()} + 1;
        fields.skip(4);  // last row
        const std::string cell = model::column_letters(fields.u32()) + std::to_string(row);
        streams.restart({.name = "comments", .table = sheet, .cell = cell});
      }
      if (type != comment_text && type != comment_author) return;
      if (type == comment_text) fields.skip(1);
      streams.main().write(fields.wide_string());
      streams.main().end_line();
      streams.flush_if_large();
    });
    streams.finish();
  }

  Package& package_;
  CellFormats formats_;
  SharedStrings strings_;
};

}  // namespace

void extract_xlsb(Input& input, const Context& context, Sink& sink) {
  Package package(input, context, sink);
  {
    BinaryWorkbook workbook(package);
    workbook.extract();
  }
  extract_ooxml_rest(package);
}

}  // namespace assay::extract
