#include "extract/legacy/ppt_index.h"

#include <optional>
#include <string>
#include <vector>

#include "extract/ole/bytes.h"

namespace assay::extract {
namespace {

constexpr size_t max_atom_bytes = size_t{1} << 20;
constexpr uint16_t slides_instance = 0;

std::string read_data(Input& stream, const PresentationRecord& record) {
  std::string data(std::min<uint64_t>(record.size, max_atom_bytes), '\0');
  data.resize(stream.read_at(record.data, data));
  return data;
}

/// Calls `visit` for each record directly inside [offset, end).
template <class Visit>
void for_each_record(Input& stream, uint64_t offset, uint64_t end, Visit visit) {
  PresentationRecord record;
  while (read_presentation_record(stream, offset, end, record)) {
    visit(record);
    offset = record.end();
  }
}

using Offsets = std::map<uint32_t, uint64_t>;  // by persist identifier

/// [MS-PPT] 2.3.5: runs of a first identifier (20 bits) and a count (12 bits), then as many offsets.
void read_directory(Bytes data, Offsets& offsets) {
  size_t at = 0;
  while (at + 4 <= data.size()) {
    const uint32_t run = data.u32(at);
    at += 4;
    for (uint32_t i = 0; i < run >> 20 && at + 4 <= data.size(); ++i, at += 4)
      offsets[(run & 0xFFFFF) + i] = data.u32(at);
  }
}

struct Slide {
  uint32_t persist = 0;
  uint32_t slide_id = 0;
};

std::vector<Slide> slides_of(Input& stream, const PresentationRecord& document) {
  std::vector<Slide> slides;
  for_each_record(stream, document.data, document.end(), [&](const PresentationRecord& list) {
    if (list.type != ppt_slide_list || list.instance != slides_instance) return;
    for_each_record(stream, list.data, list.end(), [&](const PresentationRecord& atom) {
      if (atom.type != ppt_slide_persist || atom.size < 16) return;
      const std::string data = read_data(stream, atom);
      slides.push_back({Bytes(data).u32(0), Bytes(data).u32(12)});
    });
  });
  return slides;
}

/// The slide that a Notes container belongs to.
std::optional<uint32_t> slide_id_of_notes(Input& stream, const PresentationRecord& notes) {
  std::optional<uint32_t> id;
  for_each_record(stream, notes.data, notes.end(), [&](const PresentationRecord& atom) {
    if (atom.type == ppt_notes_atom && atom.size >= 4) id = Bytes(read_data(stream, atom)).u32(0);
  });
  return id;
}

}  // namespace

bool read_presentation_record(Input& stream, uint64_t offset, uint64_t end, PresentationRecord& record) {
  char header[8];
  if (offset + sizeof header > end || stream.read_at(offset, header) < sizeof header) return false;
  const Bytes bytes({header, sizeof header});
  record.version = bytes.u8(0) & 0xF;
  record.instance = bytes.u16(0) >> 4;
  record.type = bytes.u16(2);
  record.data = offset + sizeof header;
  record.size = std::min<uint64_t>(bytes.u32(4), end - record.data);
  return true;
}

PresentationIndex read_presentation_index(Input& stream) {
  PresentationIndex index;
  Offsets offsets;
  std::optional<PresentationRecord> document;
  try {
    for_each_record(stream, 0, stream.size(), [&](const PresentationRecord& record) {
      if (record.type == ppt_document) document = record;
      if (record.type == ppt_persist_directory) read_directory(Bytes(read_data(stream, record)), offsets);
    });
    if (!document) return index;
    std::map<uint32_t, uint32_t> pages_by_slide_id;
    uint32_t page = 0;
    for (const Slide& slide : slides_of(stream, *document)) {
      pages_by_slide_id[slide.slide_id] = ++page;
      index.pages_by_persist[slide.persist] = page;
      if (const auto offset = offsets.find(slide.persist); offset != offsets.end())
        index.pages_by_offset[offset->second] = page;
    }
    for_each_record(stream, 0, stream.size(), [&](const PresentationRecord& record) {
      if (record.type != ppt_notes) return;
      const auto id = slide_id_of_notes(stream, record);
      const auto found = id ? pages_by_slide_id.find(*id) : pages_by_slide_id.end();
      if (found != pages_by_slide_id.end()) index.pages_by_offset[record.data - 8] = found->second;
    });
  } catch (const Failure& failure) {
    if (failure.verdict().kind != model::VerdictKind::partial) throw;
  }
  return index;
}

}  // namespace assay::extract
