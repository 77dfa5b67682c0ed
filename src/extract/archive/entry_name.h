#pragma once

#include <archive_entry.h>

#include <string>

namespace assay::extract {

/// The entry's name: UTF-8 where the archive tells the character set, else the bytes as found.
inline std::string entry_name(archive_entry* entry) {
  if (const char* utf8 = archive_entry_pathname_utf8(entry); utf8 != nullptr) return utf8;
  if (const char* bytes = archive_entry_pathname(entry); bytes != nullptr) return bytes;
  return "unnamed";
}

}  // namespace assay::extract
