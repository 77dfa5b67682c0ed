#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// For tests: archives of one file in formats that libarchive reads and does not write.
namespace assay::extract::testing {

/// Little-endian numbers of 1 to 4 bytes, and the variable ones of RAR 5.0.
inline std::string number_le(uint32_t value, size_t bytes) {
  std::string out;
  for (size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i & 0xffU);
  return out;
}
inline std::string number_vint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7fU) | 0x80U);
  return out + static_cast<char>(value);
}

inline uint32_t crc32_of(std::string_view bytes) {
  return static_cast<uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

enum class Locked : uint8_t {
  no,
  content,  ///< the file's bytes need a password
  all,      ///< so do the names
};

/// RAR 4: blocks of a CRC, type, flags, size and what belongs to the type (RARLAB technote.txt, version 2.02 to 4.20).
/// The file is stored, not compressed.
inline std::string rar4_of(std::string_view name, std::string_view content, Locked locked = Locked::no,
                           bool is_solid = false) {
  const auto block = [](uint8_t type, uint16_t flags, const std::string& fields) {
    const std::string body =
        number_le(type, 1) + number_le(flags, 2) + number_le(static_cast<uint32_t>(7 + fields.size()), 2) + fields;
    return number_le(crc32_of(body) & 0xffffU, 2) + body;
  };
  constexpr uint16_t headers_encrypted = 0x80, file_encrypted = 0x04, has_data = 0x8000;
  const auto size = static_cast<uint32_t>(content.size());
  const std::string file = number_le(size, 4) + number_le(size, 4) + number_le(3, 1) /* Unix */ +
                           number_le(crc32_of(content), 4) + number_le(0x58226081, 4) + number_le(20, 1) +
                           number_le(0x30, 1) /* stored */ + number_le(static_cast<uint32_t>(name.size()), 2) +
                           number_le(0100644, 4) + std::string(name);
  constexpr uint16_t goes_on_from_the_last_file = 0x10;
  const uint16_t archive_flags = locked == Locked::all ? headers_encrypted : 0;
  const uint16_t file_flags =
      has_data | (locked == Locked::no ? 0 : file_encrypted) | (is_solid ? goes_on_from_the_last_file : 0);
  return std::string("Rar!\x1A\x07\0", 7) + block(0x73, archive_flags, std::string(6, '\0')) +
         block(0x74, file_flags, file) + std::string(content) + block(0x7b, 0x4000, "");
}

/// RAR 5.0: blocks of a CRC, size, type, flags and fields, most numbers variable (RARLAB, "RAR 5.0 archive format").
inline std::string rar5_of(std::string_view name, std::string_view content, Locked locked = Locked::no) {
  const auto block = [](const std::string& fields) {
    const std::string body = number_vint(fields.size()) + fields;
    return number_le(crc32_of(body), 4) + body;
  };
  const std::string main_header = block(number_vint(1) + number_vint(0) + number_vint(0));
  const std::string lock = number_vint(0) + number_vint(0) + number_le(15, 1) + std::string(16, 's');
  if (locked == Locked::all)  // the header that says so, and then blocks of AES
    return std::string("Rar!\x1A\x07\x01\0", 8) + block(number_vint(4) + number_vint(0) + lock) + std::string(96, 'e');
  constexpr uint64_t has_extra = 1, has_data = 2, has_crc = 4;
  std::string extra;
  if (locked == Locked::content) {
    const std::string record = number_vint(1) + lock + std::string(16, 'i');
    extra = number_vint(record.size()) + record;
  }
  std::string file = number_vint(2) + number_vint(has_data | (extra.empty() ? 0 : has_extra));
  if (!extra.empty()) file += number_vint(extra.size());
  file += number_vint(content.size()) + number_vint(has_crc) + number_vint(content.size()) + number_vint(0100644) +
          number_le(crc32_of(content), 4) + number_vint(0) /* stored */ + number_vint(1) /* Unix */ +
          number_vint(name.size()) + std::string(name) + extra;
  return std::string("Rar!\x1A\x07\x01\0", 8) + main_header + block(file) + std::string(content) +
         block(number_vint(5) + number_vint(0) + number_vint(0));
}

enum class CabinetMethod : uint8_t { stored = 0, mszip = 1, quantum = 2 };

/// One block of MSZIP: "CK" and raw deflate, whose window goes on from block to block (here: does not need to).
inline std::string mszip_of(std::string_view content) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(content.size() + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return "CK" + out;
}

/// Cabinet (Microsoft, [MS-CAB]) of one folder with one block: at most 32768 bytes.
inline std::string cabinet_of(std::string_view name, std::string_view content,
                              CabinetMethod method = CabinetMethod::mszip) {
  const std::string data = method == CabinetMethod::mszip ? mszip_of(content) : std::string(content);
  constexpr uint32_t header_bytes = 36, folder_bytes = 8;
  const auto files_at = header_bytes + folder_bytes;
  const auto data_at = static_cast<uint32_t>(files_at + 16 + name.size() + 1);
  const auto size = static_cast<uint32_t>(content.size());
  std::string out = "MSCF" + number_le(0, 4) + number_le(static_cast<uint32_t>(data_at + 8 + data.size()), 4) +
                    number_le(0, 4) + number_le(files_at, 4) + number_le(0, 4) + number_le(0x0103, 2) /* 1.3 */ +
                    number_le(1, 2) + number_le(1, 2) + number_le(0, 2) + number_le(7, 2) + number_le(0, 2);
  out += number_le(data_at, 4) + number_le(1, 2) + number_le(static_cast<uint32_t>(method), 2);
  out += number_le(size, 4) + number_le(0, 4) + number_le(0, 2) + number_le(0x5822, 2) + number_le(0x6081, 2) +
         number_le(0x20, 2) + std::string(name) + '\0';
  // A checksum of 0 says that there is none.
  return out + number_le(0, 4) + number_le(static_cast<uint32_t>(data.size()), 2) + number_le(size, 2) + data;
}

/// CRC-16/ARC, as LHA has it.
inline uint16_t crc16_of(std::string_view bytes) {
  uint32_t c = 0;
  for (const char byte : bytes) {
    c ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? c >> 1 ^ 0xa001U : c >> 1;
  }
  return static_cast<uint16_t>(c);
}

/// LHA (header levels 0, 1 and 2) with the file stored; `method` may claim another.
inline std::string lha_of(std::string_view name, std::string_view content, int level,
                          std::string_view method = "-lh0-") {
  const auto size = static_cast<uint32_t>(content.size());
  const std::string sizes = std::string(method) + number_le(size, 4) + number_le(size, 4);
  std::string header;
  if (level == 2) {
    // Extended headers, each with the size of the next: the CRC of the whole header (itself taken as 0), the name.
    const auto fields = [&](uint32_t header_crc) {
      const std::string all = sizes + number_le(1'704'164'645, 4) + number_le(0x20, 1) + number_le(2, 1) +
                              number_le(crc16_of(content), 2) + "U" + number_le(5, 2) + number_le(0, 1) +
                              number_le(header_crc, 2) + number_le(static_cast<uint32_t>(name.size() + 3), 2) +
                              number_le(1, 1) + std::string(name) + number_le(0, 2);
      return number_le(static_cast<uint32_t>(all.size() + 2), 2) + all;
    };
    header = fields(crc16_of(fields(0)));
  } else {
    std::string fields = sizes + number_le(0x58226081, 4) + number_le(0x20, 1) +
                         number_le(static_cast<uint32_t>(level), 1) + number_le(static_cast<uint32_t>(name.size()), 1) +
                         std::string(name) + number_le(crc16_of(content), 2);
    if (level == 1) fields += "U" + number_le(0, 2);
    uint32_t sum = 0;
    for (const char byte : fields) sum += static_cast<unsigned char>(byte);
    header = number_le(static_cast<uint32_t>(fields.size()), 1) + number_le(sum & 0xffU, 1) + fields;
  }
  return header + std::string(content) + '\0';
}

/// ar, as Debian packages and static libraries have it; names over 15 bytes in the table of GNU ar.
inline std::string ar_of(std::string_view name, std::string_view content) {
  const auto padded = [](std::string text, size_t size) {
    text.resize(size, ' ');
    return text;
  };
  const auto member = [&](std::string_view shown, std::string_view data) {
    return padded(std::string(shown), 16) + padded("1704164645", 12) + padded("0", 6) + padded("0", 6) +
           padded("100644", 8) + padded(std::to_string(data.size()), 10) + "`\n" + std::string(data) +
           (data.size() % 2 == 0 ? "" : "\n");
  };
  if (name.size() <= 15) return "!<arch>\n" + member(std::string(name) + "/", content);
  return "!<arch>\n" + member("//", std::string(name) + "/\n") + member("/0", content);
}

}  // namespace assay::extract::testing
