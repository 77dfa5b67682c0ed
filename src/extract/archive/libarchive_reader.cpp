#include "extract/archive/libarchive_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

#include "extract/failure.h"

namespace assay::extract {
namespace {

constexpr size_t block_bytes = size_t{64} << 10;

using Support = int (*)(archive*);

// lzop, lrzip and grzip run programs and are left out; so is mtree, whose entries name files of this machine.
constexpr Support filters[] = {archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
                               archive_read_support_filter_xz,   archive_read_support_filter_lzma,
                               archive_read_support_filter_lzip, archive_read_support_filter_zstd,
                               archive_read_support_filter_lz4,  archive_read_support_filter_compress};

constexpr Support archive_formats[] = {
    archive_read_support_format_tar,     archive_read_support_format_cpio, archive_read_support_format_ar,
    archive_read_support_format_7zip,    archive_read_support_format_rar,  archive_read_support_format_rar5,
    archive_read_support_format_xar,     archive_read_support_format_cab,  archive_read_support_format_lha,
    archive_read_support_format_iso9660, archive_read_support_format_warc};

}  // namespace

bool LibarchiveReader::filters_are_built_in() {
  const std::unique_ptr<archive, Free> handle(archive_read_new());
  return std::ranges::all_of(filters, [&](Support support) { return support(handle.get()) == ARCHIVE_OK; });
}

LibarchiveReader::LibarchiveReader(Input& input, Contents contents, std::optional<int> filter)
    : input_(input), handle_(archive_read_new()) {
  if (!handle_) throw std::bad_alloc();
  archive* const a = handle_.get();
  if (contents == Contents::zip) {
    archive_read_support_format_zip_seekable(a);
  } else {
    if (filter) archive_read_append_filter(a, *filter);
    else
      for (const Support support : filters) support(a);
    if (contents == Contents::compressed) {
      archive_read_support_format_raw(a);
      // Which the other leaves to it; where nothing is recognised, it takes damage for nothing.
      if (!filter) archive_read_support_format_empty(a);
    } else {
      for (const Support support : archive_formats) support(a);
    }
  }
  archive_read_set_read_callback(a, read_callback);
  archive_read_set_skip_callback(a, skip_callback);
  archive_read_set_seek_callback(a, seek_callback);
  archive_read_set_callback_data(a, this);
  open_result_ = archive_read_open1(a);
  rethrow();
}

void LibarchiveReader::rethrow() {
  if (failure_) std::rethrow_exception(failure_);
}

int LibarchiveReader::next(archive_entry*& entry) {
  if (open_result_ < ARCHIVE_WARN) return open_result_;
  block_ = {};
  hole_bytes_ = position_ = 0;
  warned_ = false;
  int result = ARCHIVE_RETRY;
  constexpr int max_retries = 16;
  for (int i = 0; i < max_retries && result == ARCHIVE_RETRY; ++i)
    result = archive_read_next_header(handle_.get(), &entry);
  rethrow();
  return result;
}

la_ssize_t LibarchiveReader::read(std::span<char> out) {
  while (true) {
    if (hole_bytes_ > 0) {
      const size_t n = std::min<uint64_t>(hole_bytes_, out.size());
      std::memset(out.data(), 0, n);
      hole_bytes_ -= n;
      position_ += n;
      return static_cast<la_ssize_t>(n);
    }
    if (!block_.empty()) {
      const size_t n = std::min(block_.size(), out.size());
      std::memcpy(out.data(), block_.data(), n);
      block_ = block_.subspan(n);
      position_ += n;
      return static_cast<la_ssize_t>(n);
    }
    // Not archive_read_data: on damage that drops what it had already copied.
    const void* bytes = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(handle_.get(), &bytes, &size, &offset);
    rethrow();
    if (result == ARCHIVE_EOF) return 0;
    if (result < ARCHIVE_WARN) return result;
    warned_ |= result == ARCHIVE_WARN;
    block_ = std::span(static_cast<const char*>(bytes), size);
    if (offset < 0 || static_cast<uint64_t>(offset) < position_) return ARCHIVE_FAILED;
    hole_bytes_ = static_cast<uint64_t>(offset) - position_;
  }
}

std::string LibarchiveReader::format_name() const {
  const char* name = archive_format_name(handle_.get());
  return name == nullptr ? "" : name;
}

std::string LibarchiveReader::error() const {
  const char* text = archive_error_string(handle_.get());
  return text == nullptr ? "" : text;
}

// The code is not set everywhere; a window that is too large for zstd is told in words only.
bool LibarchiveReader::lacked_memory() const {
  return archive_errno(handle_.get()) == ENOMEM || error().find("memory") != std::string::npos;
}

la_ssize_t LibarchiveReader::read_callback(archive* a, void* self, const void** buffer) {
  auto& reader = *static_cast<LibarchiveReader*>(self);
  try {
    reader.buffer_.resize(block_bytes);
    const size_t n = reader.input_.read_at(reader.at_, std::span(reader.buffer_.data(), block_bytes));
    reader.at_ += n;
    *buffer = reader.buffer_.data();
    return static_cast<la_ssize_t>(n);
  } catch (...) {
    reader.failure_ = std::current_exception();
    archive_set_error(a, EIO, "input failed");
    return ARCHIVE_FATAL;
  }
}

la_int64_t LibarchiveReader::skip_callback(archive*, void* self, la_int64_t request) {
  auto& reader = *static_cast<LibarchiveReader*>(self);
  // Past a known end nothing is skipped: reading on then finds the end, and the entry is known to be cut.
  const auto size = reader.input_.known_size();
  if (request <= 0 || !size || reader.at_ + static_cast<uint64_t>(request) > *size) return 0;
  reader.at_ += static_cast<uint64_t>(request);
  return request;
}

la_int64_t LibarchiveReader::seek_callback(archive*, void* self, la_int64_t offset, int whence) {
  auto& reader = *static_cast<LibarchiveReader*>(self);
  try {
    la_int64_t base = 0;
    if (whence == SEEK_CUR) base = static_cast<la_int64_t>(reader.at_);
    if (whence == SEEK_END) base = static_cast<la_int64_t>(reader.input_.size());
    la_int64_t target = 0;
    if (__builtin_add_overflow(base, offset, &target) || target < 0) return ARCHIVE_FAILED;
    reader.at_ = static_cast<uint64_t>(target);
    return target;
  } catch (...) {
    reader.failure_ = std::current_exception();
    return ARCHIVE_FATAL;
  }
}

}  // namespace assay::extract
