#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "extract/archive/archive.h"
#include "extract/archive/compression.h"
#include "extract/archive/libarchive_reader.h"
#include "extract/archive/member_stream.h"
#include "extract/archive/zip_fields.h"
#include "extract/failure.h"
#include "extract/unicode.h"

namespace assay::extract {

using model::Verdict;
using model::VerdictKind;

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> suffixes = {{
    {".gz", ""},
    {".bz2", ""},
    {".xz", ""},
    {".lzma", ""},
    {".zst", ""},
    {".zstd", ""},
    {".lz4", ""},
    {".lz", ""},
    {".Z", ""},
    {".tgz", ".tar"},
    {".tbz", ".tar"},
    {".tbz2", ".tar"},
    {".txz", ".tar"},
    {".tzst", ".tar"},
    {".taz", ".tar"},
    {".svgz", ".svg"},
    {".bz", ""},
}};

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool ends_with_ignoring_case(std::string_view name, std::string_view suffix) {
  if (name.size() <= suffix.size()) return false;
  const std::string_view end = name.substr(name.size() - suffix.size());
  for (size_t i = 0; i < suffix.size(); ++i)
    if (ascii_lower(end[i]) != ascii_lower(suffix[i])) return false;
  return true;
}

/// What the header of a gzip file says in words (RFC 1952, 2.3); empty where it says nothing.
struct GzipWords {
  std::string name, comment;
};

GzipWords gzip_words(Input& input) {
  const std::string header = read_bytes(input, 0, 4096);
  constexpr uint8_t has_extra = 4, has_name = 8, has_comment = 16;
  if (header.size() < 12 || !header.starts_with("\x1f\x8b\x08")) return {};
  const auto flags = static_cast<uint8_t>(header[3]);
  size_t at = 10;
  if ((flags & has_extra) != 0) at += 2 + size_t{le16(header, at)};
  const auto take = [&](uint8_t flag) -> std::string {
    if ((flags & flag) == 0 || at >= header.size()) return {};
    const size_t begin = at, end = std::min(header.find('\0', begin), header.size());
    at = end + 1;
    return end == header.size() && flag == has_name ? std::string() : header.substr(begin, end - begin);
  };
  GzipWords words;
  words.name = take(has_name);
  words.comment = take(has_comment);
  return words;
}

void give_text(const char* part, std::string_view text, Sink& sink) {
  if (text.empty()) return;
  sink.begin_text({.name = part});
  sink.text(valid_utf8(text));
  sink.end_text();
}

std::string inner_name(const std::string& stored, std::string_view name) {
  for (const auto& [suffix, replacement] : suffixes)
    if (ends_with_ignoring_case(name, suffix))
      return std::string(name.substr(0, name.size() - suffix.size())).append(replacement);
  if (!stored.empty()) return stored;
  return name.empty() ? "content" : std::string(name);
}

/// Something behind the data but zeros, which tapes and devices fill up with.
bool has_tail(Input& input, uint64_t at) {
  constexpr size_t looked_at = size_t{64} << 10;
  const std::string tail = read_bytes(input, at, looked_at);
  return tail.find_first_not_of('\0') != std::string::npos;
}

}  // namespace

void extract_compressed(Input& input, const Context& context, Sink& sink) {
  const Compression compression = compression_of(input);
  std::optional<LibarchiveReader> reader(std::in_place, input, LibarchiveReader::Contents::compressed,
                                         compression.filter);
  const auto judge = [&]() -> Verdict {
    if (reader->lacked_memory()) return {VerdictKind::oom, memory_reason(compression)};
    if (reader->error().find("too many filters") != std::string::npos) return {VerdictKind::limit, "max_depth"};
    return {VerdictKind::partial, "damaged compressed data"};
  };
  archive_entry* entry = nullptr;
  int result = reader->next(entry);
  if (result < ARCHIVE_WARN && compression.filter) {
    reader.emplace(input, LibarchiveReader::Contents::compressed);
    result = reader->next(entry);
  }
  Verdict outcome;
  if (result < ARCHIVE_WARN) {
    outcome = judge();
    throw Failure(outcome.kind, outcome.reason);
  }
  // One filter is the file itself: nothing was recognised.
  if (result == ARCHIVE_OK && reader->filter_count() <= 1)
    throw Failure(VerdictKind::unsupported, "compression of no known kind");
  bool ended = result == ARCHIVE_EOF;
  const GzipWords words = gzip_words(input);
  const std::string name = inner_name(words.name, context.name);
  if (words.name != name) give_text("metadata", words.name, sink);
  give_text("comments", words.comment, sink);
  hand_over_member(name,
                   {.pull = [&](std::span<char> out) -> size_t {
                      if (ended) return 0;
                      const la_ssize_t n = reader->read(out);
                      sink.tick();
                      if (n <= 0) ended = true;
                      if (n < 0) outcome = judge();
                      return n > 0 ? static_cast<size_t>(n) : 0;
                    },
                    .outcome = [&] { return outcome; }},
                   context, sink);
  if (outcome.kind == VerdictKind::oom) throw Failure(outcome.kind, outcome.reason);
  // Of others libarchive does not say where they end, or what is behind them is damage to it.
  const bool tells_end = compression.filter == ARCHIVE_FILTER_GZIP || compression.filter == ARCHIVE_FILTER_BZIP2;
  if (ended && tells_end && outcome.kind == VerdictKind::ok && has_tail(input, reader->consumed()))
    sink.partial("what stands behind the compressed data is not read");
}

}  // namespace assay::extract
