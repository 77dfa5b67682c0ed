#include "extract/archive/libarchive_members.h"

#include "extract/archive/compression.h"
#include "extract/archive/entry_name.h"
#include "extract/archive/libarchive_reader.h"
#include "extract/archive/member_stream.h"
#include "extract/archive/rar5_locks.h"
#include "extract/failure.h"

namespace assay::extract {

using model::Verdict;
using model::VerdictKind;

namespace {

/// libarchive tells why only in words.
Verdict judge(const LibarchiveReader& reader, archive_entry* entry, std::string reason) {
  const std::string error = reader.error();
  const auto says = [&error](std::string_view word) { return error.find(word) != std::string::npos; };
  if ((entry != nullptr && archive_entry_is_encrypted(entry) != 0) || says("ncrypt"))
    return {VerdictKind::encrypted, "encrypted archive entry"};
  if (reader.lacked_memory()) return {VerdictKind::oom, memory_reason({})};
  if (says("solid archive")) return {VerdictKind::unsupported, "solid RAR archive older than RAR 5"};
  if (says("nsupported") || says("not supported")) return {VerdictKind::unsupported, "compression method"};
  return {VerdictKind::partial, std::move(reason)};
}

/// True when the entry is a file whose bytes are to be read.
bool is_readable_file(archive_entry* entry, std::string_view name, Sink& sink) {
  forget_errors();
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_hardlink_w(entry) != nullptr) {
    // cpio and pax archives may carry the bytes with the link, tar does not.
    if (!archive_entry_size_is_set(entry) || archive_entry_size(entry) == 0) {
      sink.unread_member(name, {VerdictKind::special_file, "hard link in an archive"});
      return false;
    }
  } else if (const auto type = archive_entry_filetype(entry); type == AE_IFDIR) {
    return false;
  } else if (type != AE_IFREG && type != 0) {
    sink.unread_member(name, {VerdictKind::special_file, "link or device in an archive"});
    return false;
  }
  if (archive_entry_is_encrypted(entry) != 0) {
    sink.unread_member(name, {VerdictKind::encrypted, "encrypted archive entry"});
    return false;
  }
  return true;
}

void extract_entry(LibarchiveReader& reader, archive_entry* entry, std::string_view name, const Context& context,
                   Sink& sink) {
  Verdict outcome;
  bool ended = false;
  hand_over_member(name,
                   {.pull = [&](std::span<char> out) -> size_t {
                      if (ended) return 0;
                      const la_ssize_t n = reader.read(out);
                      sink.tick();
                      if (n <= 0) ended = true;
                      if (n < 0) outcome = judge(reader, entry, "damaged archive entry");
                      if (n == 0 && reader.warned()) outcome = {VerdictKind::partial, "damaged archive entry"};
                      return n > 0 ? static_cast<size_t>(n) : 0;
                    },
                    .outcome = [&] { return outcome; }},
                   context, sink);
}

}  // namespace

bool extract_libarchive_members(Input& input, const Context& context, Sink& sink) {
  const auto locked = locked_in_rar5(input, context.limits.max_members);
  LibarchiveReader reader(input, LibarchiveReader::Contents::archive);
  archive_entry* entry = nullptr;
  for (bool first = true;; first = false) {
    const int result = reader.next(entry);
    if (result == ARCHIVE_EOF) break;
    if (result < ARCHIVE_WARN) {
      if (first && reader.error().find("nrecognized") != std::string::npos) return false;
      Verdict verdict = judge(reader, nullptr, "damaged archive");
      if (reader.has_encrypted_entries()) verdict = {VerdictKind::encrypted, "encrypted archive"};
      if (first || verdict.kind != VerdictKind::partial) throw Failure(verdict.kind, verdict.reason);
      sink.partial(verdict.reason);
      if (result == ARCHIVE_FATAL) break;
      continue;
    }
    sink.tick();
    const std::string name = entry_name(entry);
    if (locked.contains(name)) sink.unread_member(name, {VerdictKind::encrypted, "encrypted archive entry"});
    else if (is_readable_file(entry, name, sink)) extract_entry(reader, entry, name, context, sink);
  }
  return true;
}

void extract_zip_other_methods(Input& input, const Context& context, Sink& sink) {
  // Damage in one entry may leave libarchive unable to go on: then it is opened again, behind that entry.
  constexpr int max_reopenings = 16;
  uint64_t done = 0;
  for (int opening = 0; opening <= max_reopenings; ++opening) {
    LibarchiveReader reader(input, LibarchiveReader::Contents::zip);
    archive_entry* entry = nullptr;
    uint64_t index = 0;
    int result = ARCHIVE_OK;
    while ((result = reader.next(entry)) == ARCHIVE_OK || result == ARCHIVE_WARN) {
      sink.tick();
      if (++index <= done) continue;
      done = index;
      const std::string method = reader.format_name();
      if (method.ends_with("(uncompressed)") || method.ends_with("(deflation)")) continue;
      if (archive_entry_is_encrypted(entry) != 0 || archive_entry_filetype(entry) != AE_IFREG) continue;
      extract_entry(reader, entry, entry_name(entry), context, sink);
    }
    if (result == ARCHIVE_EOF) return;
    if (index <= done && index < done) break;
  }
  sink.partial("damaged zip archive");
}

}  // namespace assay::extract
