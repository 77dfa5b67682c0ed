#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "extract/extractor.h"
#include "extract/failure.h"
#include "extract/sink_recorder.h"

namespace assay::extract::testing {

struct TestFile {
  std::string name;
  std::string content;
  mode_t type = AE_IFREG;
};

struct ArchiveOptions {
  int format = ARCHIVE_FORMAT_ZIP;
  std::vector<int> filters = {};
  std::string options = {};  ///< as archive_write_set_options takes them
  std::string passphrase = {};
};

/// The bytes of an archive of these files, written by libarchive.
inline std::string make_archive(const std::vector<TestFile>& files, const ArchiveOptions& how = {}) {
  archive* out = archive_write_new();
  archive_write_set_format(out, how.format);
  for (const int filter : how.filters) archive_write_add_filter(out, filter);
  if (!how.options.empty()) archive_write_set_options(out, how.options.c_str());
  if (!how.passphrase.empty()) archive_write_set_passphrase(out, how.passphrase.c_str());
  archive_write_set_bytes_in_last_block(out, 1);
  std::string bytes;
  archive_write_open(
      out, &bytes, nullptr,
      [](archive*, void* to, const void* data, size_t size) -> la_ssize_t {
        static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
        return static_cast<la_ssize_t>(size);
      },
      nullptr);
  for (const TestFile& file : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_copy_pathname(entry, file.name.c_str());
    archive_entry_set_filetype(entry, file.type);
    archive_entry_set_perm(entry, 0644);
    if (file.type == AE_IFLNK) {
      archive_entry_set_symlink(entry, file.content.c_str());
    } else if (file.type == AE_IFREG) {
      archive_entry_set_size(entry, static_cast<la_int64_t>(file.content.size()));
    }
    archive_write_header(out, entry);
    if (file.type == AE_IFREG) archive_write_data(out, file.content.data(), file.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
  return bytes;
}

/// What an extractor gave, and the verdict of the Failure it threw, if any.
struct Extracted {
  model::Verdict verdict;
  SinkRecorder sink;
  std::vector<SinkRecorder::Text>& texts = sink.texts;
  std::vector<SinkRecorder::Table>& tables = sink.tables;
  std::vector<SinkRecorder::Member>& members = sink.members;
  std::vector<std::string>& partials = sink.partials;

  Extracted(ExtractFunction extract, std::string_view bytes, std::string_view name, const model::Limits& limits) {
    MemoryInput input(bytes);
    Scratch scratch(-1, 0);
    const Context context{.limits = limits, .scratch = scratch, .name = name};
    try {
      extract(input, context, sink);
    } catch (const Failure& failure) {
      verdict = failure.verdict();
    }
  }
  Extracted(const Extracted&) = delete;  // its references are into itself
  Extracted& operator=(const Extracted&) = delete;

  const SinkRecorder::Member* member_named(std::string_view name) const {
    for (const SinkRecorder::Member& candidate : members)
      if (candidate.name == name) return &candidate;
    return nullptr;
  }
  std::string text_of(std::string_view part) const {
    std::string all;
    for (const SinkRecorder::Text& piece : texts)
      if (piece.part.name == part) all += piece.text;
    return all;
  }
};

inline Extracted run_extractor(ExtractFunction extract, std::string_view bytes, std::string_view name = {},
                               const model::Limits& limits = {}) {
  return Extracted(extract, bytes, name, limits);
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::filesystem::path corpora() {
  const char* place = std::getenv("ASSAY_CORPORA");
  return place != nullptr ? std::filesystem::path(place)
                          : std::filesystem::path(ASSAY_SOURCE_DIR) / "../shared/corpora";
}

}  // namespace assay::extract::testing
