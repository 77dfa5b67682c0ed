#include <algorithm>
#include <array>
#include <cstdint>

#include "extract/sniff_binary.h"

namespace assay::extract {
namespace {

using namespace std::string_view_literals;

struct Magic {
  size_t offset;
  std::string_view bytes;
  Format format;
};

constexpr std::array magics{
    Magic{0, "PK\3\4"sv, Format::archive},
    Magic{0, "PK\5\6"sv, Format::archive},
    Magic{0, "PK\7\10PK\3\4"sv, Format::archive},
    Magic{0, "PK00PK\3\4"sv, Format::archive},
    Magic{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, Format::ole},
    Magic{0, "SQLite format 3\0"sv, Format::sqlite},
    Magic{0, "{\\rtf"sv, Format::rtf},
    Magic{0, "\xEF\xBB\xBF{\\rtf"sv, Format::rtf},
    // Archives
    Magic{0, "7z\xBC\xAF\x27\x1C"sv, Format::archive},
    Magic{0, "Rar!\x1A\x07\0"sv, Format::archive},
    Magic{0, "Rar!\x1A\x07\x01\0"sv, Format::archive},
    Magic{0, "xar!\0"sv, Format::archive},
    Magic{0, "MSCF\0\0\0\0"sv, Format::archive},
    Magic{0, "!<arch>\n"sv, Format::archive},
    Magic{0, "WARC/"sv, Format::archive},
    Magic{0, "#mtree"sv, Format::archive},
    Magic{0, "\xED\xAB\xEE\xDB"sv, Format::archive},
    Magic{32769, "CD001"sv, Format::archive},
    // Compression of single files
    Magic{0, "\x1F\x8B\x08"sv, Format::compressed},
    Magic{0, "\x1F\x9D"sv, Format::compressed},
    Magic{0,
          "\xFD"
          "7zXZ\0"sv,
          Format::compressed},
    Magic{0, "\x28\xB5\x2F\xFD"sv, Format::compressed},
    Magic{0, "\x04\x22\x4D\x18"sv, Format::compressed},
    Magic{0, "\x02\x21\x4C\x18"sv, Format::compressed},
    Magic{0, "LZIP\1"sv, Format::compressed},
    Magic{0, "LRZI\0"sv, Format::compressed},
    Magic{0, "\x89LZO\0\r\n\x1A\n"sv, Format::compressed},
    // Images
    Magic{0, "\xFF\xD8\xFF"sv, Format::jpeg},
    Magic{0, "\x89PNG\r\n\x1A\n"sv, Format::png},
    Magic{0, "II*\0"sv, Format::tiff},
    Magic{0, "MM\0*"sv, Format::tiff},
    Magic{0, "II+\0"sv, Format::tiff},
    Magic{0, "MM\0+"sv, Format::tiff},
    Magic{0, "GIF87a"sv, Format::gif},
    Magic{0, "GIF89a"sv, Format::gif},
    // Sound and film
    Magic{0, "ID3\2"sv, Format::audio_video},
    Magic{0, "ID3\3"sv, Format::audio_video},
    Magic{0, "ID3\4"sv, Format::audio_video},
    Magic{0, "OggS\0"sv, Format::audio_video},
    Magic{0, "fLaC\0"sv, Format::audio_video},
    Magic{0, "MThd\0\0\0\6"sv, Format::audio_video},
    Magic{0, "#!AMR"sv, Format::audio_video},
    Magic{0, "caff\0\1"sv, Format::audio_video},
    Magic{0, "FLV\1"sv, Format::audio_video},
    Magic{0, "\x1A\x45\xDF\xA3"sv, Format::audio_video},
    Magic{0, "\0\0\1\xBA"sv, Format::audio_video},
    Magic{0, "\0\0\1\xB3"sv, Format::audio_video},
    Magic{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv, Format::audio_video},
    Magic{4, "moov"sv, Format::audio_video},
    Magic{4, "mdat"sv, Format::audio_video},
    // Fonts
    Magic{0, "OTTO\0"sv, Format::font},
    Magic{0, "true\0"sv, Format::font},
    Magic{0, "ttcf\0"sv, Format::font},
    Magic{0, "wOFF\0\1\0\0"sv, Format::font},
    Magic{0, "wOFFOTTO"sv, Format::font},
    Magic{0, "wOFFtrue"sv, Format::font},
    Magic{0, "wOF2"sv, Format::font},
    // Programs
    Magic{0,
          "\x7F"
          "ELF"sv,
          Format::executable},
    Magic{0, "\xFE\xED\xFA\xCE"sv, Format::executable},
    Magic{0, "\xFE\xED\xFA\xCF"sv, Format::executable},
    Magic{0, "\xCE\xFA\xED\xFE"sv, Format::executable},
    Magic{0, "\xCF\xFA\xED\xFE"sv, Format::executable},
    Magic{0, "\xCA\xFE\xBA\xBE\0"sv, Format::executable},
    Magic{0, "\0asm"sv, Format::executable},
    Magic{0, "dex\n03"sv, Format::executable},
};

uint8_t byte_at(std::string_view head, size_t at) { return at < head.size() ? static_cast<uint8_t>(head[at]) : 0; }
uint32_t le16(std::string_view head, size_t at) { return byte_at(head, at) | uint32_t{byte_at(head, at + 1)} << 8; }
uint32_t le32(std::string_view head, size_t at) { return le16(head, at) | le16(head, at + 2) << 16; }

std::string_view piece(std::string_view head, size_t at, size_t size) {
  return at <= head.size() ? head.substr(at, size) : std::string_view{};
}

bool is_bzip2(std::string_view head) {
  if (!head.starts_with("BZh") || byte_at(head, 3) < '1' || byte_at(head, 3) > '9') return false;
  const auto block = piece(head, 4, 6);
  return block == "\x31\x41\x59\x26\x53\x59"sv || block == "\x17\x72\x45\x38\x50\x90"sv;
}

/// The .lzma header has no magic: properties byte, dictionary size, then the size or all ones when unknown.
bool is_lzma(std::string_view head) {
  if (head.size() < 14 || byte_at(head, 0) >= 225 || byte_at(head, 13) != 0) return false;
  const uint32_t dictionary = le32(head, 1);
  const bool power = dictionary >= 4096 && (dictionary & (dictionary - 1)) == 0;
  const bool power_and_half =
      dictionary >= 4096 && dictionary % 3 == 0 && ((dictionary / 3) & (dictionary / 3 - 1)) == 0;
  if (!power && !power_and_half) return false;
  const bool unknown_size = le32(head, 5) == 0xFFFFFFFF && le32(head, 9) == 0xFFFFFFFF;
  return unknown_size || le32(head, 9) < 256;
}

bool is_zstd_skippable(std::string_view head) { return (le32(head, 0) & 0xFFFFFFF0) == 0x184D2A50 && head.size() >= 8; }

/// "begin 644 name", then a line whose first byte tells its length.
bool is_uuencoded(std::string_view head) {
  if (!head.starts_with("begin ")) return false;
  size_t at = 6;
  while (byte_at(head, at) >= '0' && byte_at(head, at) <= '7') ++at;
  if (at < 9 || at > 10 || byte_at(head, at) != ' ') return false;
  const size_t end = head.find('\n', at);
  if (end > 1024) return false;  // npos too
  const size_t line_end = std::min(head.find_first_of("\r\n", end + 1), head.size());
  const size_t bytes = (byte_at(head, end + 1) - 0x20U) & 0x3F;
  const size_t expected = 1 + (bytes + 2) / 3 * 4;
  const size_t length = line_end - end - 1;
  return length + 3 >= expected && length <= expected + 1;
}

bool is_lha(std::string_view head) {
  return byte_at(head, 2) == '-' && byte_at(head, 6) == '-' &&
         (piece(head, 3, 2) == "lh" || piece(head, 3, 2) == "lz" || piece(head, 3, 2) == "pm") &&
         byte_at(head, 20) <= 3;
}

/// Old and new ASCII headers: nothing but digits, 70 bytes of them after the magic in the shorter one.
bool is_ascii_cpio(std::string_view head) {
  const auto magic = head.substr(0, 6);
  if (magic != "070701" && magic != "070702" && magic != "070707") return false;
  return head.size() >= 76 && head.substr(0, 76).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool is_binary_cpio(std::string_view head) {
  if (head.size() < 26) return false;
  const uint32_t magic = le16(head, 0);
  if (magic != 0x71C7 && magic != 0xC771) return false;
  const bool swapped = magic == 0xC771;
  const uint32_t name_size = swapped ? uint32_t{byte_at(head, 20)} << 8 | byte_at(head, 21) : le16(head, 20);
  return name_size > 0 && name_size < 4096;
}

bool is_bmp(std::string_view head) {
  if (!head.starts_with("BM")) return false;
  constexpr std::array<uint32_t, 8> header_sizes{12, 16, 40, 52, 56, 64, 108, 124};
  return std::ranges::find(header_sizes, le32(head, 14)) != header_sizes.end() && le32(head, 10) < (1U << 20);
}

/// Length of an MPEG audio frame (ISO 11172-3, layers I to III), 0 when the bytes are no frame header.
size_t mpeg_audio_frame_bytes(std::string_view head, size_t at) {
  const uint8_t second = byte_at(head, at + 1), third = byte_at(head, at + 2);
  if (byte_at(head, at) != 0xFF || (second & 0xE0) != 0xE0) return 0;
  const int version = second >> 3 & 3, layer = second >> 1 & 3, bitrate = third >> 4, rate = third >> 2 & 3;
  if (version == 1 || layer != 1 || bitrate == 0 || bitrate == 15 || rate == 3) return 0;
  constexpr std::array<int, 15> kbits_1{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  constexpr std::array<int, 15> kbits_2{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  constexpr std::array<int, 3> rates{44100, 48000, 32000};
  const int hertz = rates[static_cast<size_t>(rate)] / (version == 3 ? 1 : version == 2 ? 2 : 4);
  const int kbits = (version == 3 ? kbits_1 : kbits_2)[static_cast<size_t>(bitrate)];
  return static_cast<size_t>((version == 3 ? 144 : 72) * kbits * 1000 / hertz) + (third >> 1 & 1U);
}

bool is_mpeg_audio(std::string_view head) {
  const size_t first = mpeg_audio_frame_bytes(head, 0);
  if (first != 0 && mpeg_audio_frame_bytes(head, first) != 0) return true;
  // AAC in ADTS: the syncword, layer 0, then the frame length in 13 bits.
  if (byte_at(head, 0) != 0xFF || (byte_at(head, 1) & 0xF6) != 0xF0) return false;
  const size_t frame = (byte_at(head, 3) & 3U) << 11 | byte_at(head, 4) << 3 | byte_at(head, 5) >> 5;
  return frame > 7 && byte_at(head, frame) == 0xFF && (byte_at(head, frame + 1) & 0xF6) == 0xF0;
}

bool is_mpeg_transport(std::string_view head) {
  return head.size() > 564 && byte_at(head, 0) == 0x47 && byte_at(head, 188) == 0x47 && byte_at(head, 376) == 0x47 &&
         byte_at(head, 564) == 0x47;
}

std::optional<Format> sniff_containers(std::string_view head) {
  if (head.starts_with("RIFF")) {
    const auto kind = piece(head, 8, 4);
    if (kind == "WEBP") return Format::webp;
    if (kind == "WAVE" || kind == "AVI " || kind == "RMID") return Format::audio_video;
  }
  if (head.starts_with("FORM") && piece(head, 8, 3) == "AIF") return Format::audio_video;
  if (piece(head, 4, 4) == "ftyp") {
    const auto brand = piece(head, 8, 4);
    const bool still = brand == "heic" || brand == "heix" || brand == "mif1" || brand == "avif";
    return still ? Format::unknown : Format::audio_video;
  }
  return std::nullopt;
}

bool is_true_type(std::string_view head) {
  if (!head.starts_with("\0\1\0\0"sv)) return false;
  const uint32_t tables = uint32_t{byte_at(head, 4)} << 8 | byte_at(head, 5);
  return tables > 0 && tables < 64 && byte_at(head, 12) >= 0x20 && byte_at(head, 12) < 0x7F;
}

bool is_dos_program(std::string_view head) {
  if (!head.starts_with("MZ") || head.size() < 64) return false;
  const uint32_t new_header = le32(head, 60);
  const auto signature = piece(head, new_header, 2);
  return signature == "PE" || signature == "NE" || signature == "LE" || signature == "LX" ||
         (le16(head, 2) < 512 && le16(head, 8) >= 2 && head.substr(0, 64).find('\0') != std::string_view::npos);
}

}  // namespace

bool is_tar_header(std::string_view head) {
  constexpr size_t block = 512, checksum_at = 148, checksum_size = 8;
  if (head.size() < block || head[0] == '\0') return false;
  uint32_t stored = 0;
  size_t digits = 0;
  for (const char c : head.substr(checksum_at, checksum_size)) {
    if (c >= '0' && c <= '7') {
      stored = stored * 8 + static_cast<uint32_t>(c - '0');
      ++digits;
    } else if (digits > 0) {
      break;
    } else if (c != ' ') {
      return false;
    }
  }
  if (digits == 0) return false;
  uint32_t unsigned_sum = 0;
  int32_t signed_sum = 0;
  for (size_t i = 0; i < block; ++i) {
    const bool in_checksum = i >= checksum_at && i < checksum_at + checksum_size;
    const char c = in_checksum ? ' ' : head[i];
    unsigned_sum += static_cast<uint8_t>(c);
    signed_sum += static_cast<signed char>(c);
  }
  return stored == unsigned_sum || static_cast<int32_t>(stored) == signed_sum;
}

std::optional<Format> sniff_magic(std::string_view head) {
  for (const auto& [offset, bytes, format] : magics)
    if (piece(head, offset, bytes.size()) == bytes) return format;
  // ISO 32000-1, annex H: readers accept the header anywhere in the first 1024 bytes.
  const size_t pdf = head.substr(0, 1024).find("%PDF-");
  if (pdf == 0 ||
      (pdf != std::string_view::npos && head.substr(0, pdf).find_first_not_of(" \t\r\n") == std::string_view::npos) ||
      (pdf != std::string_view::npos && head.substr(pdf).find(" obj") != std::string_view::npos))
    return Format::pdf;
  if (is_bzip2(head) || is_uuencoded(head) || is_zstd_skippable(head)) return Format::compressed;
  if (is_tar_header(head) || is_lha(head) || is_ascii_cpio(head) || is_binary_cpio(head)) return Format::archive;
  if (const auto container = sniff_containers(head)) return container;
  if (is_bmp(head)) return Format::bmp;
  if (is_true_type(head)) return Format::font;
  if (is_dos_program(head)) return Format::executable;
  if (is_lzma(head)) return Format::compressed;
  if (is_mpeg_audio(head) || is_mpeg_transport(head)) return Format::audio_video;
  return std::nullopt;
}

}  // namespace assay::extract
