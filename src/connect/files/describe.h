#pragma once

#include <sys/stat.h>

#include "connect/files/walk.h"
#include "model/verdict.h"

namespace assay::connect::files {

/// What stat() says of a file, for its entry.
void describe(const struct stat& info, FileEntry& file);
/// The verdict of an object that could not be opened or read.
model::Verdict io_error(int error);
/// Device, inode and change time: another one when the content may be another.
std::string change_id_of(const FileEntry& file);
/// What a file is that is not regular.
const char* name_of_special(mode_t mode);

}  // namespace assay::connect::files
