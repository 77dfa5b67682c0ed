#include "extract/legacy/legacy.h"

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "extract/legacy/embedded.h"
#include "extract/legacy/vba.h"
#include "extract/ole/compound_file_maker.h"
#include "extract/sink_recorder.h"

namespace assay::extract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string fixture(const std::string& name) {
  std::ifstream file(std::string(ASSAY_SOURCE_DIR) + "/tests/fixtures/legacy/" + name, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  EXPECT_FALSE(bytes.str().empty()) << name;
  return bytes.str();
}

SinkRecorder run(ExtractFunction extract, std::string_view bytes) {
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  const Context context{.limits = limits, .scratch = scratch, .name = {}};
  MemoryInput input(bytes);
  extract(input, context, sink);
  return sink;
}

model::VerdictKind failure_of(ExtractFunction extract, std::string_view bytes) {
  try {
    run(extract, bytes);
    return model::VerdictKind::ok;
  } catch (const Failure& failure) {
    return failure.verdict().kind;
  }
}

std::string part_text(const SinkRecorder& sink, const std::string& part) {
  std::string all;
  for (const auto& text : sink.texts)
    if (text.part.name == part) all += text.text;
  return all;
}

void le16(std::string& out, uint32_t value) {
  out += static_cast<char>(value);
  out += static_cast<char>(value >> 8);
}
void le32(std::string& out, uint32_t value) {
  le16(out, value);
  le16(out, value >> 16);
}
void poke32(std::string& out, size_t offset, uint32_t value) {
  for (int i = 0; i < 4; ++i) out[offset + i] = static_cast<char>(value >> (8 * i));
}
std::string utf16(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) (out += c) += '\0';
  return out;
}

TEST(ExtractDoc, ReadsEveryPartOfADocument) {
  const auto sink = run(extract_doc, fixture("letter.doc"));
  EXPECT_THAT(part_text(sink, ""), HasSubstr("Dear Ms Ex\u00e4mple, the crane \u017buraw \u2116 5 is ready.\n"));
  EXPECT_THAT(part_text(sink, ""), HasSubstr("mailto:dock@example.org"));
  EXPECT_THAT(part_text(sink, ""), HasSubstr("North\t12.5"));
  EXPECT_THAT(part_text(sink, "footnotes"), HasSubstr("Footnote about the tide"));
  EXPECT_THAT(part_text(sink, "endnotes"), HasSubstr("Endnote about the moon"));
  EXPECT_THAT(part_text(sink, "comments"), HasSubstr("Annotation about the price"));
  EXPECT_THAT(part_text(sink, "headers"), HasSubstr("Header of the harbour office"));
  EXPECT_THAT(part_text(sink, "headers"), HasSubstr("Footer line seven"));
  EXPECT_THAT(part_text(sink, "text boxes"), HasSubstr("Text box words"));
  EXPECT_THAT(part_text(sink, "properties"), HasSubstr("title: Harbour letter\n"));
  EXPECT_THAT(part_text(sink, "properties"), HasSubstr("author: Paula Sample\n"));
  EXPECT_THAT(part_text(sink, "properties"), HasSubstr("CaseNumber: CN-4711\n"));
  EXPECT_THAT(part_text(sink, "metadata"), HasSubstr("Reviewer One"));
  EXPECT_THAT(sink.partials, IsEmpty());
}

/// A document of two pieces, one 8-bit and one UTF-16, stored in reverse order as a fast save does.
std::string hand_made_doc(uint16_t flags, uint32_t characters = 14) {
  std::string document(0x600, '\0');
  document[0] = '\xEC';
  document[1] = '\xA5';
  document[2] = '\xC1';
  document[0x0A] = static_cast<char>(flags);
  document[0x0B] = static_cast<char>(flags >> 8);
  poke32(document, 0x4C, characters);
  document += utf16("second\r");
  const auto first = static_cast<uint32_t>(document.size());
  document += "first\x80 ";
  std::string clx("\x01\x02\x00zz\x02", 6);
  le32(clx, 4 * 3 + 8 * 2);
  for (const uint32_t position : {0U, 7U, characters}) le32(clx, position);
  le16(clx, 0);
  le32(clx, 0x4000'0000 | first * 2);
  le16(clx, 0);
  le16(clx, 0);
  le32(clx, 0x600);
  le16(clx, 0);
  poke32(document, 0x1A2, 3);
  poke32(document, 0x1A6, static_cast<uint32_t>(clx.size()));
  return CompoundFileMaker().stream("WordDocument", document).stream("0Table", "pad" + clx).bytes();
}

TEST(ExtractDoc, FollowsThePieceTableOfAFastSave) {
  EXPECT_EQ(part_text(run(extract_doc, hand_made_doc(0)), ""), "first\u20ac second\n");
}

TEST(ExtractDoc, NamesEncryptionAndDamage) {
  EXPECT_EQ(failure_of(extract_doc, hand_made_doc(0x0100)), model::VerdictKind::encrypted);
  EXPECT_EQ(failure_of(extract_doc, "not a document"), model::VerdictKind::partial);
  EXPECT_EQ(failure_of(extract_doc, CompoundFileMaker().stream("Other", "x").bytes()), model::VerdictKind::partial);
  const auto cut = run(extract_doc, hand_made_doc(0, 0x7000'0000));
  EXPECT_THAT(cut.partials, Not(IsEmpty()));
}

TEST(ExtractDoc, ReadsWord95WithoutPieces) {
  std::string document(0x300, '\0');
  document[0] = '\xDC';
  document[1] = '\xA5';
  document[2] = 0x65;
  poke32(document, 0x18, 0x300);
  poke32(document, 0x34, 11);
  document += "Old letter\r";
  EXPECT_EQ(part_text(run(extract_doc, CompoundFileMaker().stream("WordDocument", document).bytes()), ""),
            "Old letter\n");
}

TEST(ExtractXls, ReadsTheCellsOfAllSheets) {
  const auto sink = run(extract_xls, fixture("ledger.xls"));
  ASSERT_EQ(sink.tables.size(), 2u);
  EXPECT_EQ(sink.tables[0].info.name, "Berths");
  EXPECT_TRUE(sink.tables[0].info.is_sheet);
  EXPECT_THAT(sink.tables[0].info.columns, ElementsAre("name", "arrived", "tonnes", "label"));
  EXPECT_EQ(sink.tables[0].info.header_row, 1u);
  ASSERT_EQ(sink.tables[0].rows.size(), 3u);
  EXPECT_THAT(sink.tables[0].rows[0].second, ElementsAre("name", "arrived", "tonnes", "label"));
  EXPECT_THAT(sink.tables[0].rows[1].second, ElementsAre("Anna \u017buraw", "2024-03-15", "12345.5", "0", "TRUE"));
  EXPECT_THAT(sink.tables[0].rows[2].second, ElementsAre("Bob Kai", "", "7", "8", "5105105105105100", "14"));
  EXPECT_EQ(sink.tables[0].rows[2].first, 3u);
  EXPECT_EQ(sink.tables[1].info.name, "Quiet");
  EXPECT_THAT(sink.tables[1].rows[0].second, ElementsAre("hidden sheet words"));
  const auto comment = std::ranges::find(sink.texts, "comments", [](const auto& text) { return text.part.name; });
  ASSERT_NE(comment, sink.texts.end());
  EXPECT_EQ(comment->part.table, "Berths");
  EXPECT_EQ(comment->part.cell, "A2");
  EXPECT_THAT(part_text(sink, "comments"), HasSubstr("Comment on the vessel"));
  EXPECT_THAT(part_text(sink, "properties"), HasSubstr("title: Berth ledger"));
  EXPECT_THAT(sink.partials, IsEmpty());
}

std::string record(uint16_t type, std::string data) {
  std::string out;
  le16(out, type);
  le16(out, static_cast<uint32_t>(data.size()));
  return out + data;
}
std::string bof(uint16_t version, uint16_t kind) {
  std::string data;
  le16(data, version);
  le16(data, kind);
  return record(0x0809, data + std::string(12, '\0'));
}
std::string cell(uint16_t row, uint16_t column, uint16_t xf = 0) {
  std::string data;
  le16(data, row);
  le16(data, column);
  le16(data, xf);
  return data;
}
std::string book(const std::string& name, const std::string& stream) {
  return CompoundFileMaker().stream(name, stream).bytes();
}

TEST(ExtractXls, JoinsSharedStringsAcrossContinueRecords) {
  std::string strings;
  le32(strings, 2);
  le32(strings, 2);
  le16(strings, 6);
  strings += std::string("\0abc", 4);  // narrow; goes on wide in the next record
  std::string rest = std::string("\1", 1) + utf16("def");
  le16(rest, 3);
  rest += std::string("\x08", 1);  // with one formatting run
  le16(rest, 1);
  rest += "xyz" + std::string(4, '\0');
  std::string label = cell(0, 0);
  le32(label, 0);
  std::string second = cell(0, 2);
  le32(second, 1);
  std::string missing = cell(1, 0);
  le32(missing, 77);
  const auto sink =
      run(extract_xls, book("Workbook", bof(0x600, 5) + record(0xFC, strings) + record(0x3C, rest) + record(0x0A, "") +
                                            bof(0x600, 0x10) + record(0xFD, label) + record(0xFD, second) +
                                            record(0xFD, missing) + record(0x0A, "")));
  ASSERT_EQ(sink.tables.size(), 1u);
  ASSERT_EQ(sink.tables[0].rows.size(), 1u);
  EXPECT_THAT(sink.tables[0].rows[0].second, ElementsAre("abcdef", "", "xyz"));
}

TEST(ExtractXls, ReadsTextsInFormulasWithTheirCell) {
  std::string tokens("\x24\0\0\0\xC0\x17\x06\0narrow\x0B\x19\x40\0\x01\x17\x04\1", 22);  // A1="narrow", and a wide one
  tokens += utf16("wide") + std::string("\x60\0\0\0\0\0\0\0\x42\x02\x01\0", 12);         // behind it an array, IF
  // A row of two: a text and a number.
  const std::string behind = std::string("\1\0\0\2\x08\0\0in array", 15) + std::string("\1\0\0\0\0\0\0\0\0", 9);
  std::string formula = cell(3, 2) + std::string(14, '\0');
  le16(formula, static_cast<uint32_t>(tokens.size()));
  std::string damaged = cell(4, 2) + std::string(14, '\0');
  le16(damaged, 9);
  damaged += std::string("\x17\xFF\0short", 8);
  const auto sink = run(extract_xls, book("Workbook", bof(0x600, 5) + record(0x0A, "") + bof(0x600, 0x10) +
                                                          record(0x06, formula + tokens + behind) +
                                                          record(0x06, damaged) + record(0x0A, "")));
  std::vector<std::string> said;
  for (const auto& [part, text] : sink.texts)
    if (part.name == "formulas") said.push_back(part.cell + " " + text);
  EXPECT_THAT(said, ElementsAre("C4 narrow", "C4 wide", "C4 in array"));
  EXPECT_THAT(sink.partials, IsEmpty());
}

TEST(ExtractXls, ReadsBiff5TextInItsCodePage) {
  std::string codepage;
  le16(codepage, 1251);
  std::string label = cell(4, 1);
  le16(label, 3);
  label += "\xEF\xF0\xE8";
  const auto sink = run(extract_xls, book("Book", bof(0x500, 5) + record(0x42, codepage) + record(0x0A, "") +
                                                      bof(0x500, 0x10) + record(0x204, label) + record(0x0A, "")));
  ASSERT_EQ(sink.tables.size(), 1u);
  EXPECT_EQ(sink.tables[0].rows[0].first, 5u);
  EXPECT_THAT(sink.tables[0].rows[0].second, ElementsAre("", "\u043f\u0440\u0438"));
}

TEST(ExtractXls, HeadersAreReadWithoutTheirCodes) {
  const std::string header = "&LFor&Can@example.org";
  const auto sink =
      run(extract_xls, book("Book", bof(0x500, 5) + record(0x0A, "") + bof(0x500, 0x10) +
                                        record(0x14, static_cast<char>(header.size()) + header) + record(0x0A, "")));
  EXPECT_EQ(part_text(sink, "headers"), "\nFor\nan@example.org\n");
}

TEST(ExtractXls, ShowsNumbersAsTheCellDoes) {
  std::string format;
  le16(format, 170);
  const std::string code = "000\\-00\\-0000";
  le16(format, static_cast<uint32_t>(code.size()));
  format += std::string(1, '\0') + code;
  std::string plain_xf = std::string(20, '\0');
  std::string masked_xf = plain_xf;
  masked_xf[2] = static_cast<char>(170);
  std::string number = cell(0, 0, 1);
  number += std::string(8, '\0');
  const double value = 12345678;
  memcpy(number.data() + 6, &value, 8);
  std::string many = cell(0, 1);  // columns 1 and 2, each with its own XF and RK
  many.resize(4);
  le16(many, 0);
  le32(many, 7 << 2 | 2);
  le16(many, 0);
  le32(many, static_cast<uint32_t>(1250) << 2 | 3);
  le16(many, 2);
  const auto sink =
      run(extract_xls, book("Workbook", bof(0x600, 5) + record(0x41E, format) + record(0xE0, plain_xf) +
                                            record(0xE0, masked_xf) + record(0x0A, "") + bof(0x600, 0x10) +
                                            record(0x203, number) + record(0xBD, many) + record(0x0A, "")));
  ASSERT_EQ(sink.tables.size(), 1u);
  EXPECT_THAT(sink.tables[0].rows[0].second, ElementsAre("012-34-5678", "7", "12.5"));
}

TEST(ExtractXls, ReadsResultsOfFormulas) {
  const std::string text_result = cell(0, 0) + std::string("\0\0\0\0\0\0\xFF\xFF", 8) + std::string(8, '\0');
  const std::string truth = cell(0, 1) + std::string("\1\0\1\0\0\0\xFF\xFF", 8) + std::string(8, '\0');
  const std::string error = cell(0, 2) + std::string("\2\0\7\0\0\0\xFF\xFF", 8) + std::string(8, '\0');
  const auto sink =
      run(extract_xls, book("Workbook", bof(0x600, 5) + record(0x0A, "") + bof(0x600, 0x10) + record(6, text_result) +
                                            record(0x207, std::string("\4\0\0ship", 7)) + record(6, truth) +
                                            record(6, error) + record(0x0A, "")));
  ASSERT_EQ(sink.tables.size(), 1u);
  EXPECT_THAT(sink.tables[0].rows[0].second, ElementsAre("ship", "TRUE", "#DIV/0!"));
}

TEST(ExtractXls, NamesEncryptionAndDamage) {
  EXPECT_EQ(failure_of(extract_xls, book("Workbook", bof(0x600, 5) + record(0x2F, std::string(54, 'k')))),
            model::VerdictKind::encrypted);
  EXPECT_THAT(run(extract_xls, book("Workbook", "nonsense")).partials, Contains("no sheets in the workbook stream"));
  const auto cut = run(extract_xls, book("Workbook", bof(0x600, 5) + record(0x0A, "") + bof(0x600, 0x10) +
                                                         record(0x203, std::string(14, '\1')).substr(0, 12)));
  EXPECT_THAT(cut.partials, Contains("workbook stream is cut"));
}

// As xlwt writes: the stream is filled up to a multiple of 4096 bytes, which is no multiple of a record's head.
TEST(ExtractXls, ZerosBehindTheLastRecordAreNoneThatIsCut) {
  const std::string sheet = bof(0x600, 5) + record(0x0A, "") + bof(0x600, 0x10) + record(0x0A, "");
  for (const size_t zeros : {1, 3, 4, 4096, 4097}) {
    const auto sink = run(extract_xls, book("Workbook", sheet + std::string(zeros, '\0')));
    EXPECT_THAT(sink.partials, IsEmpty()) << zeros;
  }
  EXPECT_THAT(run(extract_xls, book("Workbook", sheet + std::string("\0\1", 2))).partials,
              Contains("workbook stream is cut"));
}

std::string atom(uint16_t type, std::string data, uint16_t version_and_instance = 0) {
  std::string out;
  le16(out, version_and_instance);
  le16(out, type);
  le32(out, static_cast<uint32_t>(data.size()));
  return out + data;
}
std::string container(uint16_t type, std::string data) { return atom(type, std::move(data), 0xF); }

std::string slide_persist(uint32_t persist, uint32_t slide_id) {
  std::string data;
  le32(data, persist);
  data += std::string(8, '\0');
  le32(data, slide_id);
  return atom(0x3F3, data + std::string(4, '\0'));
}

std::string hand_made_ppt() {
  std::string notes_atom;
  le32(notes_atom, 256);
  std::string object_size;
  le32(object_size, 5);
  const std::string deck_document = container(0x3E8, container(0xFF0, slide_persist(2, 257) + slide_persist(1, 256)));
  const std::string first = container(0x3EE, container(0xF00D, atom(0xFA0, utf16("Wide words\rline two"))));
  const std::string second = container(0x3EE, atom(0xFA8, "Narrow w\xF6rds"));
  const std::string notes = container(0x3F0, atom(0x3F1, notes_atom) + atom(0xFA8, "Speaker note"));
  std::string directory;
  le32(directory, 2U << 20 | 1);
  le32(directory, static_cast<uint32_t>(deck_document.size()));
  le32(directory, static_cast<uint32_t>(deck_document.size() + first.size()));
  return deck_document + first + second + notes + atom(0x1011, "plain object bytes") + atom(0x1772, directory);
}

TEST(ExtractPpt, GivesSlidesAndNotesByPage) {
  const auto sink = run(extract_ppt, CompoundFileMaker().stream("PowerPoint Document", hand_made_ppt()).bytes());
  ASSERT_EQ(sink.texts.size(), 3u);
  EXPECT_EQ(sink.texts[0].part.page, 2u);
  EXPECT_EQ(sink.texts[0].text, "Wide words\nline two\n");
  EXPECT_EQ(sink.texts[1].part.page, 1u);
  EXPECT_EQ(sink.texts[1].text, "Narrow w\u00f6rds\n");
  EXPECT_EQ(sink.texts[2].part.name, "notes");
  EXPECT_EQ(sink.texts[2].part.page, 2u);
  ASSERT_EQ(sink.members.size(), 1u);
  EXPECT_EQ(sink.members[0].content, "plain object bytes");
}

TEST(ExtractPpt, ReadsAPresentation) {
  const auto sink = run(extract_ppt, fixture("talk.ppt"));
  std::map<std::pair<std::string, uint32_t>, std::string> texts;
  for (const auto& text : sink.texts) texts[{text.part.name, text.part.page}] += text.text;
  EXPECT_THAT((texts[{"", 1}]), HasSubstr("First slide about cranes"));
  EXPECT_THAT((texts[{"", 2}]), HasSubstr("Second slide: \u017buraw\nwith two lines"));
  EXPECT_THAT((texts[{"notes", 1}]), HasSubstr("Speaker note about wages"));
  EXPECT_THAT(sink.partials, IsEmpty());
}

TEST(ExtractPpt, NamesEncryptionAndDamage) {
  std::string user(12, '\0');
  le32(user, 0xF3D1C4DF);
  EXPECT_EQ(failure_of(extract_ppt,
                       CompoundFileMaker().stream("PowerPoint Document", "x").stream("Current User", user).bytes()),
            model::VerdictKind::encrypted);
  const std::string whole = hand_made_ppt();
  const auto cut =
      run(extract_ppt, CompoundFileMaker().stream("PowerPoint Document", whole.substr(0, whole.size() - 60)).bytes());
  EXPECT_THAT(cut.everything(), HasSubstr("Wide words"));
}

TEST(ExtractOle, EncryptedOfficeDocumentsAreEncrypted) {
  const std::string bytes = CompoundFileMaker().stream("EncryptedPackage", "x").stream("EncryptionInfo", "y").bytes();
  EXPECT_EQ(failure_of(extract_ole, bytes), model::VerdictKind::encrypted);
}

TEST(ExtractOle, GivesStringsAndEmbeddedFiles) {
  std::string native("\2\0label\0C:\\in\\photo.txt\0\0\0\3\0", 28);
  le32(native, 3);
  native += std::string("p.\0", 3);
  le32(native, 7);
  native += "payload";
  std::string sized;
  le32(sized, static_cast<uint32_t>(native.size()));
  const std::string nested = hand_made_doc(0);
  MemoryInput nested_input(nested);
  CompoundFile nested_file(nested_input);
  const std::string bytes = CompoundFileMaker()
                                .stream("Data", std::string("\1\2", 2) + utf16("wide secret") + "\1narrow secret\1")
                                .stream("Pool/_1/\001Ole10Native", sized + native)
                                .stream("Pool/_2/WordDocument", nested_file.read_prefix("WordDocument", 1 << 20))
                                .stream("Pool/_2/0Table", nested_file.read_prefix("0Table", 1 << 20))
                                .stream("Pool/_3/Package", "PK..")
                                .bytes();
  const auto sink = run(extract_ole, bytes);
  EXPECT_THAT(part_text(sink, "strings"), HasSubstr("wide secret\n"));
  EXPECT_THAT(part_text(sink, "strings"), HasSubstr("narrow secret\n"));
  ASSERT_EQ(sink.members.size(), 3u);
  EXPECT_EQ(sink.members[0].name, "C:\\in\\photo.txt");
  EXPECT_EQ(sink.members[0].content, "payload");
  EXPECT_EQ(sink.members[1].name, "Pool/_2");
  EXPECT_EQ(part_text(run(extract_doc, sink.members[1].content), ""), "first\u20ac second\n");
  EXPECT_EQ(sink.members[2].content, "PK..");
}

/// A container of one chunk in which every token is a plain byte.
std::string compress_vba(std::string_view text) {
  std::string tokens;
  for (size_t i = 0; i < text.size(); i += 8) (tokens += '\0') += text.substr(i, 8);
  std::string out("\1", 1);
  le16(out, 0xB000 | static_cast<uint32_t>(tokens.size() - 1));
  return out + tokens;
}

TEST(Vba, DecompressesThePublishedExample) {
  // [MS-OVBA] 3.2.2: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".
  const std::string container("\x01\x03\xB0\x02\x61\x45\x00", 7);
  EXPECT_EQ(decompress_vba(container), std::string(73, 'a'));
  EXPECT_THROW(decompress_vba(std::string("\x01\x03\xB0\x01\x45\x00\x00", 7)), Failure);
  EXPECT_THROW(decompress_vba(""), Failure);
}

TEST(Vba, GivesTheCodeOfModules) {
  std::string dir;
  auto add = [&](uint16_t id, const std::string& data) {
    le16(dir, id);
    le32(dir, static_cast<uint32_t>(data.size()));
    dir += data;
  };
  add(0x03, std::string("\xE4\x04", 2));
  add(0x1A, "Module1");
  add(0x31, std::string("\3\0\0\0", 4));
  add(0x10, "");
  const std::string bytes = CompoundFileMaker()
                                .stream("Macros/VBA/dir", compress_vba(dir))
                                .stream("Macros/VBA/Module1", "pad" + compress_vba("password = \"harbour\""))
                                .bytes();
  EXPECT_EQ(part_text(run(extract_ole, bytes), "macros"), "password = \"harbour\"");
}

TEST(Legacy, SurvivesFlippedBytes) {
  struct Sample {
    ExtractFunction extract;
    std::string bytes;
  };
  const Sample samples[] = {{extract_doc, fixture("letter.doc")},
                            {extract_xls, fixture("ledger.xls")},
                            {extract_ppt, fixture("talk.ppt")},
                            {extract_ole, fixture("letter.doc")}};
  uint32_t random = 99;
  for (const auto& [extract, bytes] : samples) {
    for (int round = 0; round < 400; ++round) {
      std::string broken = bytes;
      for (int i = 0; i < 1 + round % 20; ++i) {
        random = random * 1664525 + 1013904223;
        broken[(random >> 7) % broken.size()] = static_cast<char>(random >> 24);
      }
      failure_of(extract, broken);
      failure_of(extract, std::string_view(broken).substr(0, (random >> 5) % broken.size()));
    }
  }
}

}  // namespace
}  // namespace assay::extract
