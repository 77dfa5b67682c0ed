#include "extract/archive/archive.h"

#include <iconv.h>

#include <clocale>

#include "extract/archive/libarchive_members.h"
#include "extract/archive/zip.h"
#include "extract/archive/zip_directory.h"
#include "extract/failure.h"

namespace assay::extract {

void prepare_archive_library() {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  // Never closed: an open descriptor keeps the tables loaded.
  static const iconv_t lha_names = iconv_open("UTF-8", "CP932");
  static_cast<void>(lha_names);
}

void extract_archive(Input& input, const Context& context, Sink& sink) {
  if (begins_like_zip(input)) return extract_zip(input, context, sink);
  if (extract_libarchive_members(input, context, sink)) return;
  // A self-extracting archive begins with a program.
  const ZipDirectory directory = read_zip_directory(input, context.limits.max_members, [&sink] { sink.tick(); });
  if (directory.entries.empty()) throw Failure(model::VerdictKind::unsupported, "archive of no known kind");
  extract_zip(input, context, sink);
}

}  // namespace assay::extract
