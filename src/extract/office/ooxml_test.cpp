#include "extract/archive/test_archives.h"
#include "extract/office/office.h"
#include "extract/unicode.h"

namespace assay::extract::testing {
namespace {

using model::VerdictKind;
using ::testing::HasSubstr;

ExtractFunction extractor_for(const std::filesystem::path& path) {
  if (path.extension() == ".docx") return extract_docx;
  if (path.extension() == ".xlsx") return extract_xlsx;
  if (path.extension() == ".pptx") return extract_pptx;
  return nullptr;
}

TEST(OpenXml, CorpusIsReadOrRefused) {
  const auto folder = corpora() / "office" / "open-xml-sdk";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no corpus at " << folder;
  size_t files = 0, with_text = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    const ExtractFunction extract = extractor_for(file.path());
    if (extract == nullptr) continue;
    const Extracted result = run_extractor(extract, read_file(file.path()));
    ++files;
    EXPECT_TRUE(is_valid_utf8(result.sink.everything())) << file.path();
    if (!result.sink.everything().empty()) ++with_text;
  }
  EXPECT_GE(files, 600U);
  EXPECT_GE(with_text * 100, files * 90) << with_text << " of " << files;
}

}  // namespace
}  // namespace assay::extract::testing
