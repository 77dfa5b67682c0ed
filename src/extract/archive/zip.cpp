#include "extract/archive/zip.h"

#include <optional>

#include "extract/archive/libarchive_members.h"
#include "extract/archive/member_stream.h"
#include "extract/archive/zip_directory.h"
#include "extract/archive/zip_entry.h"
#include "extract/archive/zip_fields.h"
#include "extract/failure.h"
#include "extract/unicode.h"

namespace assay::extract {

using model::Verdict;
using model::VerdictKind;

namespace {

/// False when the entry needs a decompressor that only libarchive has.
bool extract_entry(Input& input, const ZipEntry& entry, const Context& context, Sink& sink) {
  if (entry.is_directory()) return true;
  if (entry.is_encrypted()) {
    sink.unread_member(entry.name, {VerdictKind::encrypted, "encrypted zip entry"});
    return true;
  }
  if (entry.is_special_file()) {
    sink.unread_member(entry.name, {VerdictKind::special_file, "link or device in an archive"});
    return true;
  }
  if (!ZipEntryReader::can_read(entry)) return false;
  std::optional<ZipEntryReader> reader;
  try {
    reader.emplace(input, entry);
  } catch (const Failure& failure) {
    if (!is_fault_of_entry(failure.verdict().kind)) throw;
    sink.unread_member(entry.name, failure.verdict());
    return true;
  }
  hand_over_member(entry.name,
                   {.pull = [&](std::span<char> out) { return reader->read(out); },
                    .outcome = [&]() -> Verdict {
                      if (reader->damage().empty()) return {};
                      return {VerdictKind::partial, reader->damage()};
                    }},
                   context, sink);
  return true;
}

void give_comments(const ZipDirectory& directory, Sink& sink) {
  if (directory.has_more_comments) sink.partial("more comments in the archive than are read");
  if (directory.comments.empty()) return;
  sink.begin_text({.name = "comments"});
  sink.text(valid_utf8(directory.comments));
  sink.end_text();
}

}  // namespace

bool begins_like_zip(Input& input) {
  const std::string start = read_bytes(input, 0, 4);
  return start == "PK\3\4" || start == "PK\5\6" || start == "PK\7\10";
}

void extract_zip(Input& input, const Context& context, Sink& sink) {
  const Tick tick = [&sink] { sink.tick(); };
  const uint64_t max_entries = context.limits.max_members;
  const ZipDirectory directory = read_zip_directory(input, max_entries, tick);
  if (has_overlapping_entries(directory)) throw Failure(VerdictKind::limit, "overlapping zip entries");

  give_comments(directory, sink);
  bool others = false;
  for (const ZipEntry& entry : directory.entries) others |= !extract_entry(input, entry, context, sink);
  if (others) extract_zip_other_methods(input, context, sink);

  const auto unlisted = find_unlisted_zip_entries(input, directory, max_entries, tick);
  for (const ZipEntry& entry : unlisted)
    if (!extract_entry(input, entry, context, sink))
      sink.unread_member(entry.name, {VerdictKind::unsupported, "zip compression method"});
  if (!directory.problem.empty()) {
    if (directory.entries.empty() && unlisted.empty()) throw Failure(VerdictKind::partial, directory.problem);
    sink.partial(directory.problem);
  }
}

}  // namespace assay::extract
