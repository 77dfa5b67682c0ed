#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Members of archives: zip by our own reader, tar, cpio, ar, 7z, rar, rar5, xar, cab, lha, iso9660 and warc by
/// libarchive, each also inside the compressions of extract_compressed.
void extract_archive(Input& input, const Context& context, Sink& sink);

/// The one member of a compressed file: gzip, bzip2, xz, lzma, lzip, zstd, lz4, compress.
void extract_compressed(Input& input, const Context& context, Sink& sink);

/// Loads what libarchive would otherwise open files for when it meets names in other character sets: a UTF-8 locale
/// and the conversion tables of LHA's code page. To be called once, before the process gives up opening files.
void prepare_archive_library();

}  // namespace assay::extract
