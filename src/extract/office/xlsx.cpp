#include <charconv>
#include <string>
#include <vector>

#include "extract/office/header_codes.h"
#include "extract/office/office.h"
#include "extract/office/ooxml_rest.h"
#include "extract/office/package.h"
#include "extract/office/relationships.h"
#include "extract/office/sheet_comments.h"
#include "extract/office/sheet_xml.h"
#include "extract/office/text_streams.h"

namespace assay::extract {
namespace {

struct SheetName {
  std::string name;
  std::string relationship;
};

/// The workbook part: its sheets in order and the texts of its defined names.
class WorkbookXml final : public XmlHandler {
 public:
  WorkbookXml(CellFormats& formats, TextStreams& names) : formats_(formats), names_(names) {}

  void start(const XmlElement& element) override {
    constexpr size_t max_sheets = 100'000;
    const std::string_view name = element.name();
    if (name == "sheet" && sheets.size() < max_sheets)
      sheets.push_back({element.attribute("name"), element.relationship()});
    if (name == "workbookPr") {
      const std::string flag = element.attribute("date1904");
      if (flag == "1" || flag == "true") formats_.count_days_from_1904();
    }
    if (name == "definedName") {
      in_name_ = true;
      names_.main().write(element.attribute("name") + ": ");
    }
  }
  void end(std::string_view name) override {
    if (name != "definedName") return;
    in_name_ = false;
    names_.main().end_line();
    names_.flush_if_large();
  }
  void text(std::string_view utf8) override {
    if (in_name_) names_.main().write(utf8);
  }

  std::vector<SheetName> sheets;

 private:
  CellFormats& formats_;
  TextStreams& names_;
  bool in_name_ = false;
};

class StylesXml final : public XmlHandler {
 public:
  explicit StylesXml(CellFormats& formats) : formats_(formats) {}

  void start(const XmlElement& element) override {
    if (element.name() == "numFmt")
      formats_.add_number_format(number(element, "numFmtId"), element.attribute("formatCode"));
    if (element.name() == "xf" && element.parent() == "cellXfs") formats_.add_cell_format(number(element, "numFmtId"));
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

 private:
  static uint32_t number(const XmlElement& element, std::string_view name) {
    const std::string text = element.attribute(name);
    uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  CellFormats& formats_;
};

class SharedStringsXml final : public XmlHandler {
 public:
  SharedStringsXml(SharedStrings& strings, Sink& sink) : strings_(strings), sink_(sink) {}

  void start(const XmlElement& element) override {
    if (element.name() == "rPh") ++phonetic_;
    in_text_ = element.name() == "t" && phonetic_ == 0;
  }
  void end(std::string_view name) override {
    in_text_ = false;
    if (name == "rPh" && phonetic_ > 0) --phonetic_;
    if (name != "si") return;
    if (!strings_.add(string_)) complain();
    string_.clear();
  }
  void text(std::string_view utf8) override {
    constexpr size_t max_string_bytes = size_t{8} << 20;
    if (!in_text_) return;
    if (string_.size() + utf8.size() > max_string_bytes) return complain();
    string_ += utf8;
  }

 private:
  void complain() {
    if (!complained_) sink_.partial("more shared strings than fit");
    complained_ = true;
  }

  SharedStrings& strings_;
  Sink& sink_;
  std::string string_;
  size_t phonetic_ = 0;
  bool in_text_ = false;
  bool complained_ = false;
};

void give_text(Sink& sink, std::string_view part, const std::string& sheet, std::string_view text) {
  if (text.empty()) return;
  sink.begin_text({.name = std::string(part), .table = sheet});
  sink.text(text);
  sink.end_text();
}

class Workbook {
 public:
  explicit Workbook(Package& package) : package_(package), strings_(package.context().scratch) {}

  void extract() {
    const size_t workbook = main_part(package_, "xl/workbook.xml");
    if (workbook == Package::none) {
      package_.sink().partial("workbook without its main part");
      return extract_unnamed_sheets();
    }
    TextStreams names(package_.sink(), {.name = "names"});
    WorkbookXml xml(formats_, names);
    package_.parse(workbook, xml);
    names.finish();
    const auto relationships = relationships_of(package_, package_.name(workbook));
    load(relationships);
    for (const SheetName& sheet : xml.sheets) {
      const size_t part = related_part(package_, relationships, sheet.relationship);
      if (part == Package::none) package_.sink().partial("missing sheet");
      else if (!package_.is_taken(part)) extract_sheet(part, sheet.name);
    }
    extract_unnamed_sheets();
  }

 private:
  void load(const std::vector<Relationship>& relationships) {
    size_t part = related_part_by_type(package_, relationships, "styles");
    if (part == Package::none) part = package_.find("xl/styles.xml");
    StylesXml styles(formats_);
    package_.parse(part, styles);
    part = related_part_by_type(package_, relationships, "sharedStrings");
    if (part == Package::none) part = package_.find("xl/sharedStrings.xml");
    SharedStringsXml strings(strings_, package_.sink());
    package_.parse(part, strings);
  }

  void extract_sheet(size_t part, const std::string& name) {
    Sink& sink = package_.sink();
    SheetTable table(sink, name);
    FormulaTexts formulas(name);
    SheetXml sheet(table, formulas, formats_, strings_, sink);
    package_.parse(part, sheet);
    table.finish();
    formulas.give(sink);
    give_text(sink, "headers", name, without_header_codes(sheet.headers()));
    give_text(sink, "validations", name, sheet.validations());
    give_text(sink, "links", name, sheet.links());
    extract_sheet_comments(package_, part, name);
  }

  /// Sheets that no workbook names any more, or that it could not tell of.
  void extract_unnamed_sheets() {
    if (strings_.count() == 0) load({});
    for (size_t part = 0; part < package_.part_count(); ++part) {
      const std::string name = lower_ascii(package_.name(part));
      if (package_.is_taken(part) || !name.ends_with(".xml")) continue;
      if (name.find("worksheets/") == std::string::npos && name.find("macrosheets/") == std::string::npos) continue;
      extract_sheet(part, package_.name(part));
    }
  }

  Package& package_;
  CellFormats formats_;
  SharedStrings strings_;
};

}  // namespace

void extract_xlsx(Input& input, const Context& context, Sink& sink) {
  Package package(input, context, sink);
  {
    Workbook workbook(package);
    workbook.extract();
  }
  extract_ooxml_rest(package);
}

}  // namespace assay::extract
