#include "tests/support/samples_office.h"

#include <fmt/format.h>

namespace assay::tests {
namespace {

constexpr std::string_view xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view types = "http://schemas.openxmlformats.org/package/2006/content-types";
constexpr std::string_view relationships = "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr std::string_view office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

std::string relations(const std::vector<std::pair<std::string, std::string>>& targets_by_type) {
  std::string out = fmt::format("{}<Relationships xmlns=\"{}\">", xml_head, relationships);
  int n = 0;
  for (const auto& [type, target] : targets_by_type)
    out += fmt::format("<Relationship Id=\"rId{}\" Type=\"{}/{}\" Target=\"{}\"/>", ++n, office, type, target);
  return out + "</Relationships>";
}

std::string content_types(std::string_view main_part, std::string_view main_type) {
  return fmt::format(
      "{}<Types xmlns=\"{}\"><Default Extension=\"rels\" "
      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
      "ContentType=\"application/xml\"/><Override PartName=\"{}\" "
      "ContentType=\"application/vnd.openxmlformats-officedocument.{}.main+xml\"/></Types>",
      xml_head, types, main_part, main_type);
}

std::string odf_package(std::string_view kind, std::string_view body) {
  const std::string mime = fmt::format("application/vnd.oasis.opendocument.{}", kind);
  const std::string content = fmt::format(
      "{}<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
      "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
      "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\"><office:body>{}</office:body></"
      "office:document-content>",
      xml_head, body);
  const std::string manifest = fmt::format(
      "{}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><manifest:file-entry "
      "manifest:full-path=\"/\" manifest:media-type=\"{}\"/><manifest:file-entry manifest:full-path=\"content.xml\" "
      "manifest:media-type=\"text/xml\"/></manifest:manifest>",
      xml_head, mime);
  return stored_zip_of({{"mimetype", mime}, {"content.xml", content}, {"META-INF/manifest.xml", manifest}});
}

std::string text_paragraph(std::string_view text) { return fmt::format("<text:p>{}</text:p>", xml_escaped(text)); }

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

Files docx_parts(std::string_view body_xml) {
  return {
      {"[Content_Types].xml", content_types("/word/document.xml", "wordprocessingml.document")},
      {"_rels/.rels", relations({{"officeDocument", "word/document.xml"}})},
      {"word/document.xml",
       fmt::format("{}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{}"
                   "</w:body></w:document>",
                   xml_head, body_xml)}};
}

std::string docx_of(const std::vector<std::string>& paragraphs) {
  std::string body;
  for (const auto& text : paragraphs) body += fmt::format("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", xml_escaped(text));
  return zip_of(docx_parts(body));
}

Files xlsx_parts(std::string_view rows_xml) {
  return {{"[Content_Types].xml", content_types("/xl/workbook.xml", "spreadsheetml.sheet")},
          {"_rels/.rels", relations({{"officeDocument", "xl/workbook.xml"}})},
          {"xl/workbook.xml",
           fmt::format("{}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{}\">"
                       "<sheets><sheet name=\"Staff\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
                       xml_head, office)},
          {"xl/_rels/workbook.xml.rels", relations({{"worksheet", "worksheets/sheet1.xml"}})},
          {"xl/worksheets/sheet1.xml",
           fmt::format("{}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{}"
                       "</sheetData></worksheet>",
                       xml_head, rows_xml)}};
}

std::string xlsx_of(const std::vector<std::vector<std::string>>& rows) {
  std::string xml;
  for (size_t r = 0; r < rows.size(); ++r) {
    xml += fmt::format("<row r=\"{}\">", r + 1);
    for (size_t c = 0; c < rows[r].size(); ++c)
      xml += fmt::format("<c r=\"{}{}\" t=\"inlineStr\"><is><t>{}</t></is></c>", static_cast<char>('A' + c), r + 1,
                         xml_escaped(rows[r][c]));
    xml += "</row>";
  }
  return zip_of(xlsx_parts(xml));
}

std::string pptx_of(const std::vector<std::string>& slides) {
  Files parts{{"[Content_Types].xml", content_types("/ppt/presentation.xml", "presentationml.presentation")},
              {"_rels/.rels", relations({{"officeDocument", "ppt/presentation.xml"}})}};
  std::vector<std::pair<std::string, std::string>> targets;
  std::string ids;
  for (size_t i = 0; i < slides.size(); ++i) {
    const std::string name = fmt::format("slides/slide{}.xml", i + 1);
    targets.emplace_back("slide", name);
    ids += fmt::format("<p:sldId id=\"{}\" r:id=\"rId{}\"/>", 256 + i, i + 1);
    parts.emplace_back(
        "ppt/" + name,
        fmt::format("{}<p:sld xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" "
                    "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><p:cSld><p:spTree>"
                    "<p:sp><p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>",
                    xml_head, xml_escaped(slides[i])));
  }
  parts.emplace_back(
      "ppt/presentation.xml",
      fmt::format("{}<p:presentation xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" "
                  "xmlns:r=\"{}\"><p:sldIdLst>{}</p:sldIdLst></p:presentation>",
                  xml_head, office, ids));
  parts.emplace_back("ppt/_rels/presentation.xml.rels", relations(targets));
  return zip_of(parts);
}

std::string odt_of(const std::vector<std::string>& paragraphs) {
  std::string body;
  for (const auto& text : paragraphs) body += text_paragraph(text);
  return odf_package("text", "<office:text>" + body + "</office:text>");
}

std::string ods_of(const std::vector<std::vector<std::string>>& rows) {
  std::string body = "<table:table table:name=\"Staff\">";
  for (const auto& row : rows) {
    body += "<table:table-row>";
    for (const auto& cell : row) body += "<table:table-cell>" + text_paragraph(cell) + "</table:table-cell>";
    body += "</table:table-row>";
  }
  return odf_package("spreadsheet", "<office:spreadsheet>" + body + "</table:table></office:spreadsheet>");
}

}  // namespace assay::tests
