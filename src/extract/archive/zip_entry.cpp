#include "extract/archive/zip_entry.h"

#include <algorithm>
#include <new>

#include "extract/archive/zip_fields.h"
#include "extract/failure.h"

namespace assay::extract {

using model::VerdictKind;

namespace {
constexpr size_t input_bytes = size_t{32} << 10;
}

ZipEntryReader::ZipEntryReader(Input& input, const ZipEntry& entry)
    : input_(input),
      left_(entry.compressed_size),
      expected_crc_(entry.crc),
      check_crc_(!entry.size_unknown),
      deflated_(entry.method == Z_DEFLATED) {
  if (entry.is_encrypted()) throw Failure(VerdictKind::encrypted, "encrypted zip entry");
  if (!can_read(entry)) throw Failure(VerdictKind::unsupported, "zip compression method");
  const auto header = read_local_header(input, entry.header_offset);
  if (!header) throw Failure(VerdictKind::partial, "zip entry without its local header");
  at_ = header->data_begin;
  if (deflated_ && inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
}

ZipEntryReader::~ZipEntryReader() {
  if (deflated_) inflateEnd(&stream_);
}

size_t ZipEntryReader::read(std::span<char> out) {
  if (ended_ || out.empty()) return 0;
  const size_t n = deflated_ ? read_deflated(out) : read_stored(out);
  crc_ = static_cast<uint32_t>(crc32(crc_, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(n)));
  if (n == 0) finish();
  return n;
}

void ZipEntryReader::finish() {
  ended_ = true;
  if (damage_.empty() && check_crc_ && crc_ != expected_crc_) damage_ = "zip entry fails its checksum";
}

size_t ZipEntryReader::read_stored(std::span<char> out) {
  const size_t want = std::min<uint64_t>(out.size(), left_);
  const size_t n = input_.read_at(at_, out.first(want));
  if (n < want) damage_ = "zip entry is cut off";
  at_ += n;
  left_ = n < want ? 0 : left_ - n;
  return n;
}

size_t ZipEntryReader::read_deflated(std::span<char> out) {
  stream_.next_out = reinterpret_cast<Bytef*>(out.data());
  stream_.avail_out = static_cast<uInt>(std::min<size_t>(out.size(), size_t{1} << 30));
  const size_t room = stream_.avail_out;
  while (stream_.avail_out == room && damage_.empty()) {
    if (stream_.avail_in == 0 && left_ > 0) {
      buffer_.resize(std::min<uint64_t>(input_bytes, left_));
      const size_t n = input_.read_at(at_, std::span(buffer_.data(), buffer_.size()));
      at_ += n;
      left_ = n < buffer_.size() ? 0 : left_ - n;
      stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_in = static_cast<uInt>(n);
    }
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      left_ = 0;
      stream_.avail_in = 0;
      break;
    }
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result == Z_BUF_ERROR && stream_.avail_in == 0 && left_ == 0) damage_ = "zip entry is cut off";
    else if (result != Z_OK && result != Z_BUF_ERROR) damage_ = "zip entry does not decompress";
  }
  return room - stream_.avail_out;
}

}  // namespace assay::extract
