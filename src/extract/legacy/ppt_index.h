#pragma once

#include <cstdint>
#include <map>

#include "extract/input.h"

namespace assay::extract {

/// Record types of [MS-PPT] 2.13.24 that matter here.
enum PresentationRecordType : uint16_t {
  ppt_document = 0x03E8,
  ppt_slide = 0x03EE,
  ppt_notes = 0x03F0,
  ppt_notes_atom = 0x03F1,
  ppt_slide_persist = 0x03F3,
  ppt_main_master = 0x03F8,
  ppt_text_characters = 0x0FA0,
  ppt_text_bytes = 0x0FA8,
  ppt_c_string = 0x0FBA,
  ppt_hyperlink = 0x0FD7,
  ppt_headers_footers = 0x0FD9,
  ppt_slide_list = 0x0FF0,
  ppt_user_edit = 0x0FF5,
  ppt_object_storage = 0x1011,
  ppt_persist_directory = 0x1772,
  ppt_comment = 0x2EE0,
  ppt_crypt_session = 0x2F14,
};

struct PresentationRecord {
  uint16_t type = 0;
  uint16_t instance = 0;
  uint8_t version = 0;
  uint64_t data = 0;  ///< offset behind the header
  uint64_t size = 0;  ///< of the data, cut at the end of what holds the record

  bool is_container() const noexcept { return version == 0xF; }
  uint64_t end() const noexcept { return data + size; }
};

/// Reads the header at `offset`; false when no header fits before `end`.
bool read_presentation_record(Input& stream, uint64_t offset, uint64_t end, PresentationRecord& record);

/// Which slide is which page.
struct PresentationIndex {
  std::map<uint64_t, uint32_t> pages_by_offset;   ///< of the Slide or Notes container in the stream
  std::map<uint32_t, uint32_t> pages_by_persist;  ///< by the persist identifier of the slide
};

/// Follows the edits recorded in the stream, the newest last, to the order of slides. What is damaged is left out:
/// then texts have no page.
PresentationIndex read_presentation_index(Input& stream);

}  // namespace assay::extract
