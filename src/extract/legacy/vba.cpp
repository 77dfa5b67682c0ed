#include "extract/legacy/vba.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "extract/legacy/embedded.h"
#include "extract/ole/bytes.h"
#include "extract/ole/codepage.h"

namespace assay::extract {
namespace {

constexpr size_t max_code_bytes = size_t{16} << 20;
constexpr size_t chunk_code_bytes = 4096;

[[noreturn]] void damaged() { throw Failure(model::VerdictKind::partial, "damaged macros"); }

/// One chunk of tokens: a flag byte says for each of the next eight whether it is a byte or a copy of earlier bytes.
void decompress_chunk(std::string_view tokens, std::string& out) {
  const size_t start = out.size();
  size_t at = 0;
  while (at < tokens.size()) {
    const auto flags = static_cast<uint8_t>(tokens[at++]);
    for (int bit = 0; bit < 8 && at < tokens.size(); ++bit) {
      if ((flags >> bit & 1) == 0) {
        out += tokens[at++];
        continue;
      }
      if (at + 2 > tokens.size()) damaged();
      const auto token =
          static_cast<uint16_t>(static_cast<uint8_t>(tokens[at]) | static_cast<uint8_t>(tokens[at + 1]) << 8);
      at += 2;
      const size_t done = out.size() - start;
      if (done == 0) damaged();
      const int offset_bits = std::max<int>(4, std::bit_width(done - 1));
      const size_t length_mask = 0xFFFFU >> offset_bits;
      const size_t length = (token & length_mask) + 3;
      const size_t distance = (token >> (16 - offset_bits)) + size_t{1};
      if (distance > done || done + length > chunk_code_bytes) damaged();
      for (size_t i = 0; i < length; ++i) out += out[out.size() - distance];
    }
    if (out.size() - start > chunk_code_bytes) damaged();
  }
}

struct Module {
  std::string stream;
  uint32_t offset = 0;
};

struct Project {
  uint32_t codepage = 1252;
  std::vector<Module> modules;
};

/// The dir stream ([MS-OVBA] 2.3.4.2) is a row of records: identifier, size, data.
Project read_project(Bytes dir) {
  Project project;
  size_t offset = 0;
  while (offset + 6 <= dir.size()) {
    const uint16_t id = dir.u16(offset);
    const size_t size = id == 0x09 ? 6 : dir.u32(offset + 2);  // PROJECTVERSION counts two bytes too few
    const Bytes data(dir.slice(offset + 6, size));
    offset += 6 + size;
    if (id == 0x03) project.codepage = data.u16(0);
    if (id == 0x1A) project.modules.push_back({codepage_to_utf8(data.view(), project.codepage)});
    if (id == 0x31 && !project.modules.empty()) project.modules.back().offset = data.u32(0);
    if (id == 0x10) break;
  }
  return project;
}

void extract_project(const std::string& storage, CompoundFile& file, Sink& sink) {
  const std::string dir = decompress_vba(file.read_prefix(storage + "/dir", max_code_bytes));
  const Project project = read_project(Bytes(dir));
  for (const Module& module : project.modules) {
    or_partial(sink, [&] {
      const std::string stream = file.read_prefix(storage + "/" + module.stream, max_code_bytes);
      if (module.offset > stream.size()) damaged();
      const std::string code =
          codepage_to_utf8(decompress_vba(std::string_view(stream).substr(module.offset)), project.codepage);
      sink.begin_text({.name = "macros"});
      sink.text(code);
      sink.end_text();
    });
  }
}

}  // namespace

std::string decompress_vba(std::string_view container) {
  const Bytes bytes(container);
  if (bytes.u8(0) != 1) damaged();
  std::string out;
  size_t at = 1;
  while (at + 2 <= container.size()) {
    const uint16_t header = bytes.u16(at);
    const size_t size = std::min<size_t>((header & 0xFFF) + 3, container.size() - at);
    if ((header >> 12 & 7) != 3) damaged();
    const std::string_view data = bytes.slice(at + 2, size - 2);
    if ((header & 0x8000) != 0) {
      decompress_chunk(data, out);
    } else {
      out += data;
    }
    if (out.size() > max_code_bytes) throw Failure(model::VerdictKind::partial, "size of macros");
    at += size;
  }
  return out;
}

void extract_macros(CompoundFile& file, Sink& sink) {
  for (const auto& entry : file.entries()) {
    if (entry.is_storage || !entry.path.ends_with("VBA/dir") || is_inside_embedded(file, entry.path)) continue;
    or_partial(sink, [&] { extract_project(entry.path.substr(0, entry.path.size() - 4), file, sink); });
  }
}

}  // namespace assay::extract
