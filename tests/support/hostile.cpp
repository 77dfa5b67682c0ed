#include "tests/support/hostile.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "tests/support/memory_watch.h"

namespace assay::tests {
namespace {

using model::VerdictKind;

constexpr uint64_t run_block = uint64_t{16} << 20;

#ifdef ASSAY_SANITIZED
constexpr unsigned times_as_long = 10;
#else
constexpr unsigned times_as_long = 1;
#endif

void put16(std::string& out, uint64_t v) {
  out += static_cast<char>(v & 255);
  out += static_cast<char>(v >> 8 & 255);
}
void put32(std::string& out, uint64_t v) {
  put16(out, v);
  put16(out, v >> 16);
}
void put64(std::string& out, uint64_t v) {
  put32(out, v);
  put32(out, v >> 32);
}

// The deflate stream of these bytes, ended as `flush` says.
std::string deflate_all(std::string_view content, int flush) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&stream, content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, flush);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

ScanResult scan_hostile(const TemporaryTree& tree, std::chrono::seconds bound,
                        const std::function<void(scan::ScanOptions&)>& adjust) {
  tree.write("zz/last.txt", "Card 4111 1111 1111 1111 exp 12/27\n");
  auto options = scan_options({tree.root()});
  for (uint64_t* limit :
       {&options.limits.max_no_progress_ms, &options.limits.max_object_cpu_ms, &options.limits.max_object_wall_ms})
    *limit *= times_as_long;  // a library may say nothing until it has expanded a whole stream
  if (adjust) adjust(options);
  ScanResult result;
  {
    const MemoryWatch memory;
    result = run(options);
#ifndef ASSAY_SANITIZED  // which keeps what was freed, and knows every byte twice
    EXPECT_LT(memory.peak_of_examiners(), most_resident_bytes);
    EXPECT_LT(memory.peak_of_self(), most_resident_bytes);
#endif
  }
  EXPECT_LT(result.elapsed, bound * times_as_long);
  EXPECT_EQ(result.verdict("zz/last.txt"), "OK");
  EXPECT_EQ(result.in("zz/last.txt").size(), 1U);
  EXPECT_EQ(result.count(VerdictKind::crash), 0U) << result.histogram();
  EXPECT_EQ(result.count(VerdictKind::violation), 0U) << result.histogram();
  return result;
}

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string deflated(std::string_view content) { return deflate_all(content, Z_FINISH); }

std::string deflated_run(char byte, uint64_t count) {
  const std::string block = deflate_all(std::string(run_block, byte), Z_FULL_FLUSH);
  std::string out = repeated(block, count / run_block);
  return out + deflated(std::string(count % run_block, byte));
}

uint32_t crc_of_run(char byte, uint64_t count) {
  const std::string block(run_block, byte);
  const uLong of_block = crc32(0, reinterpret_cast<const Bytef*>(block.data()), static_cast<uInt>(block.size()));
  const uint64_t rest = count % run_block;
  uLong crc = 0;
  for (uint64_t i = 0; i < count / run_block; ++i) crc = crc32_combine(crc, of_block, static_cast<z_off_t>(run_block));
  const uLong of_rest = crc32(0, reinterpret_cast<const Bytef*>(block.data()), static_cast<uInt>(rest));
  return static_cast<uint32_t>(crc32_combine(crc, of_rest, static_cast<z_off_t>(rest)));
}

uint32_t crc_of(std::string_view content) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
}

std::string gzip_of_run(char byte, uint64_t count) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  out += deflated_run(byte, count);
  put32(out, crc_of_run(byte, count));
  put32(out, count);
  return out;
}

void ZipMaker::add(const Entry& entry) {
  const uint64_t offset = body_.size();
  body_ += "PK\x03\x04";
  put16(body_, 20);
  put16(body_, 0);
  put16(body_, entry.method);
  put32(body_, 0);
  put32(body_, entry.crc);
  put32(body_, std::min<uint64_t>(entry.data.size(), 0xFFFFFFFF));
  put32(body_, std::min<uint64_t>(entry.size, 0xFFFFFFFF));
  put16(body_, entry.name.size());
  put16(body_, 0);
  body_ += entry.name;
  body_ += entry.data;
  list(entry, offset);
}

void ZipMaker::list(const Entry& entry, uint64_t offset) {
  ++entries_;
  const bool wide = entry.size > 0xFFFFFFFE || offset > 0xFFFFFFFE;
  directory_ += "PK\x01\x02";
  put16(directory_, 45);
  put16(directory_, 45);
  put16(directory_, 0);
  put16(directory_, entry.method);
  put32(directory_, 0);
  put32(directory_, entry.crc);
  put32(directory_, entry.data.size());
  put32(directory_, wide ? 0xFFFFFFFF : entry.size);
  put16(directory_, entry.name.size());
  put16(directory_, wide ? 12 : 0);
  put16(directory_, 0);
  put16(directory_, 0);
  put16(directory_, 0);
  put32(directory_, 0);
  put32(directory_, offset);
  directory_ += entry.name;
  if (!wide) return;
  put16(directory_, 1);  // ZIP64: the size
  put16(directory_, 8);
  put64(directory_, entry.size);
}

std::string ZipMaker::bytes() const {
  std::string out = body_ + directory_;
  if (entries_ > 0xFFFE || out.size() > 0xFFFFFFFE) {
    const uint64_t at = out.size();
    out += "PK\x06\x06";
    put64(out, 44);
    put16(out, 45);
    put16(out, 45);
    put32(out, 0);
    put32(out, 0);
    put64(out, entries_);
    put64(out, entries_);
    put64(out, directory_.size());
    put64(out, body_.size());
    out += "PK\x06\x07";
    put32(out, 0);
    put64(out, at);
    put32(out, 1);
  }
  out += "PK\x05\x06";
  put32(out, 0);
  put16(out, std::min<uint64_t>(entries_, 0xFFFF));
  put16(out, std::min<uint64_t>(entries_, 0xFFFF));
  put32(out, std::min<uint64_t>(directory_.size(), 0xFFFFFFFF));
  put32(out, std::min<uint64_t>(body_.size(), 0xFFFFFFFF));
  put16(out, 0);
  return out;
}

std::string tar_header(std::string_view name, std::string_view size_field, char type) {
  std::string header(512, '\0');
  const auto put = [&header](size_t at, std::string_view text) { header.replace(at, text.size(), text); };
  put(0, name);
  put(100, std::string_view("0000644\0", 8));
  put(108, std::string_view("0000000\0", 8));
  put(116, std::string_view("0000000\0", 8));
  put(124, size_field);
  put(136, "00000000000");
  header[156] = type;
  put(257, std::string_view("ustar\0"
                            "00",
                            8));
  return with_checksum(header);
}

std::string with_checksum(std::string header) {
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  header.replace(148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  return header;
}

}  // namespace assay::tests
