// Real files of other projects' test suites: each gets a verdict, and texts that are known to be in them are found.
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "tests/support/scanning.h"

namespace assay::tests {
namespace {

namespace fs = std::filesystem;
using model::VerdictKind;

class Corpora : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto found = corpora();
    if (!found) GTEST_SKIP() << "the corpora are absent: set ASSAY_CORPORA, or put them in ../shared/corpora";
    root_ = *found;
  }

  fs::path root_;
};

std::string family_of(const fs::path& root, const std::string& object) {
  return fs::path(object).lexically_relative(root).begin()->string();
}

TEST_F(Corpora, EveryFileGetsAVerdict) {
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) files += entry.is_regular_file() ? 1U : 0U;
  const ScanResult result = run(scan_options({root_.string()}));

  std::map<std::string, std::map<std::string, size_t>> table;
  std::map<std::string, size_t> reasons;
  std::set<std::string> objects;
  for (const auto& record : result.records) {
    if (!record.member.empty()) continue;
    EXPECT_TRUE(objects.insert(record.object).second) << "two verdicts for " << record.object;
    ++table[family_of(root_, record.object)][std::string(model::to_string(record.verdict.kind))];
    if (record.verdict.kind != VerdictKind::ok) ++reasons[record.format + ": " + to_text(record.verdict)];
  }
  EXPECT_EQ(objects.size(), files);
  for (const auto kind : {VerdictKind::crash, VerdictKind::violation, VerdictKind::timeout, VerdictKind::oom,
                          VerdictKind::io_error, VerdictKind::changed})
    for (const auto& record : result.records)
      EXPECT_NE(record.verdict.kind, kind) << record.object << " " << record.member << " " << to_text(record.verdict);

  fmt::print("{} files in {} ms, {} members, {} findings\n", files, result.elapsed.count(), result.summary.members,
             result.summary.findings);
  for (const auto& [family, verdicts] : table)
    for (const auto& [verdict, count] : verdicts) fmt::print("  {:<10} {:<12} {:>5}\n", family, verdict, count);
  for (const auto& [reason, count] : reasons) fmt::print("  {:>5}  {}\n", count, reason);
}

// A text in the files whose name ends so, seen there by other programs.
struct Known {
  const char* file;
  const char* text;
};

constexpr Known known[] = {
    // PDF
    {"002-trivial-libre-office-writer.pdf", "takimata sanctus est Lorem ipsum dolor sit amet"},
    {"009-pdflatex-geotopo_GeoTopo-komprimiert.pdf", "Geometrie und Topologie"},
    {"011-google-doc-document_google-doc-document.pdf", "Example document"},
    {"012-libreoffice-form_libreoffice-form.pdf", "Example for a Form"},
    {"013-reportlab-overlay_reportlab-overlay.pdf", "Name: Foo Bar"},
    {"016-libre-office-link_libre-office-link.pdf", "This is a link to an awesome blog"},
    {"021-pdfa_crazyones-pdfa.pdf", "The Crazy Ones"},
    {"026-latex-multicolumn_multicolumn.pdf", "Document with Lorem Ipsum"},
    {"samples_acroform_AcroForm_TEST.pdf", "RADIO BUTTON"},
    {"samples_nonfree_f1040nr.pdf", "OMB No. 1545-0074"},
    {"samples_nonfree_naacl06-shinyama.pdf", "Yusuke Shinyama"},
    {"samples_simple5.pdf", "Link to heading that is working with vim-pandoc"},
    {"samples_zen_of_python_corrupted.pdf", "Beautiful is better than ugly"},
    {"examples_pdfs_ag-energy-round-up-2017-02-24.pdf", "National Weekly Ag Energy Round-Up"},
    {"examples_pdfs_san-jose-pd-firearm-sample.pdf", "FIREARM SEARCH"},
    {"tests_pdfs_federal-register-2020-17221.pdf", "This section of the FEDERAL REGISTER"},
    {"tests_pdfs_la-precinct-bulletin-2014-p1.pdf", "REGISTERED VOTERS"},
    {"tests_pdfs_pdffill-demo.pdf", "create a blank PDF by PDFill"},
    {"tests_pdfs_scotus-transcript-p1.pdf", "Official - Subject to Final Review"},
    {"tests_pdfs_issue-848.pdf", "admonishes them harshly about striking"},
    // Office
    {"wordprocessing_MiscNode_WithMiscNodes.docx", "Agenda for CAURA 2004"},
    {"wordprocessing_section break_sectionBreak.docx", "Business Plan for a Startup Business"},
    {"wordprocessing_style_2.docx", "Build Windows Vista Applications"},
    {"632399205748969391 Moon Tregillus.docx", "By Nathan Tregillus"},
    {"wordprocessing_comment_comments by another person.docx", "This document is for testing comments feature"},
    {"footnote at bottom of paget and resart for each page.docx", "This document shows the usage of footnote"},
    {"wordprocessing_ParaPr_outlineLvl.docx", "This is the first paragraph"},
    {"wordprocessing_picture_pic-4.docx", "Contrast +40%"},
    {"spreadsheet_PerformanceEng.xlsx", "6326 156 Ave NE"},
    {"spreadsheet_RelationalPivotB1.xlsx", "90 Wadhurst Rd"},
    {"asSources_spreadsheet_SST.xlsx", "shared string table"},
    {"TestFiles_Complex01.xlsx", "Formatted Text"},
    {"O14ISOStrict_PowerPoint_4.6.10 bg.pptx", "Spin background only"},
    {"algnThaiDist_mainLvl2ppr_AlignmentLevel2ThaiDistributed.pptx", "Paragraph one of this test file"},
    {"NavigationControl-clr-blackTextOnWhite.pptx", "Presentation Saved As HTML"},
    {"TestFiles_autosave.pptx", "Auto Save Test"},
    // Mail
    {"attachment_emails_attachment_content_disposition.eml", "This is the first part"},
    {"attachment_emails_attachment_content_disposition.eml", "puts \"Hello, world!\""},
    {"attachment_emails_attachment_message_rfc822.eml", "to see what the message looks like"},
    {"multi_charset_japanese_attachment.eml", "this is a test"},
    {"multi_charset_japanese_attachment_long_name.eml", "this is the data"},
    {"multi_charset_japanese_iso_2022.eml", "すみません"},
    {"multi_charset_japanese_iso_2022.eml", "まみむめも"},
    {"multi_charset_ks_c_5601-1987.eml", "스티해"},
    {"multipart_report_multiple_status.eml", "Hey cingularmefarida"},
    {"plain_emails_raw_email.eml", "하나님을 믿습니다"},
    {"plain_emails_raw_email_quoted_with_0d0a.eml", "A fax has arrived from remote ID"},
    {"raw_email_with_illegal_boundary.eml", "This is an outlook test"},
    {"plain_emails_raw_email_reply.eml", "Message body"},
    {"rfc2822_example04.eml", "Undisclosed recipients"},
    // Archives
    {"regress_data_gap.zip", "This is the second file"},
    {"regress_data_firstsecond.zip", "firstpartsecondpart"},
    {"regress_data_rename_ok.zip", "Contents of second file"},
    {"regress_data_testcomment13.zip", "Contents of third file"},
    {"regress_data_testcommentremoved.zip", "Contents of first file"},
    {"regress_data_teststdin.zip", "it seems to have been successful"},
    {"regress_data_testbuffer_reopen.zip", "A new file"},
    {"regress_data_changing-size.zip", "muchlonger"},
    {"regress_data_utf-8-standardization-input.zip", "Just some placeholder text"},
    {"regress_data_testbzip2.zip", "bbbbbbbbbbbbbb"},
    {"regress_data_testfile-lzma.zip", "bbbbbbbbbbbbbb"},
    {"regress_data_testfile-xz.zip", "bbbbbbbbbbbbbb"},
    {"regress_data_testfile-zstd.zip", "bbbbbbbbbbbbbb"},
    {"regress_data_testdeflated.zip", "bbbbbbbbbbbbbb"},
};

TEST_F(Corpora, KnownTextsAreFound) {
  std::map<std::string, std::string> entity_of_text;
  for (const auto& [file, text] : known)
    entity_of_text.try_emplace(text, fmt::format("KNOWN_{}", entity_of_text.size()));
  auto options = scan_options({root_.string()});
  options.rules = literal_rules(entity_of_text);
  const ScanResult result = run(options);
  for (const auto& [file, text] : known) {
    bool found = false;
    for (const auto& finding : result.in(file)) found = found || finding.entity == entity_of_text.at(text);
    EXPECT_TRUE(found) << "'" << text << "' in " << file;
  }
}

}  // namespace
}  // namespace assay::tests
