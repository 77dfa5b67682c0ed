#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "extract/delimiters.h"
#include "extract/format.h"
#include "extract/input.h"
#include "extract/unicode_form.h"

namespace assay::extract {
namespace {

using namespace std::string_literals;

Format sniff_bytes(std::string_view bytes, std::string_view name = "") {
  MemoryInput input(bytes);
  return sniff(input, name);
}

void put16(std::string& out, uint32_t value) {
  out.push_back(static_cast<char>(value));
  out.push_back(static_cast<char>(value >> 8));
}
void put32(std::string& out, uint32_t value) {
  put16(out, value & 0xFFFF);
  put16(out, value >> 16);
}

struct Entry {
  std::string name;
  std::string content;
};

/// A ZIP of stored entries (checksums are not looked at here).
std::string make_zip(const std::vector<Entry>& entries, bool with_directory = true) {
  std::string zip, directory;
  for (const auto& [name, content] : entries) {
    const auto offset = static_cast<uint32_t>(zip.size());
    std::string common;
    put16(common, 20);
    for (int i = 0; i < 4; ++i) put16(common, 0);
    put32(common, 0);
    put32(common, static_cast<uint32_t>(content.size()));
    put32(common, static_cast<uint32_t>(content.size()));
    put16(common, static_cast<uint32_t>(name.size()));
    put16(common, 0);
    zip += "PK\3\4" + common + name + content;
    directory += "PK\1\2\x14\0"s + common;
    for (int i = 0; i < 3; ++i) put16(directory, 0);
    put32(directory, 0);
    put32(directory, offset);
    directory += name;
  }
  if (!with_directory) return zip;
  const auto offset = static_cast<uint32_t>(zip.size());
  zip += directory + "PK\5\6";
  put32(zip, 0);
  put16(zip, static_cast<uint32_t>(entries.size()));
  put16(zip, static_cast<uint32_t>(entries.size()));
  put32(zip, static_cast<uint32_t>(directory.size()));
  put32(zip, offset);
  put16(zip, 0);
  return zip;
}

std::string directory_entry(std::string_view name, uint32_t left, uint32_t right, uint32_t child) {
  std::string entry;
  for (const char c : name) put16(entry, static_cast<uint8_t>(c));
  entry.resize(64, '\0');
  put16(entry, static_cast<uint32_t>(name.size() * 2 + 2));
  put16(entry, 1);
  put32(entry, left);
  put32(entry, right);
  put32(entry, child);
  entry.resize(128, '\0');
  return entry;
}

/// Header, one table sector, then the directory, which may span sectors.
std::string make_compound_file(const std::string& directory) {
  std::string file = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(16, '\0');
  put16(file, 0x3E);
  put16(file, 3);
  put16(file, 0xFFFE);
  put16(file, 9);
  put16(file, 6);
  file.resize(44, '\0');
  put32(file, 1);  // table sectors
  put32(file, 1);  // first directory sector
  file.resize(76, '\0');
  put32(file, 0);
  while (file.size() < 512) put32(file, 0xFFFFFFFF);
  const size_t directory_sectors = (directory.size() + 511) / 512;
  put32(file, 0xFFFFFFFD);
  for (size_t i = 1; i <= directory_sectors; ++i)
    put32(file, i == directory_sectors ? 0xFFFFFFFE : static_cast<uint32_t>(i + 1));
  file.resize(1024, '\xFF');
  file += directory;
  file.resize(1024 + directory_sectors * 512, '\0');
  return file;
}

std::string utf16le(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) put16(out, static_cast<uint8_t>(c));
  return out;
}

constexpr uint32_t none = 0xFFFFFFFF;

TEST(Sniff, EmptyAndBinary) {
  EXPECT_EQ(sniff_bytes(""), Format::empty);
  EXPECT_EQ(sniff_bytes("\0\1\2\3\4\5"s), Format::unknown);
  EXPECT_EQ(sniff_bytes("\0\1\2\3\4\5"s, "table.csv"), Format::unknown);
}

TEST(Sniff, MagicBytesBeatTheName) {
  const std::vector<std::pair<std::string, Format>> cases{
      {"%PDF-1.7\n", Format::pdf},
      {"\n\n%PDF-1.4 1 0 obj", Format::pdf},
      {"{\\rtf1\\ansi hello}", Format::rtf},
      {"SQLite format 3\0rest"s, Format::sqlite},
      {"7z\xBC\xAF\x27\x1C\0\4"s, Format::archive},
      {"Rar!\x1A\x07\x01\0"s, Format::archive},
      {"!<arch>\ndebian-binary   ", Format::archive},
      {"\x1F\x8B\x08\0"s, Format::compressed},
      {"BZh91AY&SY\0\0"s, Format::compressed},
      {"\xFD"
       "7zXZ\0\0\4"s,
       Format::compressed},
      {"\x28\xB5\x2F\xFD\4\0"s, Format::compressed},
      {"begin 644 name.txt\n#0V%T\n`\nend\n", Format::compressed},
      {"\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0abc"s, Format::compressed},
      {"\xFF\xD8\xFF\xE0\0\x10JFIF"s, Format::jpeg},
      {"\x89PNG\r\n\x1A\n", Format::png},
      {"RIFF\x10\0\0\0WEBPVP8 "s, Format::webp},
      {"RIFF\x10\0\0\0WAVEfmt "s, Format::audio_video},
      {"\0\0\0\x18"
       "ftypisom"s,
       Format::audio_video},
      {"\x7F"
       "ELF\2\1\1"s,
       Format::executable},
      {"OTTO\0\x0A"s, Format::font},
  };
  for (const auto& [bytes, format] : cases) {
    EXPECT_EQ(sniff_bytes(bytes), format) << to_string(format);
    EXPECT_EQ(sniff_bytes(bytes, "misleading.csv"), format) << to_string(format);
  }
}

TEST(Sniff, PlainNumbersAreNoArchive) {
  EXPECT_EQ(sniff_bytes("070701,alpha,1\n070702,beta,2\n070703,gamma,3\n"), Format::csv);
  EXPECT_EQ(sniff_bytes("begin 644 things that matter\nand then prose follows here\n"), Format::text);
}

TEST(Sniff, OldTarByItsChecksum) {
  std::string block(512, '\0');
  block.replace(0, 8, "file.txt");
  block.replace(100, 7, "0000644");
  block.replace(124, 11, "00000000000");
  uint32_t sum = 8 * ' ';
  for (const char c : block) sum += static_cast<uint8_t>(c);
  std::ostringstream octal;
  octal << std::oct << sum;
  std::string digits = octal.str();
  digits.insert(0, 6 - digits.size(), '0');
  block.replace(148, 8, digits + "\0 "s);
  EXPECT_EQ(sniff_bytes(block), Format::archive);
  block[3] = 'X';
  EXPECT_NE(sniff_bytes(block), Format::archive);
}

TEST(Sniff, ZipContentsTellTheDocument) {
  EXPECT_EQ(sniff_bytes(make_zip({{"[Content_Types].xml", "x"}, {"word/document.xml", "x"}})), Format::docx);
  EXPECT_EQ(sniff_bytes(make_zip({{"[Content_Types].xml", "x"}, {"xl/workbook.xml", "x"}})), Format::xlsx);
  EXPECT_EQ(sniff_bytes(make_zip({{"[Content_Types].xml", "x"}, {"xl/workbook.bin", "x"}})), Format::xlsb);
  EXPECT_EQ(sniff_bytes(make_zip({{"[Content_Types].xml", "x"}, {"ppt\\presentation.xml", "x"}})), Format::pptx);
  EXPECT_EQ(sniff_bytes(make_zip({{"mimetype", "application/epub+zip"}, {"a", "x"}})), Format::epub);
  EXPECT_EQ(sniff_bytes(make_zip({{"mimetype", "application/vnd.oasis.opendocument.text"}})), Format::odt);
  EXPECT_EQ(sniff_bytes(make_zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}})), Format::ods);
  EXPECT_EQ(sniff_bytes(make_zip({{"mimetype", "application/vnd.oasis.opendocument.presentation"}})), Format::odp);
  EXPECT_EQ(sniff_bytes(make_zip({{"word/document.xml", "x"}}), "letter.docx"), Format::archive);
  EXPECT_EQ(sniff_bytes(make_zip({{"readme.txt", "x"}}), "x.docx"), Format::archive);
}

TEST(Sniff, ZipWithoutDirectoryAndSelfExtractingZip) {
  const std::vector<Entry> document{{"[Content_Types].xml", std::string(60'000, 'x')}, {"xl/workbook.xml", "x"}};
  EXPECT_EQ(sniff_bytes(make_zip(document, false)), Format::xlsx);
  const std::string program =
      "\x7F"
      "ELF\2\1\1"s +
      std::string(5000, '\1');
  EXPECT_EQ(sniff_bytes(program), Format::executable);
  EXPECT_EQ(sniff_bytes(program + make_zip({{"a.txt", "x"}})), Format::archive);
}

TEST(Sniff, CompoundFileByStreamsOfTheRoot) {
  const auto kind = [](std::string_view stream) {
    return sniff_bytes(
        make_compound_file(directory_entry("Root Entry", none, none, 1) + directory_entry(stream, none, none, none)));
  };
  EXPECT_EQ(kind("WordDocument"), Format::doc);
  EXPECT_EQ(kind("Workbook"), Format::xls);
  EXPECT_EQ(kind("Book"), Format::xls);
  EXPECT_EQ(kind("PowerPoint Document"), Format::ppt);
  EXPECT_EQ(kind("__properties_version1.0"), Format::msg);
  EXPECT_EQ(kind("Something"), Format::ole);

  // A workbook with a Word document embedded: entry 2 is a storage, 3 is inside it; the directory spans two sectors.
  const std::string embedded = directory_entry("Root Entry", none, none, 1) + directory_entry("MBD0001", none, 4, 2) +
                               directory_entry("WordDocument", none, none, none) +
                               directory_entry("x", none, none, none) + directory_entry("Workbook", none, none, none);
  EXPECT_EQ(sniff_bytes(make_compound_file(embedded)), Format::xls);
}

TEST(Sniff, CompoundFileWithLoopsEnds) {
  std::string file = make_compound_file(directory_entry("Root Entry", 0, 0, 0) + directory_entry("A", 1, 0, 1));
  file[512 + 4] = 1;  // the chain of the directory points to itself
  file[512 + 5] = file[512 + 6] = file[512 + 7] = 0;
  EXPECT_EQ(sniff_bytes(file), Format::ole);
  for (size_t size = 8; size < file.size(); size += 37) sniff_bytes(std::string_view(file).substr(0, size));
}

TEST(Sniff, TextFamily) {
  EXPECT_EQ(sniff_bytes("Hello there,\nthis is prose, with commas.\n"), Format::text);
  EXPECT_EQ(sniff_bytes("{\"a\": 1, \"b\": [true, null, \"x\\\"y\"]}", "x.txt"), Format::json);
  EXPECT_EQ(sniff_bytes("{\"a\": 1}\n{\"a\": 2}\n"), Format::jsonl);
  EXPECT_EQ(sniff_bytes("[section]\nkey = value\n", "x.ini"), Format::ini);
  EXPECT_EQ(sniff_bytes("<?xml version=\"1.0\"?><a><b/></a>", "x.html"), Format::xml);
  EXPECT_EQ(sniff_bytes("<!-- c --><note><to>x</to></note>"), Format::xml);
  EXPECT_EQ(sniff_bytes("<!DOCTYPE html><html><body>x</body></html>"), Format::html);
  EXPECT_EQ(sniff_bytes("<table><tr><td>1</td></tr></table>", "report.xls"), Format::html);
  EXPECT_EQ(sniff_bytes("key: value\nlist:\n  - a\n", "x.yaml"), Format::yaml);
  EXPECT_EQ(sniff_bytes("int main() {\n  return 0;\n}\n", "x.c"), Format::source);
  EXPECT_EQ(sniff_bytes("2024-01-01 12:00:00 INFO start\n", "x.log"), Format::log);
}

TEST(Sniff, CalendarsAndCardsByTheirBeginning) {
  EXPECT_EQ(sniff_bytes("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"), Format::icalendar);
  EXPECT_EQ(sniff_bytes("begin:vcard\nversion:2.1\nend:vcard\n", "x.txt"), Format::vcard);
  EXPECT_EQ(sniff_bytes(utf16le("BEGIN:VCARD\nVERSION:3.0\n")), Format::vcard);
  EXPECT_EQ(sniff_bytes("BEGIN:VARIOUS\nthings\n"), Format::text);
}

TEST(Sniff, TextWithHolesOfZerosIsText) {
  const std::string line = "2024-01-01 12:00:00 INFO start of the day\n";
  EXPECT_EQ(sniff_bytes(std::string(2000, '\0') + line, "x.log"), Format::log);
  EXPECT_EQ(sniff_bytes(line + std::string(5000, '\0') + line + std::string(9, '\0'), "x"), Format::text);
  EXPECT_EQ(sniff_bytes(std::string(3'000'000, '\0') + line, "x.log"), Format::log);
  EXPECT_EQ(sniff_bytes("PATH=/usr/bin\0HOME=/root\0LANG=de_DE.UTF-8\0"s), Format::text);
  EXPECT_EQ(sniff_bytes(std::string(2000, '\0')), Format::unknown);
  EXPECT_EQ(sniff_bytes(std::string(100'000, '\0')), Format::unknown);
  EXPECT_EQ(sniff_bytes(std::string(100'000, '\0') + "\1\2\3\4"s + std::string(2000, '\1') + line), Format::unknown);
  std::string record;
  for (char i = 1; i < 100; ++i) record += std::string("name\0\0\0\0", 8) + i + std::string(3, '\0');
  EXPECT_EQ(sniff_bytes(record), Format::unknown);
}

TEST(Sniff, SqlByNameOrByWhatItInserts) {
  EXPECT_EQ(sniff_bytes("SELECT 1;\n", "x.sql"), Format::sql);
  EXPECT_EQ(sniff_bytes("-- dump\nINSERT INTO t (a, b) VALUES\n (1, 2);\n", "backup"), Format::sql);
  EXPECT_EQ(sniff_bytes("COPY t (a) FROM stdin;\n1\n\\.\n", "x.txt"), Format::sql);
  EXPECT_EQ(sniff_bytes("Insert into this form the values that you want.\n", "x.txt"), Format::sql);
  EXPECT_EQ(sniff_bytes("We insert into tables the values, copy and paste.\n", "x.txt"), Format::text);
}

TEST(Sniff, Tables) {
  EXPECT_EQ(sniff_bytes("id,name,city\n1,Ann,Oslo\n2,Bob,Rome\n", "x.txt"), Format::csv);
  EXPECT_EQ(sniff_bytes("id;name\n1;Ann\n2;Bob\n3;Cid\n"), Format::csv);
  EXPECT_EQ(sniff_bytes("id\tname\tcity\n1\tAnn\tOslo\n", "x.csv"), Format::tsv);
  EXPECT_EQ(sniff_bytes("a|b|c\n1|2|3\n4|5|6\n"), Format::csv);
  EXPECT_EQ(sniff_bytes("id,note\n1,\"two\nlines, with commas\"\n2,\"x\"\n3,y\n4,z\n"), Format::csv);
  EXPECT_EQ(sniff_bytes("phone\n555-0100\n555-0101\n", "x.csv"), Format::csv);
  EXPECT_EQ(sniff_bytes("int a = 1;\nint b = 2;\nint c = 3;\nint d = 4;\nint e = 5;\n"), Format::text);
  EXPECT_EQ(sniff_bytes(utf16le("id,name,city\n1,Ann,Oslo\n2,Bob,Rome\n")), Format::csv);
}

TEST(Sniff, Mail) {
  const std::string mail =
      "Received: from a by b\r\n\tfor c; Mon, 1 Jan 2024\r\nFrom: a@example.com\r\nSubject: hi\r\n\r\nbody\r\n";
  EXPECT_EQ(sniff_bytes(mail, "note.txt"), Format::eml);
  EXPECT_EQ(sniff_bytes("From a@example.com Mon Jan  1 10:00:00 2024\n" + mail), Format::mbox);
  EXPECT_EQ(sniff_bytes("From here on, nothing is what it seems.\n\nThe end.\n"), Format::text);
  EXPECT_EQ(sniff_bytes("from: Oslo\nprice: 3\n"), Format::text);
}

TEST(Sniff, EncodingsOfText) {
  EXPECT_EQ(sniff_bytes("\xFF\xFEh\0i\0"s), Format::text);
  EXPECT_EQ(sniff_bytes("Gr\xFC\xDF"
                        "e aus M\xFCnchen, sch\xF6ne Stadt an der Isar\n"),
            Format::text);
  EXPECT_EQ(sniff_bytes("\xE4\xBD\xA0\xE5\xA5\xBD\n"), Format::text);
  EXPECT_EQ(sniff_bytes("a log line\n"s + std::string(8, '\0') + std::string(500, 'x'), "x.log"), Format::log);
}

TEST(GuessUnicode, ByMarkAndByZeros) {
  EXPECT_EQ(guess_unicode("\xEF\xBB\xBFx").form, UnicodeForm::utf8);
  EXPECT_EQ(guess_unicode("\xFF\xFE\0\0"s).form, UnicodeForm::utf32le);
  EXPECT_EQ(guess_unicode(utf16le("some words here")).form, UnicodeForm::utf16le);
  EXPECT_EQ(guess_unicode("\0s\0o\0m\0e\0 \0w\0o\0r\0d"s).form, UnicodeForm::utf16be);
  EXPECT_EQ(guess_unicode("h\0\0\0i\0\0\0!\0\0\0"s).form, UnicodeForm::utf32le);
  // "Москва и Киев" in UTF-16LE: two spaces are all the ASCII there is.
  EXPECT_EQ(guess_unicode(
                "\x1C\x04\x3E\x04\x41\x04\x3A\x04\x32\x04\x30\x04\x20\0\x38\x04\x20\0\x1A\x04\x38\x04\x35\x04\x32\x04"s)
                .form,
            UnicodeForm::utf16le);
  EXPECT_EQ(guess_unicode("\1\0\2\0\3\0\0\0\4\0\0\0\5\0\0\0"s).form, UnicodeForm::none);
  EXPECT_EQ(guess_unicode("plain").form, UnicodeForm::none);
  EXPECT_EQ(guess_unicode("a long name.txt\0"s).form, UnicodeForm::none);
  EXPECT_EQ(guess_unicode("\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82\0\n"s).form, UnicodeForm::none);
}

TEST(Sniff, HostileBytesNeverThrow) {
  std::mt19937 random(7);
  const std::vector<std::string> starts{
      "", "PK\3\4", "PK\5\6", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "{", "<", "From ", "MZ", "ID3", "BM", "\xFF\xFB"};
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = starts[random() % starts.size()];
    const size_t size = random() % 3000;
    while (bytes.size() < size) bytes.push_back(static_cast<char>(random()));
    EXPECT_NO_THROW(sniff_bytes(bytes));
  }
}

std::filesystem::path corpora() {
  const char* set = std::getenv("ASSAY_CORPORA");
  return set != nullptr ? std::filesystem::path(set) : std::filesystem::path(ASSAY_SOURCE_DIR "/../shared/corpora");
}

TEST(Sniff, RealFilesByContentAlone) {
  if (!std::filesystem::exists(corpora())) GTEST_SKIP() << "no sample files (ASSAY_CORPORA)";
  const std::map<std::string, Format> expected{
      {".pdf", Format::pdf},   {".docx", Format::docx}, {".xlsx", Format::xlsx}, {".pptx", Format::pptx},
      {".odt", Format::odt},   {".ods", Format::ods},   {".odp", Format::odp},   {".doc", Format::doc},
      {".xls", Format::xls},   {".ppt", Format::ppt},   {".msg", Format::msg},   {".rtf", Format::rtf},
      {".epub", Format::epub}, {".xlsb", Format::xlsb}, {".eml", Format::eml}};
  size_t files = 0, right = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(corpora())) {
    const auto found = expected.find(file.path().extension().string());
    if (found == expected.end() || !file.is_regular_file()) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    const Format format = sniff_bytes(bytes);
    ++files;
    right += format == found->second;
    if (format != found->second && std::getenv("ASSAY_VERBOSE") != nullptr)
      std::puts((file.path().string() + " " + std::string(to_string(format))).c_str());
  }
  EXPECT_GE(right * 100, files * 90) << right << " of " << files;
}

}  // namespace
}  // namespace assay::extract
