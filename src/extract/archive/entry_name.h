#pragma once

#include <archive_entry.h>

#include <cerrno>
#include <string>

namespace assay::extract {

/// To be called before libarchive is asked for a text of an entry: where it cannot convert one, and errno happens to be
/// ENOMEM from earlier, it ends the process (archive_entry.c of 3.6).
inline void forget_errors() { errno = 0; }

/// The entry's name: UTF-8 where the archive tells the character set, else the bytes as found.
inline std::string entry_name(archive_entry* entry) {
  forget_errors();
  if (const char* utf8 = archive_entry_pathname_utf8(entry); utf8 != nullptr) return utf8;
  if (const char* bytes = archive_entry_pathname(entry); bytes != nullptr) return bytes;
  return "unnamed";
}

}  // namespace assay::extract
