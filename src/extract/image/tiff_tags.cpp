#include "extract/image/tiff_tags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr uint32_t max_value_bytes = 4U << 20;
constexpr uint32_t max_frames = 1'000;

struct Damaged {};

enum Tag : uint16_t {
  tag_xmp = 0x02BC,
  tag_iptc = 0x83BB,
  tag_exif = 0x8769,
  tag_gps = 0x8825,
  tag_user_comment = 0x9286,
  tag_xp_first = 0x9C9B,
  tag_xp_last = 0x9C9F,
};

enum class Directory : uint8_t { main, exif, gps };

const std::map<uint16_t, const char*>& names() {
  static const std::map<uint16_t, const char*> by_tag = {
      {0x010D, "document name"}, {0x010E, "description"}, {0x010F, "make"},          {0x0110, "model"},
      {0x011D, "page name"},     {0x0131, "software"},    {0x0132, "date"},          {0x013B, "artist"},
      {0x013C, "host computer"}, {0x8298, "copyright"},   {0x9003, "date taken"},    {0x9004, "date digitized"},
      {0xA420, "image id"},      {0xA430, "owner"},       {0xA431, "serial number"}, {0xA435, "lens serial number"},
      {0x9C9B, "title"},         {0x9C9C, "comment"},     {0x9C9D, "author"},        {0x9C9E, "keywords"},
      {0x9C9F, "subject"},       {0x9286, "user comment"}};
  return by_tag;
}

struct Position {
  std::string latitude_half, longitude_half;
  std::optional<double> latitude, longitude;
};

class Reader {
 public:
  Reader(Input& input, uint64_t base, TiffTags& tags) : input_(input), base_(base), tags_(tags) {}

  void read() {
    const std::string order = bytes(0, 4);
    big_endian_ = order.starts_with("MM");
    if (!big_endian_ && !order.starts_with("II")) throw Damaged();
    uint32_t next = number(bytes(4, 4));
    while (next != 0 && tags_.frames < max_frames) {
      ++tags_.frames;
      next = directory(next, Directory::main, tags_.frames == 1);
    }
  }

  void finish() {
    if (position_.latitude && position_.longitude)
      tags_.lines +=
          fmt::format("GPS latitude, longitude: {:.6f}, {:.6f}\n", *position_.latitude, *position_.longitude);
  }

 private:
  /// Gives the offset of the directory that follows in the chain.
  uint32_t directory(uint32_t offset, Directory kind, bool with_tags = true) {
    if (!seen_.insert(offset).second) throw Damaged();
    const uint32_t count = number(bytes(offset, 2));
    const std::string entries = bytes(offset + uint64_t{2}, size_t{count} * 12);
    for (uint32_t i = 0; with_tags && i < count; ++i) entry(std::string_view(entries).substr(size_t{i} * 12, 12), kind);
    if (kind != Directory::main) return 0;
    std::string next(4, '\0');
    return input_.read_at(base_ + offset + 2 + uint64_t{count} * 12, next) == 4 ? number(next) : 0;
  }

  void entry(std::string_view raw, Directory kind) {
    const auto tag = static_cast<uint16_t>(number(raw.substr(0, 2)));
    const auto type = number(raw.substr(2, 2));
    constexpr std::array<uint32_t, 13> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
    if (type == 0 || type >= sizes.size()) return;
    const uint64_t size = uint64_t{number(raw.substr(4, 4))} * sizes[type];
    if (tag == tag_exif || tag == tag_gps) {
      if (kind == Directory::main)
        directory(number(raw.substr(8, 4)), tag == tag_gps ? Directory::gps : Directory::exif);
      return;
    }
    const bool wanted = kind == Directory::gps ? tag <= 29 : names().contains(tag) || tag == tag_xmp || tag == tag_iptc;
    if (!wanted || size > max_value_bytes) return;
    const std::string value = size <= 4 ? std::string(raw.substr(8, size)) : bytes(number(raw.substr(8, 4)), size);
    if (kind == Directory::gps) return gps_value(tag, value);
    if (tag == tag_xmp) tags_.xmp = value;
    else if (tag == tag_iptc) tags_.iptc = value;
    else line(names().at(tag), text_of(tag, value));
  }

  static std::string text_of(uint16_t tag, const std::string& value) {
    if (tag >= tag_xp_first && tag <= tag_xp_last) return utf16le_to_utf8(value);
    if (tag != tag_user_comment) return is_valid_utf8(value) ? value : windows1252_to_utf8(value);
    const std::string comment = value.size() > 8 ? value.substr(8) : std::string();
    if (value.starts_with("UNICODE")) {
      // The standard leaves the byte order to the file's own; writers do not agree, zero bytes tell.
      const bool big = comment.size() > 1 && comment[0] == '\0';
      return big ? utf16be_to_utf8(comment) : utf16le_to_utf8(comment);
    }
    return is_valid_utf8(comment) ? comment : windows1252_to_utf8(comment);
  }

  void gps_value(uint16_t tag, const std::string& value) {
    switch (tag) {
      case 1: position_.latitude_half = value; break;
      case 2: position_.latitude = degrees(value, position_.latitude_half.starts_with('S')); break;
      case 3: position_.longitude_half = value; break;
      case 4: position_.longitude = degrees(value, position_.longitude_half.starts_with('W')); break;
      case 28: line("GPS area", value.size() > 8 ? valid_utf8(value.substr(8)) : ""); break;
      case 29: line("GPS date", valid_utf8(value)); break;
      default: break;
    }
  }

  /// Degrees, minutes and seconds as three fractions.
  std::optional<double> degrees(const std::string& value, bool negative) const {
    if (value.size() < 24) return std::nullopt;
    double sum = 0, unit = 1;
    for (size_t i = 0; i < 3; ++i, unit /= 60) {
      const uint32_t above = number(std::string_view(value).substr(i * 8, 4));
      const uint32_t below = number(std::string_view(value).substr(i * 8 + 4, 4));
      if (below == 0 && above != 0) return std::nullopt;
      if (below != 0) sum += unit * above / below;
    }
    if (sum > 180) return std::nullopt;
    return negative ? -sum : sum;
  }

  void line(std::string_view name, std::string text) {
    while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.pop_back();
    std::ranges::replace(text, '\0', ' ');
    if (!text.empty()) tags_.lines += fmt::format("{}: {}\n", name, text);
  }

  uint32_t number(std::string_view raw) const {
    uint32_t value = 0;
    for (size_t i = 0; i < raw.size(); ++i) {
      const auto byte = static_cast<uint8_t>(raw[big_endian_ ? i : raw.size() - 1 - i]);
      value = value << 8 | byte;
    }
    return value;
  }

  std::string bytes(uint64_t offset, size_t size) const {
    std::string out(size, '\0');
    if (input_.read_at(base_ + offset, out) < size) throw Damaged();
    return out;
  }

  Input& input_;
  uint64_t base_;
  TiffTags& tags_;
  std::set<uint32_t> seen_;
  Position position_;
  bool big_endian_ = false;
};

}  // namespace

bool read_tiff_tags(Input& input, uint64_t base, TiffTags& tags) {
  Reader reader(input, base, tags);
  bool whole = true;
  try {
    reader.read();
  } catch (const Damaged&) {
    whole = false;
  }
  reader.finish();
  return whole;
}

}  // namespace assay::extract
