// Writes the seeds of the fuzz targets: make_seeds FOLDER makes FOLDER/TARGET/NAME.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "extract/archive/archive.h"
#include "extract/sink_recorder.h"
#include "model/row_stream.h"
#include "scan/examine/examination.h"
#include "scan/wire/protocol.h"
#include "tests/support/samples.h"

namespace {

using namespace assay;
using tests::Files;

// Published by their issuers as examples, or made up from ranges that nobody is given.
constexpr std::string_view some_text = "SSN: 536-22-8145, card 4111 1111 1111 1111, write to ann.other@example.com";
constexpr size_t largest_seed = size_t{16} << 10;

const std::multimap<std::string, std::string, std::less<>> targets_by_suffix = {
    {".txt", "text"},     {".json", "text"},    {".xml", "text"},       {".yaml", "text"},   {".log", "text"},
    {".csv", "csv"},      {".tsv", "csv"},      {".html", "html"},      {".ics", "folded"},  {".vcf", "folded"},
    {".rtf", "rtf"},      {".eml", "mail"},     {".mbox", "mail"},      {".zip", "archive"}, {".tar", "archive"},
    {".gz", "archive"},   {".xz", "archive"},   {".zst", "archive"},    {".bz2", "archive"}, {".lz4", "archive"},
    {".7z", "archive"},   {".cpio", "archive"}, {".docx", "office"},    {".xlsx", "office"}, {".pptx", "office"},
    {".odt", "office"},   {".ods", "office"},   {".pdf", "pdf"},        {".ole", "legacy"},  {".sqlite", "sqlite"},
    {".ole", "strings"},  {".docx", "sniff"},   {".ole", "sniff"},      {".csv", "sniff"},   {".eml", "sniff"},
    {".html", "sniff"},   {".jsonl", "sniff"},  {".tar.gz", "examine"}, {".eml", "examine"}, {".xlsx", "examine"},
    {".html", "examine"}, {".csv", "examine"}};

void write(const std::filesystem::path& folder, const std::string& target, const std::string& name,
           std::string_view content) {
  if (content.size() > largest_seed) return;
  std::filesystem::create_directories(folder / target);
  std::ofstream(folder / target / name, std::ios::binary) << content;
}

std::string little_endian(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

/// The parts of a package as fuzz_office_parts reads them; `kind` is the reader's number there.
std::string parts_of(const std::string& package, char kind) {
  extract::MemoryInput input(package);
  extract::Scratch scratch(-1, 0);
  const model::Limits limits;
  extract::SinkRecorder recorder;
  extract::extract_archive(
      input, {.limits = limits, .scratch = scratch, .name = "a", .format = extract::Format::archive}, recorder);
  std::string out;
  for (const auto& member : recorder.members)
    out += fmt::format("{}--part: {}\n{}", out.empty() ? "" : "\n", member.name, member.content);
  return out + kind;
}

Files office_parts() {
  const std::vector<std::vector<std::string>> rows{{"Name", "Remark"}, {"Ann", std::string(some_text)}};
  return {
      {"docx", parts_of(tests::docx_of({"A letter", std::string(some_text)}), 0)},
      {"xlsx", parts_of(tests::xlsx_of(rows), 1)},
      {"pptx", parts_of(tests::pptx_of({std::string(some_text)}), 2)},
      {"odt", parts_of(tests::odt_of({"A letter", std::string(some_text)}), 4)},
      {"ods", parts_of(tests::ods_of(rows), 5)},
      {"epub",
       "--part: META-INF/container.xml\n<container><rootfiles><rootfile full-path=\"a.opf\"/></rootfiles></container>"
       "\n--part: a.opf\n<package><metadata><title>A</title></metadata><manifest><item id=\"p\" href=\"p.xhtml\" "
       "media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"p\"/></spine></package>"
       "\n--part: p.xhtml\n<html><body><p>text</p></body></html>\7"}};
}

std::string profile_frame() {
  model::TableProfile profile;
  profile.locator.table = "Staff";
  profile.rows = 3;
  model::ColumnProfile column;
  column.name = "age";
  column.rows = 3;
  column.distinct = 2;
  column.type = "integer";
  column.conforming = 3;
  column.minimum = 18;
  column.maximum = 65;
  column.quantiles = {18, 18, 18, 40, 65, 65, 65};
  column.top_values = {{"**", 2}};
  column.patterns = {{"99", 3}};
  column.newest_s = 1'700'000'000;
  profile.columns = {column, column};
  return scan::encode(profile).front();
}

Files wire_frames() {
  model::Finding finding;
  finding.locator = {.member = "a.zip!/b.xlsx",
                     .part = "comments",
                     .page = 2,
                     .table = "Staff",
                     .column = "Name",
                     .row = 3,
                     .cell = "A3",
                     .line = 3,
                     .line_column = 4};
  finding.entity = "US_SSN";
  finding.rule = "us-ssn";
  finding.confidence = 0.75;
  finding.reasons = {"base 0.50", "near 'ssn'"};
  finding.masked = "***-**-8145";
  model::ColumnFinding column;
  column.entity = "US_SSN";
  column.reasons = {"2 of 3 values agree"};
  std::string frames[3];
  scan::encode(finding, frames[0]);
  scan::encode(column, frames[1]);
  scan::encode(
      model::ObjectRecord{.object = {}, .member = "b.txt", .format = "text", .bytes = 7, .findings = 1, .verdict = {}},
      frames[2]);
  scan::ExaminerSetup setup;
  setup.rules = {{"a.yaml", "rules: []\n"}};
  setup.fingerprint_key = std::string(32, 'k');
  setup.ocr_languages = {"eng"};
  const auto as = [](const std::string& bytes, char kind) { return bytes + kind; };
  return {{"finding", as(frames[0], 0)},
          {"column", as(frames[1], 0)},
          {"record", as(frames[2], 0)},
          {"profile", as(profile_frame(), 0)},
          {"setup", as(encode(setup), 1)},
          {"request", as(encode(scan::ExaminerRequest{.name = "a.txt", .lethal_members = {}}), 2)}};
}

/// Images of no pixels worth, with what EXIF, PNG and GIF have for text.
Files images() {
  const std::string maker("Camera\0", 7);
  const std::string tiff = "II*" + std::string(1, '\0') + little_endian(8, 4) + little_endian(1, 2) +
                           little_endian(0x010F, 2) + little_endian(2, 2) + little_endian(maker.size(), 4) +
                           little_endian(26, 4) + little_endian(0, 4) + maker;
  const std::string exif = std::string("Exif\0\0", 6) + tiff;
  const std::string jpeg = "\xFF\xD8\xFF\xE1" + std::string(1, '\0') + static_cast<char>(exif.size() + 2) + exif +
                           std::string(
                               "\xFF\xFE\0\x09"
                               "comment\xFF\xD9",
                               13);
  const std::string png =
      std::string("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3A\x7E\x9B\x55", 33) +
      std::string("\0\0\0\x0CtEXtTitle\0a text\0\0\0\0", 24) + std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12);
  const std::string gif = std::string("GIF89a\1\0\1\0\0\0\0!\xFE\7comment\0;", 25);
  const std::string webp =
      "RIFF" + little_endian(4 + 8 + tiff.size(), 4) + "WEBPEXIF" + little_endian(tiff.size(), 4) + tiff;
  const std::string bmp = "BM" + std::string(12, '\0') + little_endian(40, 4) + little_endian(1, 4) +
                          little_endian(1, 4) + std::string(28, '\0');
  return {{"tiff", tiff}, {"jpeg", jpeg}, {"png", png}, {"gif", gif}, {"webp", webp}, {"bmp", bmp}};
}

Files outlook() {
  const auto utf16 = [](std::string_view text) {
    std::string out;
    for (const char c : text) out += {c, '\0'};
    return out;
  };
  const std::string body = "MELA";
  return {
      {"msg", tests::compound_file_of({{"__substg1.0_0037001F", utf16("A subject")},
                                       {"__substg1.0_1000001F", utf16(some_text)},
                                       {"__recip_version1.0_#00000000/__substg1.0_3003001F", utf16("ann@example.com")},
                                       {"__attach_version1.0_#00000000/__substg1.0_37010102", "attached"},
                                       {"__attach_version1.0_#00000000/__substg1.0_3707001F", utf16("a.txt")}})},
      {"body", little_endian(12 + 11, 4) + little_endian(11, 4) + body + little_endian(0, 4) + "{\\rtf1 abc}"},
      {"winmail", "\x78\x9F\x3E\x22\1\1\1\x04\x80\1" + std::string(1, '\0') + little_endian(7, 4) +
                      std::string("A text\0", 7) + "\x5C\2"}};
}

Files texts_for_rules() {
  return {{"own",
           "rules:\n  - name: badge\n    entity: BADGE\n    title: Badge\n    category: government_id\n    "
           "sensitivity: high\n"
           "    patterns:\n      - {name: plain, regex: '\\bB-[0-9]{5}\\b', confidence: 0.6}\n      - name: named\n"
           "        regex: 'badge ([a-z]+)'\n        group: 1\n        keywords: ['badge']\n        confidence: 0.5\n"
           "    context: {words: [badge, 'staff no'], boost: 0.3, required: true}\n    columns: [badge_no]\n"
           "    examples: ['badge B-12345']\n    counter_examples: ['B-1']\n"},
          {"presidio",
           "recognizers:\n  - name: Zip\n    supported_entity: ZIP\n    supported_languages: [{language: en, context: "
           "[zip]}]\n"
           "    patterns:\n      - {name: weak, regex: '\\d{5}(-\\d{4})?', score: 0.01}\n    context: [zip, postal]\n"
           "  - {name: Titles, supported_entity: TITLE, deny_list: [Mr., Mrs.]}\n  - {name: CreditCardRecognizer, "
           "type: predefined}\n"}};
}

Files texts_for_filters() {
  return {
      {"suppressions",
       "suppressions:\n  - {path: 'tests/**', entity: US_SSN, reason: 'made up', expires: 2099-01-01}\n"
       "  - {fingerprint: '00000000000000000000000000000000', reason: known}\n"},
      {"baseline", "{\"assay_baseline\": 1, \"key\": \"00000000\", \"findings\": {\"tests/a.txt\": [\"US_SSN:0\"]}}"}};
}

class SealedPieces final : public scan::Reporter, private scan::FrameVisitor {
 public:
  void send(std::string_view frame) override { scan::decode_frame(frame, *this); }
  void begin_member(uint64_t) override {}
  void tick() override {}
  std::string bytes;

 private:
  void visit(model::Finding&) override {}
  void visit(model::ColumnFinding&&) override {}
  void visit(model::ObjectRecord&&) override {}
  void visit(scan::TraceLine&&) override {}
  void visit(scan::MemberBegin&&) override {}
  void visit(scan::LineMet&&) override {}
  void visit(scan::SealedPiece&& piece) override { bytes += piece.bytes; }
};

/// What is known of a small part of a table, unsealed.
std::string part_of_table() {
  std::string rows;
  model::RowStreamWriter writer(rows);
  const std::vector<model::StreamColumn> columns = {{"mail", "text", ""}, {"more", "jsonb", ""}};
  writer.header("staff", columns);
  for (int i = 0; i < 20; ++i) {
    writer.begin_row();
    writer.cell(model::CellKind::text, fmt::format("ann{}@example.com", i));
    writer.cell(model::CellKind::json, fmt::format(R"({{"born": "1980-02-{:02}", "n": {}}})", i + 1, i));
  }
  writer.end();
  scan::ExaminerSetup setup;
  setup.rules = classify::builtin_rule_sources();
  setup.fingerprint_key = std::string(32, 'k');
  setup.profile = model::ProfileScope::databases;
  scan::ExaminerState state(setup);
  scan::ExaminerRequest request{.name = "t", .lethal_members = {}};
  request.is_stream = request.is_rows = true;
  request.rows_part = scan::RowsPart{.number = 0, .parts = 2};
  extract::MemoryInput input(rows);
  extract::Scratch scratch(-1, 0);
  SealedPieces sealed;
  scan::Examination(state, request, scratch, sealed).run(input);
  return state.part_seal.unseal("t", sealed.bytes).value();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  for (const auto& [name, content] : tests::one_of_each(some_text))
    for (const auto& [suffix, target] : targets_by_suffix)
      if (name.ends_with(suffix)) write(folder, target, name, content);
  for (const auto& [target, files] : {std::pair{"office_parts", office_parts()},
                                      {"wire", wire_frames()},
                                      {"image", images()},
                                      {"outlook", outlook()},
                                      {"rules", texts_for_rules()},
                                      {"filters", texts_for_filters()}})
    for (const auto& [name, content] : files) write(folder, target, name, content);

  const std::string text(some_text);
  write(folder, "classify_text", "mixed",
        "ssn=536-22-8145\nIBAN DE89 3704 0044 0532 0130 00; " + text + "\nhttps://ann:secret@example.com/?k=1\n");
  write(folder, "classify_table", "staff",
        "name\tssn\tmail\nAnn\t536-22-8145\tann@example.com\nBob\t536-22-8146\tbob@example.com\n");
  write(folder, "table_part", "staff", part_of_table());
  write(folder, "validators", "card", "4111 1111 1111 1111");
  write(folder, "validators", "iban", "DE89370400440532013000");
  write(folder, "validators", "secret", "ghp_0123456789abcdefghijABCDEFGHIJ012345");
  write(folder, "glob", "deep", "!src/**/[a-c]*.?pp\nsrc/x/y/b1.cpp");
  write(folder, "glob", "directory", "**/build/\na/build");
  write(folder, "arguments", "scan",
        "scan\n--exclude\n*.bin\n--max-object-bytes\n10MB\n--fail-on=any\n-o\nout.html\n.");
  write(folder, "arguments", "explain", "explain\na.txt:12:5");
  return 0;
}
