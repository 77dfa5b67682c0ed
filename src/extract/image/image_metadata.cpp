#include "extract/image/image_metadata.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "extract/image/tiff_tags.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_block_bytes = size_t{16} << 20;
constexpr size_t max_text_bytes = size_t{32} << 20;

/// Walks the blocks of a container and gathers their text.
class MetadataReader {
 public:
  MetadataReader(Input& input, Sink& sink) : input_(input), sink_(sink) {}

  ImageMetadata read(Format format) {
    switch (format) {
      case Format::jpeg: read_jpeg(); break;
      case Format::png: read_png(); break;
      case Format::gif: read_gif(); break;
      case Format::webp: read_webp(); break;
      case Format::tiff: read_tiff(0); break;
      case Format::bmp: read_bmp(); break;
      default: break;
    }
    return std::move(found_);
  }

 private:
  std::string bytes(uint64_t offset, uint64_t size) {
    std::string out(std::min<uint64_t>(size, max_block_bytes), '\0');
    const size_t n = input_.read_at(offset, out);
    if (n < out.size()) found_.damaged = true;
    else if (out.size() < size) found_.cut = true;
    out.resize(n);
    sink_.tick();
    return out;
  }

  static uint32_t big(std::string_view raw) {
    uint32_t value = 0;
    for (const char c : raw) value = value << 8 | static_cast<uint8_t>(c);
    return value;
  }

  static uint32_t little(std::string_view raw) {
    uint32_t value = 0;
    for (size_t i = raw.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(raw[i]);
    return value;
  }

  void add(std::string_view name, std::string_view raw) {
    while (!raw.empty() && raw.back() == '\0') raw.remove_suffix(1);
    if (raw.empty()) return;
    if (found_.text.size() + raw.size() > max_text_bytes) return void(found_.cut = true);
    std::string text = is_valid_utf8(raw) ? std::string(raw) : windows1252_to_utf8(raw);
    std::ranges::replace(text, '\0', ' ');
    if (!name.empty()) found_.text += valid_utf8(name) + ": ";
    found_.text += text + "\n";
  }

  void read_tiff(uint64_t base) {
    TiffTags tags;
    if (!read_tiff_tags(input_, base, tags)) found_.damaged = true;
    found_.text += tags.lines;
    found_.frames = std::max(tags.frames, 1U);
    add("", tags.xmp);
    read_iptc(tags.iptc);
  }

  /// Data sets of record 2 (IPTC-IIM 4.2): marker, record, number, length, text.
  void read_iptc(std::string_view block) {
    while (block.size() >= 5 && block[0] == 0x1C) {
      const size_t length = big(block.substr(3, 2));
      if (length > block.size() - 5) return;
      if (block[1] == 2 && block[2] != 0)
        add(fmt::format("IPTC {}", static_cast<uint8_t>(block[2])), block.substr(5, length));
      block.remove_prefix(5 + length);
    }
  }

  /// Image resources of Photoshop: "8BIM", number, padded name, size, data padded to even.
  void read_resources(std::string_view block) {
    while (block.size() >= 12 && block.starts_with("8BIM")) {
      const uint32_t id = big(block.substr(4, 2));
      const size_t name = (static_cast<uint8_t>(block[6]) + size_t{2}) / 2 * 2;
      if (block.size() < 10 + name) return;
      const size_t size = big(block.substr(6 + name, 4));
      if (size > block.size() - 10 - name) return;
      if (id == 0x0404) read_iptc(block.substr(10 + name, size));
      block.remove_prefix(std::min(block.size(), 10 + name + (size + 1) / 2 * 2));
    }
  }

  void read_jpeg() {
    constexpr std::string_view xmp("http://ns.adobe.com/xap/1.0/\0", 29);
    constexpr std::string_view xmp_more("http://ns.adobe.com/xmp/extension/\0", 35);
    constexpr size_t xmp_more_header = 35 + 40;
    uint64_t offset = 2;
    while (true) {
      std::string head = bytes(offset, 2);
      if (head.size() < 2) return;
      const auto marker = static_cast<uint8_t>(head[1]);
      if (head[0] != '\xFF') return void(found_.damaged = true);
      if (marker == 0xFF) {
        ++offset;
        continue;
      }
      if (marker == 0xDA || marker == 0xD9) return;
      head += bytes(offset + 2, 2);
      if (head.size() < 4) return;
      const uint32_t length = big(std::string_view(head).substr(2));
      if (length < 2) return void(found_.damaged = true);
      const bool size_is_here = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
      if (size_is_here || marker == 0xE1 || marker == 0xED || marker == 0xFE) {
        const std::string data = bytes(offset + 4, length - 2);
        const std::string_view view(data);
        if (size_is_here && data.size() >= 5) {
          found_.height = big(view.substr(1, 2));
          found_.width = big(view.substr(3, 2));
        }
        if (marker == 0xFE) add("comment", view);
        if (marker == 0xED && view.starts_with("Photoshop 3.0"))
          read_resources(view.substr(std::min<size_t>(14, view.size())));
        if (marker == 0xE1 && view.starts_with("Exif")) read_embedded_tiff(offset + 10);
        if (marker == 0xE1 && view.starts_with(xmp)) add("", view.substr(xmp.size()));
        if (marker == 0xE1 && view.starts_with(xmp_more) && view.size() > xmp_more_header)
          add("", view.substr(xmp_more_header));
      }
      offset += 2 + uint64_t{length};
    }
  }

  /// The frames of an embedded structure are thumbnails.
  void read_embedded_tiff(uint64_t base) {
    read_tiff(base);
    found_.frames = 1;
  }

  void inflate_into(std::string_view name, std::string_view packed) {
    z_stream z{};
    if (inflateInit(&z) != Z_OK) return;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    z.avail_in = static_cast<uInt>(packed.size());
    std::string text;
    int status = Z_OK;
    while (status == Z_OK && text.size() < max_block_bytes) {
      char buffer[16 << 10];
      z.next_out = reinterpret_cast<Bytef*>(buffer);
      z.avail_out = sizeof buffer;
      status = inflate(&z, Z_NO_FLUSH);
      text.append(buffer, sizeof buffer - z.avail_out);
    }
    inflateEnd(&z);
    if (status == Z_OK && text.size() >= max_block_bytes) found_.cut = true;
    else if (status != Z_STREAM_END) found_.damaged = true;
    add(name, text);
  }

  /// tEXt, zTXt and iTXt (PNG, third edition, 11.3.3).
  void read_png_text(std::string_view type, std::string_view data) {
    const size_t nul = data.find('\0');
    if (nul == std::string_view::npos) return void(found_.damaged = true);
    const std::string_view keyword = data.substr(0, nul);
    std::string_view rest = data.substr(nul + 1);
    if (type == "tEXt") return add(keyword, rest);
    if (rest.empty()) return;
    if (type == "zTXt") return inflate_into(keyword, rest.substr(1));
    const bool packed = rest[0] == 1;
    rest.remove_prefix(std::min<size_t>(2, rest.size()));
    for (int skipped = 0; skipped < 2; ++skipped) {
      const size_t end = rest.find('\0');
      if (end == std::string_view::npos) return void(found_.damaged = true);
      rest.remove_prefix(end + 1);
    }
    packed ? inflate_into(keyword, rest) : add(keyword, rest);
  }

  void read_png() {
    uint64_t offset = 8;
    while (true) {
      const std::string head = bytes(offset, 8);
      if (head.size() < 8) return;
      const uint32_t length = big(std::string_view(head).substr(0, 4));
      const std::string type = head.substr(4);
      if (type == "IEND") return;
      if (type == "IHDR") {
        const std::string data = bytes(offset + 8, 8);
        found_.width = big(std::string_view(data).substr(0, 4));
        found_.height = data.size() == 8 ? big(std::string_view(data).substr(4)) : 0;
      }
      if (type == "tEXt" || type == "zTXt" || type == "iTXt") read_png_text(type, bytes(offset + 8, length));
      if (type == "eXIf") read_embedded_tiff(offset + 8);
      offset += 12 + uint64_t{length};
    }
  }

  /// Joins the sub-blocks that follow `offset` and moves it behind them.
  std::string sub_blocks(uint64_t& offset) {
    std::string all;
    while (true) {
      const std::string size = bytes(offset++, 1);
      if (size.empty() || size[0] == 0) return all;
      const auto length = static_cast<uint8_t>(size[0]);
      if (all.size() < max_block_bytes) all += bytes(offset, length);
      else found_.cut = true;
      offset += length;
    }
  }

  /// Moves `offset` behind the sub-blocks that follow it: pixels, and what holds no text.
  void pass_sub_blocks(uint64_t& offset) {
    while (true) {
      const std::string size = bytes(offset++, 1);
      if (size.empty() || size[0] == 0) return;
      offset += static_cast<uint8_t>(size[0]);
    }
  }

  static uint64_t color_table_bytes(char flags) { return (flags & 0x80) != 0 ? uint64_t{3} << ((flags & 7) + 1) : 0; }

  void read_gif() {
    const std::string header = bytes(0, 13);
    if (header.size() < 13) return;
    found_.width = little(std::string_view(header).substr(6, 2));
    found_.height = little(std::string_view(header).substr(8, 2));
    uint64_t offset = 13 + color_table_bytes(header[10]);
    while (true) {
      const std::string kind = bytes(offset, 1);
      if (kind.empty() || kind[0] == ';') return;
      if (kind[0] == ',') {
        const std::string image = bytes(offset, 10);
        if (image.size() < 10) return;
        offset += 11 + color_table_bytes(image[9]);
        pass_sub_blocks(offset);
      } else if (kind[0] == '!') {
        const std::string label = bytes(offset + 1, 1);
        if (label.empty()) return;
        offset += 2;
        read_gif_extension(static_cast<uint8_t>(label[0]), offset);
      } else {
        return void(found_.damaged = true);
      }
    }
  }

  void read_gif_extension(uint8_t label, uint64_t& offset) {
    constexpr uint8_t comment = 0xFE, plain_text = 0x01, application = 0xFF;
    if (label == application) {
      const std::string name = bytes(offset, 12);
      if (std::string_view(name).substr(std::min<size_t>(1, name.size())) == "XMP DataXMP") return read_gif_xmp(offset);
    }
    if (label != comment && label != plain_text) return pass_sub_blocks(offset);
    const std::string text = sub_blocks(offset);
    if (label == comment) add("comment", text);
    if (label == plain_text && text.size() > 12) add("text", std::string_view(text).substr(12));
  }

  /// The packet stands there unblocked; a trailer of 258 bytes that reads as sub-blocks from any point ends it.
  void read_gif_xmp(uint64_t& offset) {
    const uint64_t start = offset + 12;
    pass_sub_blocks(offset);
    if (offset > start + 258) add("", bytes(start, offset - start - 258));
  }

  void read_webp() {
    uint64_t offset = 12;
    while (true) {
      if (offset + 8 > input_.size()) return;
      const std::string head = bytes(offset, 8);
      if (head.size() < 8) return;
      const uint32_t length = little(std::string_view(head).substr(4));
      const std::string type = head.substr(0, 4);
      if (type == "EXIF") {
        const bool prefixed = bytes(offset + 8, 4) == "Exif";
        read_embedded_tiff(offset + 8 + (prefixed ? 6 : 0));
      }
      if (type == "XMP ") add("", bytes(offset + 8, length));
      offset += 8 + (uint64_t{length} + 1) / 2 * 2;
    }
  }

  void read_bmp() {
    const std::string header = bytes(14, 12);
    if (header.size() < 12) return;
    const std::string_view view(header);
    const bool old = little(view.substr(0, 4)) == 12;
    found_.width = little(old ? view.substr(4, 2) : view.substr(4, 4));
    const auto height = static_cast<int32_t>(little(old ? view.substr(6, 2) : view.substr(8, 4)));
    found_.height = static_cast<uint32_t>(height < 0 ? -int64_t{height} : height);
  }

  Input& input_;
  Sink& sink_;
  ImageMetadata found_;
};

}  // namespace

ImageMetadata read_image_metadata(Input& input, Format format, Sink& sink) {
  return MetadataReader(input, sink).read(format);
}

}  // namespace assay::extract
