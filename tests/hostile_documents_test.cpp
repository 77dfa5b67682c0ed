// Documents that were made to do harm.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/support/hostile.h"
#include "tests/support/samples.h"
#include "tests/support/samples_office.h"

namespace assay::tests {
namespace {

using model::VerdictKind;
using std::chrono::seconds;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* card_text = "Card 5555 5555 5555 4444 exp 12/27";

// Ten levels of ten references: 10^10 times the word, if anybody expands it.
std::string billion_laughs() {
  std::string dtd = "<!DOCTYPE lolz [<!ENTITY l0 \"card 4111 1111 1111 1111 \">";
  for (int i = 1; i <= 10; ++i)
    dtd += fmt::format("<!ENTITY l{} \"{}\">", i, repeated(fmt::format("&l{};", i - 1), 10));
  return dtd + "]>";
}

std::vector<std::string> entities_in(const ScanResult& result, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& finding : result.in(name)) names.push_back(finding.entity);
  return names;
}

Files with_part(Files parts, std::string_view name, const std::string& content) {
  for (auto& [part, bytes] : parts)
    if (part == name) bytes = content;
  return parts;
}

std::string with_doctype(std::string xml, const std::string& doctype) {
  return xml.insert(xml.find("?>") + 2, doctype);
}

TEST(HostileDocuments, XmlBombs) {
  const TemporaryTree tree;
  const std::string bomb = billion_laughs();
  tree.write("a.xml", "<?xml version=\"1.0\"?>" + bomb + "<lolz>&l10;</lolz>");
  tree.write("b.svg",
             "<?xml version=\"1.0\"?>" + bomb + "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>&l10;</text></svg>");
  tree.write("c.html", "<?xml version=\"1.0\"?>" + bomb + "<html><body>&l10;</body></html>");
  const Files docx = docx_parts("<w:p><w:r><w:t>&l10;</w:t></w:r></w:p>");
  tree.write("d.docx", zip_of(with_part(docx, "word/document.xml", with_doctype(docx.back().second, bomb))));
  const Files xlsx = xlsx_parts("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&l10;</t></is></c></row>");
  tree.write("e.xlsx", zip_of(with_part(xlsx, "xl/worksheets/sheet1.xml", with_doctype(xlsx.back().second, bomb))));
  tree.write("f.odt",
             stored_zip_of({{"mimetype", "application/vnd.oasis.opendocument.text"},
                            {"content.xml", "<?xml version=\"1.0\"?>" + bomb +
                                                "<office:document-content xmlns:office=\"o\" "
                                                "xmlns:text=\"t\"><text:p>&l10;</text:p></office:document-content>"}}));
  // Quadratic: one long entity, named often.
  tree.write(
      "g.docx",
      zip_of(with_part(
          docx, "word/document.xml",
          with_doctype(docx_parts("<w:p><w:r><w:t>" + repeated("&a;", 100'000) + "</w:t></w:r></w:p>").back().second,
                       "<!DOCTYPE x [<!ENTITY a \"" + std::string(100'000, 'a') + "\">]>"))));
  const ScanResult result = scan_hostile(tree);
  for (const auto& record : result.records)
    EXPECT_THAT(to_text(record.verdict), AnyOf(Eq("OK"), StartsWith("PARTIAL"), StartsWith("LIMIT"))) << record.object;
  EXPECT_LT(result.findings.size(), 10U);
}

TEST(HostileDocuments, ExternalEntitiesStayOutside) {
  const TemporaryTree outside, tree;
  const std::string secret = outside.write("secret.txt", "card 6011 1111 1111 1117");
  const std::string doctype =
      "<!DOCTYPE x [<!ENTITY f SYSTEM \"file://" + secret +
      "\"><!ENTITY p SYSTEM \"file:///etc/passwd\"><!ENTITY % r SYSTEM \"http://127.0.0.1:9/x.dtd\"> %r;]>";
  tree.write("a.xml", "<?xml version=\"1.0\"?>" + doctype + "<x>&f;&p;</x>");
  const Files docx = docx_parts("<w:p><w:r><w:t>&f;&p; and " + std::string(card_text) + "</w:t></w:r></w:p>");
  tree.write("b.docx", zip_of(with_part(docx, "word/document.xml", with_doctype(docx.back().second, doctype))));
  const Files xlsx = xlsx_parts("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&f;</t></is></c></row>");
  tree.write("c.xlsx", zip_of(with_part(xlsx, "xl/worksheets/sheet1.xml", with_doctype(xlsx.back().second, doctype))));
  tree.write("d.xml", "<x xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include parse=\"text\" href=\"file://" +
                          secret + "\"/></x>");
  tree.write("e.html", "<html><iframe src=\"file://" + secret + "\"></iframe></html>");
  tree.write("f.rtf", "{\\rtf1{\\field{\\*\\fldinst INCLUDETEXT \"" + secret + "\"}}\\par}");
  const ScanResult result = scan_hostile(tree);
  for (const auto& finding : result.findings)
    EXPECT_EQ(finding.masked.find("1117"), std::string::npos) << finding.object;
}

std::string page_tree(const std::string& pages, const std::vector<std::string>& more = {}) {
  std::vector<std::string> objects{"<< /Type /Catalog /Pages 2 0 R >>", pages};
  objects.insert(objects.end(), more.begin(), more.end());
  return pdf_of_objects(objects);
}

std::string pdf_stream(const std::string& content, const std::string& extra) {
  return fmt::format("<< /Length {} {} >>\nstream\n{}\nendstream", content.size(), extra, content);
}

std::string zlib_of(const std::string& deflated_bytes) { return "\x78\x9c" + deflated_bytes; }

TEST(HostileDocuments, PdfsWithoutEnd) {
  const TemporaryTree tree;
  tree.write("cycle.pdf", page_tree("<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>",
                                    {"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>"}));
  tree.write("count.pdf", page_tree("<< /Type /Pages /Kids [] /Count 2147483647 >>"));
  tree.write("negative.pdf", page_tree("<< /Type /Pages /Kids [] /Count -2147483648 >>"));
  std::string chain = pdf_of({card_text});
  tree.write("prev.pdf", chain.insert(chain.rfind("/Root"), "/Prev " + std::to_string(chain.rfind("xref\n0")) + " "));
  tree.write("arrays.pdf", page_tree("<< /Type /Pages /Kids " + std::string(1'000'000, '[') + " /Count 1 >>"));
  tree.write("dictionaries.pdf",
             page_tree("<< /Type /Pages /Kids [] /Count 0 /X " + repeated("<</X ", 500'000) + " >>"));
  tree.write(
      "form.pdf",
      page_tree(
          "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
          {"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> "
           ">> >>",
           pdf_stream("/F Do", ""),
           pdf_stream("/F Do /F Do",
                      "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /F 5 0 R >> >>")}));
  tree.write("outline.pdf",
             pdf_of_objects({"<< /Type /Catalog /Pages 2 0 R /Outlines 3 0 R >>",
                             "<< /Type /Pages /Kids [] /Count 0 >>", "<< /First 4 0 R /Last 4 0 R /Count 1 >>",
                             "<< /Title (x) /Parent 3 0 R /Next 4 0 R /First 4 0 R >>"}));
  tree.write("names.pdf", pdf_of_objects({"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 3 0 R >> >>",
                                          "<< /Type /Pages /Kids [] /Count 0 >>", "<< /Kids [3 0 R 3 0 R] >>"}));
  tree.write("form-fields.pdf",
             pdf_of_objects({"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
                             "<< /Type /Pages /Kids [] /Count 0 >>", "<< /T (x) /Kids [3 0 R 3 0 R] >>"}));
  const ScanResult result = scan_hostile(tree, seconds(60));
  for (const auto* name : {"/cycle.pdf", "count.pdf", "negative.pdf", "arrays.pdf", "dictionaries.pdf", "outline.pdf",
                           "names.pdf", "form-fields.pdf"})
    EXPECT_EQ(result.record(name).verdict.kind, VerdictKind::partial) << name;
  EXPECT_EQ(result.in("prev.pdf").size(), 1U);
  EXPECT_THAT(result.verdict("/form.pdf"), AnyOf(Eq("OK"), StartsWith("PARTIAL")));
}

TEST(HostileDocuments, PdfsThatSwell) {
  const TemporaryTree tree;
  const std::string page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>";
  const std::string pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
  tree.write("spaces.pdf",
             page_tree(pages, {page, pdf_stream(zlib_of(deflated_run(' ', 256 << 20)), "/Filter /FlateDecode")}));
  tree.write("operators.pdf",
             page_tree(pages, {page, pdf_stream(zlib_of(deflated_run('q', 128 << 20)), "/Filter /FlateDecode")}));
  const std::string text = "BT /F1 12 Tf 10 10 Td " +
                           repeated("(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ", 500'000) +
                           "ET";
  tree.write("text.pdf", page_tree(pages, {"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
                                           "/Resources << /Font << /F1 5 0 R >> >> >>",
                                           pdf_stream(zlib_of(deflated(text)), "/Filter /FlateDecode"),
                                           "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"}));
  std::string twice = deflated(zlib_of(deflated_run('(', 1 << 30)));
  tree.write("twice.pdf", page_tree(pages, {page, pdf_stream(zlib_of(twice), "/Filter [/FlateDecode /FlateDecode]")}));
  tree.write(
      "attachment.pdf",
      pdf_of_objects({"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a.txt) 3 0 R] >> >> >>",
                      "<< /Type /Pages /Kids [] /Count 0 >>", "<< /Type /Filespec /F (a.txt) /EF << /F 4 0 R >> >>",
                      pdf_stream(zlib_of(deflated_run('a', 2U << 30)), "/Type /EmbeddedFile /Filter /FlateDecode")}));
  tree.write("image.pdf",
             page_tree(pages, {"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << "
                               "/XObject << /I 5 0 R >> >> >>",
                               pdf_stream("/I Do", ""),
                               pdf_stream(zlib_of(deflated_run('\0', 256 << 20)),
                                          "/Type /XObject /Subtype /Image /Width 100000 /Height 100000 "
                                          "/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode")}));
  const ScanResult result = scan_hostile(tree, seconds(120));
  for (const auto* name : {"spaces.pdf", "operators.pdf", "text.pdf", "twice.pdf", "image.pdf"})
    EXPECT_THAT(result.verdict(name), AnyOf(Eq("OK"), StartsWith("PARTIAL"), StartsWith("OOM"), StartsWith("LIMIT")))
        << name;
  EXPECT_EQ(result.verdict("attachment.pdf", "a.txt"), "LIMIT max_expansion_ratio");
}

// A page whose content expands twice, past what an examiner may have.
std::string deadly_pdf() {
  const std::string twice = deflated(zlib_of(deflated_run('(', 1 << 30)));
  return page_tree("<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                   {"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>",
                    pdf_stream(zlib_of(twice), "/Filter [/FlateDecode /FlateDecode]")});
}

TEST(HostileDocuments, AMemberThatEndsItsExaminerCostsOnlyItself) {
#ifdef ASSAY_SANITIZED
  GTEST_SKIP() << "memory is not limited in a sanitizer build";
#endif
  const TemporaryTree tree;
  const std::string deadly = deadly_pdf();
  const std::string inner = zip_of({{"a.txt", card_text}, {"deadly.pdf", deadly}, {"b.txt", card_text}});
  tree.write("only.zip", zip_of({{"deadly.pdf", deadly}}));
  tree.write("first.zip", zip_of({{"deadly.pdf", deadly}, {"a.txt", card_text}}));
  tree.write("last.zip", zip_of({{"a.txt", card_text}, {"deadly.pdf", deadly}}));
  tree.write("nested.zip", zip_of({{"inner.zip", inner}, {"c.txt", card_text}}));
  tree.write("nested-last.zip",
             zip_of({{"c.txt", card_text}, {"inner.zip", zip_of({{"a.txt", card_text}, {"deadly.pdf", deadly}})}}));
  tree.write("twice.zip",
             zip_of({{"deadly1.pdf", deadly}, {"a.txt", card_text}, {"deadly2.pdf", deadly}, {"b.txt", card_text}}));
  tree.write("mail.eml", eml_of("x", card_text, {{"deadly.pdf", deadly}, {"a.txt", card_text}}));
  const ScanResult result = scan_hostile(tree, seconds(90));
  for (const auto* name :
       {"/only.zip", "/first.zip", "/last.zip", "/nested.zip", "/nested-last.zip", "/twice.zip", "/mail.eml"})
    EXPECT_EQ(result.verdict(name), "PARTIAL a member could not be examined") << name;
  for (const auto* name : {"/only.zip", "/first.zip", "/last.zip", "/mail.eml"})
    EXPECT_EQ(result.record(name, "deadly.pdf").verdict.kind, VerdictKind::oom) << name;
  EXPECT_EQ(result.record("/nested.zip", "inner.zip!/deadly.pdf").verdict.kind, VerdictKind::oom);
  EXPECT_EQ(result.record("/nested-last.zip", "inner.zip!/deadly.pdf").verdict.kind, VerdictKind::oom);
  EXPECT_EQ(result.record("/twice.zip", "deadly2.pdf").verdict.kind, VerdictKind::oom);
  const auto cards = [&](const char* name) { return std::ranges::count(entities_in(result, name), "CREDIT_CARD"); };
  EXPECT_EQ(cards("/first.zip"), 1);
  EXPECT_EQ(cards("/last.zip"), 1);
  EXPECT_EQ(cards("/nested.zip"), 3);
  EXPECT_EQ(cards("/nested-last.zip"), 2);
  EXPECT_EQ(cards("/twice.zip"), 2);
  EXPECT_EQ(cards("/mail.eml"), 2);
  std::set<std::string> places;
  for (const auto& record : result.records)
    EXPECT_TRUE(places.insert(record.object + "!/" + record.member).second)
        << "two verdicts for " << record.object << " " << record.member;
}

TEST(HostileDocuments, OfficeFilesThatSwell) {
  const TemporaryTree tree;
  const auto bomb_of = [](Files parts, std::string_view big_part, const std::string& head, const std::string& unit,
                          uint64_t times, const std::string& tail) {
    ZipMaker zip;
    for (const auto& [name, content] : parts)
      if (name != big_part)
        zip.add({.name = name, .data = content, .method = 0, .size = content.size(), .crc = crc_of(content)});
    const std::string all = head + repeated(unit, times) + tail;
    zip.add(
        {.name = std::string(big_part), .data = deflated(all), .method = 8, .size = all.size(), .crc = crc_of(all)});
    return zip.bytes();
  };
  const std::string word =
      "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";
  const Files docx = docx_parts("");
  tree.write("paragraphs.docx", bomb_of(docx, "word/document.xml", word, "<w:p><w:r><w:t>a</w:t></w:r></w:p>",
                                        4'000'000, "</w:body></w:document>"));
  tree.write("deep.docx", bomb_of(docx, "word/document.xml", word, "<w:tbl><w:tr><w:tc>", 1'000'000, ""));
  tree.write("attributes.docx",
             bomb_of(docx, "word/document.xml", word + "<w:p ", "a=\"1\" ", 5'000'000, "/></w:body></w:document>"));
  tree.write("name.docx", bomb_of(docx, "word/document.xml", word + "<", "aaaaaaaaaa", 10'000'000, ""));
  const Files xlsx = xlsx_parts("");
  const std::string sheet =
      "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
  tree.write("rows.xlsx", bomb_of(xlsx, "xl/worksheets/sheet1.xml", sheet, "<row><c><v>1</v></c></row>", 4'000'000,
                                  "</sheetData></worksheet>"));
  tree.write("columns.xlsx", bomb_of(xlsx, "xl/worksheets/sheet1.xml", sheet + "<row>", "<c><v>1</v></c>", 4'000'000,
                                     "</row></sheetData></worksheet>"));
  tree.write("far.xlsx", zip_of(xlsx_parts("<row r=\"4294967295\"><c r=\"XFD4294967295\"><v>1</v></c></row><row "
                                           "r=\"99999999999999999999\"><c r=\"ZZZZZZZZZ9\"><v>1</v></c></row>")));
  tree.write("cell.xlsx", bomb_of(xlsx, "xl/worksheets/sheet1.xml", sheet + "<row><c t=\"str\"><v>", "aaaaaaaaaa",
                                  20'000'000, "</v></c></row></sheetData></worksheet>"));
  Files with_strings = xlsx;
  with_strings.emplace_back("xl/sharedStrings.xml", "");
  tree.write("strings.xlsx",
             bomb_of(with_strings, "xl/sharedStrings.xml", "<sst>", "<si><t>abcdefghij</t></si>", 5'000'000, "</sst>"));
  const auto spreadsheet = [](const std::string& table) {
    return stored_zip_of(
        {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
         {"content.xml",
          "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
          "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
          "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\"><office:body><office:spreadsheet>" +
              table + "</office:spreadsheet></office:body></office:document-content>"}});
  };
  tree.write(
      "repeat.ods",
      spreadsheet(
          "<table:table table:name=\"T\"><table:table-row table:number-rows-repeated=\"2147483647\"><table:table-cell "
          "table:number-columns-repeated=\"2147483647\"><text:p>a</text:p></table:table-cell></table:table-row></"
          "table:table>"));
  tree.write(
      "spaces.odt",
      stored_zip_of({{"mimetype", "application/vnd.oasis.opendocument.text"},
                     {"content.xml",
                      "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
                      "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>"
                      "<text:p>a<text:s "
                      "text:c=\"2147483647\"/>b</text:p></office:text></office:body></office:document-content>"}}));
  const ScanResult result = scan_hostile(tree, seconds(120));
  const std::map<std::string, std::string> expected{
      {"paragraphs.docx", "OK"},
      {"deep.docx", "PARTIAL XML nested deeper than 1000 elements"},
      {"attributes.docx", "PARTIAL damaged XML"},
      {"name.docx", "PARTIAL damaged XML"},
      {"rows.xlsx", "OK"},
      {"columns.xlsx", "PARTIAL cells beyond the last column of a sheet"},
      {"far.xlsx", "PARTIAL cells beyond the last column of a sheet"},
      {"cell.xlsx", "LIMIT max_expansion_ratio"},
      {"strings.xlsx", "PARTIAL more shared strings than fit"},
      {"repeat.ods", "OK"},
      {"spaces.odt", "OK"},
  };
  for (const auto& [name, verdict] : expected) EXPECT_EQ(result.verdict(name), verdict) << name;
}

TEST(HostileDocuments, CompoundFilesThatTurnInCircles) {
  const TemporaryTree tree;
  const std::string good = compound_file_of({{"WordDocument", std::string(20'000, 'x')}, {"Storage/Small", card_text}});
  const auto sector = [](size_t n) { return 512 * (n + 1); };
  const auto word_at = [](std::string bytes, size_t at, uint32_t value) {
    for (size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i) & 255);
    return bytes;
  };
  uint32_t fat = 0;
  for (size_t i = 0; i < 4; ++i) fat |= static_cast<uint32_t>(static_cast<unsigned char>(good[76 + i])) << (8 * i);
  std::string loops = good;
  for (uint32_t i = 0; i < 128; ++i) loops = word_at(loops, sector(fat) + 4 * i, i);
  tree.write("self.doc", loops);
  for (uint32_t i = 0; i < 128; ++i) loops = word_at(loops, sector(fat) + 4 * i, i == 0 ? 40 : i - 1);
  tree.write("ring.doc", loops);
  tree.write("difat.doc", word_at(word_at(good, 68, 0), 72, 0xFFFFFFFF));
  tree.write("directory.doc", word_at(good, 48, fat));
  tree.write("fats.doc", word_at(good, 44, 0x7FFFFFFF));
  tree.write("minifat.doc", word_at(word_at(good, 60, 0), 64, 0x7FFFFFFF));
  std::string siblings = good;  // every directory entry is its own sibling and child
  uint32_t directory = 0;
  for (size_t i = 0; i < 4; ++i)
    directory |= static_cast<uint32_t>(static_cast<unsigned char>(good[48 + i])) << (8 * i);
  for (uint32_t i = 0; i < 4; ++i)
    for (const size_t field : {68U, 72U, 76U}) siblings = word_at(siblings, sector(directory) + 128 * i + field, i);
  tree.write("siblings.doc", siblings);
  const ScanResult result = scan_hostile(tree);
  for (const auto* name :
       {"self.doc", "ring.doc", "difat.doc", "directory.doc", "fats.doc", "minifat.doc", "siblings.doc"})
    EXPECT_EQ(result.record(name).verdict.kind, VerdictKind::partial) << name;
}

TEST(HostileDocuments, DatabasesWithTornPages) {
  const TemporaryTree tree;
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 3000; ++i) rows.push_back({std::to_string(i), "card 5555 5555 5555 4444"});
  const std::string good = sqlite_of("people", {"id", "remark TEXT"}, rows);
  constexpr size_t page = 1024;
  const auto with_page = [&](size_t number, const std::string& content) {
    return std::string(good).replace((number - 1) * page, content.size(), content);
  };
  tree.write("good.sqlite", good);
  tree.write("garbage.sqlite", with_page(20, std::string(page, '\xa5')));
  // An interior page that points to itself.
  tree.write("cycle.sqlite",
             with_page(2, std::string("\x05\0\0\0\x01\x03\xf8\0\0\0\0\x02\x03\xf8", 14) +
                              std::string(page - 14 - 8, '\0') + std::string("\0\0\0\x02\0\0\0\x01", 8)));
  std::string every_page = good;
  for (size_t at = page; at + page <= every_page.size(); at += page)
    every_page[at + 3] = '\xff';  // cells that are not there
  tree.write("cells.sqlite", every_page);
  tree.write("short.sqlite", good.substr(0, good.size() / 2 + 100));
  tree.write("header.sqlite", good.substr(0, 100));
  tree.write("schema.sqlite", with_page(1, good.substr(0, 100) + std::string(page - 100, '\x01')));
  tree.write("pagesize.sqlite", std::string(good).replace(16, 2, "\x03\xe7"));
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.verdict("good.sqlite"), "OK");
  EXPECT_EQ(result.in("good.sqlite").size(), 3000U);
  for (const auto* name : {"garbage.sqlite", "cycle.sqlite", "cells.sqlite", "short.sqlite", "header.sqlite",
                           "schema.sqlite", "pagesize.sqlite"})
    EXPECT_EQ(result.record(name).verdict.kind, VerdictKind::partial) << name;
  EXPECT_GT(result.in("garbage.sqlite").size(), 2000U) << "what lies around the damage is read";
}

}  // namespace
}  // namespace assay::tests
