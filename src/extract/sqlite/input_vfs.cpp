#include "extract/sqlite/input_vfs.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace assay::extract {
namespace {

constexpr const char* vfs_name = "assay-input";
constexpr size_t header_bytes = 100;
constexpr uint64_t write_version_offset = 18;  // and the read version behind it (file format, section 1.3)
constexpr char not_wal = 1;

/// xOpen gets only a name; the source of the connection being opened is handed over here.
thread_local DatabaseSource* opening = nullptr;

struct InputFile {
  sqlite3_file base;
  DatabaseSource* source;
};

DatabaseSource& source_of(sqlite3_file* file) { return *reinterpret_cast<InputFile*>(file)->source; }

int read_file(sqlite3_file* file, void* buffer, int size, sqlite3_int64 offset) {
  DatabaseSource& source = source_of(file);
  const std::span out(static_cast<char*>(buffer), static_cast<size_t>(size));
  size_t n = 0;
  try {
    n = source.input->read_at(static_cast<uint64_t>(offset), out);
  } catch (...) {
    source.failure = std::current_exception();
    return SQLITE_IOERR_READ;
  }
  for (uint64_t at = write_version_offset; at < write_version_offset + 2; ++at)
    if (at >= static_cast<uint64_t>(offset) && at < static_cast<uint64_t>(offset) + n)
      out[at - static_cast<uint64_t>(offset)] = not_wal;
  if (n == out.size()) return SQLITE_OK;
  std::ranges::fill(out.subspan(n), '\0');
  return SQLITE_IOERR_SHORT_READ;
}

uint64_t announced_size(Input& input) {
  unsigned char header[header_bytes] = {};
  if (input.read_at(0, std::span(reinterpret_cast<char*>(header), sizeof header)) < sizeof header) return 0;
  const uint64_t page = header[16] << 8 | header[17];
  const uint64_t pages = uint64_t{header[28]} << 24 | header[29] << 16 | header[30] << 8 | header[31];
  return (page == 1 ? 65'536 : page) * pages;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  DatabaseSource& source = source_of(file);
  try {
    // A wild count in a damaged header must not make a small file look endless.
    const uint64_t real = source.input->size();
    const uint64_t announced = announced_size(*source.input);
    *size = static_cast<sqlite3_int64>(announced > real && announced / 16 <= real ? announced : real);
    return SQLITE_OK;
  } catch (...) {
    source.failure = std::current_exception();
    return SQLITE_IOERR_FSTAT;
  }
}

const sqlite3_io_methods* methods() {
  static const sqlite3_io_methods table = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = [](sqlite3_file*) { return SQLITE_OK; };
    m.xRead = read_file;
    m.xWrite = [](sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; };
    m.xTruncate = [](sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; };
    m.xSync = [](sqlite3_file*, int) { return SQLITE_OK; };
    m.xFileSize = file_size;
    m.xLock = [](sqlite3_file*, int) { return SQLITE_OK; };
    m.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
    m.xCheckReservedLock = [](sqlite3_file*, int* result) { return *result = 0, SQLITE_OK; };
    m.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
    m.xSectorSize = [](sqlite3_file*) { return 4096; };
    m.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_IMMUTABLE; };
    return m;
  }();
  return &table;
}

int open_file(sqlite3_vfs*, const char*, sqlite3_file* file, int flags, int* flags_out) {
  file->pMethods = nullptr;
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0 || opening == nullptr) return SQLITE_CANTOPEN;
  reinterpret_cast<InputFile*>(file)->source = std::exchange(opening, nullptr);
  file->pMethods = methods();
  if (flags_out != nullptr) *flags_out = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

/// Nothing here needs to be unpredictable.
int fill_random(sqlite3_vfs*, int size, char* out) {
  std::memset(out, 0x5A, static_cast<size_t>(size));
  return size;
}

}  // namespace

void register_input_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs v{};
    v.iVersion = 1;
    v.szOsFile = sizeof(InputFile);
    v.mxPathname = 64;
    v.zName = vfs_name;
    v.xOpen = open_file;
    v.xDelete = [](sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; };
    v.xAccess = [](sqlite3_vfs*, const char*, int, int* result) { return *result = 0, SQLITE_OK; };
    v.xFullPathname = full_path;
    v.xRandomness = fill_random;
    v.xSleep = [](sqlite3_vfs*, int) { return 0; };
    v.xCurrentTime = [](sqlite3_vfs*, double* days) { return *days = 2'451'544.5, SQLITE_OK; };
    v.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
    return v;
  }();
  sqlite3_vfs_register(&vfs, 0);
}

Database open_database(DatabaseSource& source) {
  opening = &source;
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2("input", &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, vfs_name);
  opening = nullptr;
  Database database(handle);
  return status == SQLITE_OK ? std::move(database) : nullptr;
}

}  // namespace assay::extract
