#include "extract/mail/tnef.h"

#include <algorithm>
#include <optional>

#include "extract/mail/header.h"
#include "extract/mail/mapi.h"
#include "extract/text/decoder.h"

namespace assay::extract {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "\x78\x9F\x3E\x22"sv;
constexpr uint32_t attribute_subject = 0x00018004;
constexpr uint32_t attribute_body = 0x0002800C;
constexpr uint32_t attribute_message_properties = 0x00069003;
constexpr uint32_t attribute_attachment_start = 0x00069002;
constexpr uint32_t attribute_attachment_title = 0x00018010;
constexpr uint32_t attribute_attachment_data = 0x0006800F;
constexpr uint32_t attribute_attachment_properties = 0x00069005;
constexpr size_t attribute_head_bytes = 9;
constexpr size_t checksum_bytes = 2;
constexpr size_t max_property_bytes = size_t{16} << 20;

uint32_t le32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

/// A part of another input.
class WindowInput final : public Input {
 public:
  WindowInput(Input& outer, uint64_t offset, uint64_t size) : outer_(outer), offset_(offset), size_(size) {}
  size_t read_at(uint64_t offset, std::span<char> out) override {
    if (offset >= size_) return 0;
    return outer_.read_at(offset_ + offset, out.first(std::min<uint64_t>(out.size(), size_ - offset)));
  }
  std::optional<uint64_t> known_size() const override { return size_; }
  uint64_t size() override { return size_; }

 private:
  Input& outer_;
  uint64_t offset_;
  uint64_t size_;
};

/// The encoding of property lists inside attributes ([MS-OXTNEF] 2.1.3.4). Stops silently where the list is damaged.
class PropertyList {
 public:
  explicit PropertyList(std::string_view bytes) : bytes_(bytes) {}

  template <typename Take>
  void for_each(Take&& take) {
    uint32_t count = 0;
    if (!number(count)) return;
    for (; count > 0; --count) {
      uint32_t tag = 0;
      if (!number(tag)) return;
      const auto type = static_cast<uint16_t>(tag & 0x0FFF);
      const auto id = static_cast<uint16_t>(tag >> 16);
      if (id >= 0x8000 && !skip_name()) return;
      uint32_t values = 1;
      const bool many = (tag & 0x1000) != 0;
      const bool sized = type == mapi::type_string8 || type == mapi::type_unicode || type == mapi::type_binary ||
                         type == mapi::type_object;
      if ((many || sized) && !number(values)) return;
      for (; values > 0; --values) {
        const auto value = read_value(type, sized);
        if (!value) return;
        take(id, type, *value);
      }
    }
  }

 private:
  bool number(uint32_t& value) {
    if (bytes_.size() < 4) return false;
    value = le32(bytes_, 0);
    bytes_.remove_prefix(4);
    return true;
  }

  bool skip(size_t size) {
    if (bytes_.size() < size) return false;
    bytes_.remove_prefix(size);
    return true;
  }

  bool skip_name() {
    uint32_t kind = 0, size = 0;
    if (!skip(16) || !number(kind) || !number(size)) return false;
    if (kind == 0) return true;  // what was read is the number that stands for the name
    return skip((size_t{size} + 3) / 4 * 4);
  }

  std::optional<std::string_view> read_value(uint16_t type, bool sized) {
    uint32_t size = 4;
    if (sized) {
      if (!number(size)) return std::nullopt;
    } else if (type == 0x0005 || type == 0x0006 || type == 0x0007 || type == 0x0014 || type == 0x0040) {
      size = 8;
    } else if (type == 0x0048) {
      size = 16;
    }
    const size_t padded = (size_t{size} + 3) / 4 * 4;
    if (bytes_.size() < size) return std::nullopt;
    const std::string_view value = bytes_.substr(0, size);
    bytes_.remove_prefix(std::min(padded, bytes_.size()));
    return value;
  }

  std::string_view bytes_;
};

std::string decode_value(uint16_t type, std::string_view value) {
  const bool wide = type == mapi::type_unicode;
  if (!wide) value = value.substr(0, value.find('\0'));
  std::string text = decode_to_utf8(value, wide ? "utf-16le" : "windows-1252");
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

class TnefReader {
 public:
  TnefReader(std::string_view name, Input& input, const Context& context, Sink& sink)
      : name_(name), input_(input), context_(context), sink_(sink) {}

  void run() {
    uint64_t at = signature.size() + 2;
    const uint64_t end = input_.size();
    while (at + attribute_head_bytes <= end) {
      std::string head(attribute_head_bytes, '\0');
      if (input_.read_at(at, head) < head.size()) break;
      const uint32_t id = le32(head, 1);
      const uint64_t size = le32(head, 5);
      const uint64_t data = at + attribute_head_bytes;
      if (data + size > end) {
        sink_.partial("winmail.dat is cut");
        break;
      }
      take(id, data, size);
      at = data + size + checksum_bytes;
      sink_.tick();
    }
    give_attachment();
    message_.give(context_, sink_);
  }

 private:
  void take(uint32_t id, uint64_t data, uint64_t size) {
    switch (id) {
      case attribute_subject:
        message_.add_text(mapi::subject, decode_value(mapi::type_string8, read(data, size)));
        break;
      case attribute_body: message_.add_text(mapi::body, decode_value(mapi::type_string8, read(data, size))); break;
      case attribute_message_properties: take_message_properties(read(data, size)); break;
      case attribute_attachment_start: give_attachment(); break;
      case attribute_attachment_title: title_ = decode_value(mapi::type_string8, read(data, size)); break;
      case attribute_attachment_data: content_ = Place{data, size}; break;
      case attribute_attachment_properties: take_attachment_properties(read(data, size)); break;
      default: break;
    }
  }

  std::string read(uint64_t data, uint64_t size) {
    std::string bytes(std::min<uint64_t>(size, max_property_bytes), '\0');
    bytes.resize(input_.read_at(data, bytes));
    return bytes;
  }

  void take_message_properties(const std::string& bytes) {
    PropertyList(bytes).for_each([&](uint16_t id, uint16_t type, std::string_view value) {
      if (id == mapi::html && type == mapi::type_binary) message_.html = value;
      else if (id == mapi::compressed_rtf && type == mapi::type_binary) message_.rtf = value;
      else if (type == mapi::type_string8 || type == mapi::type_unicode)
        message_.add_text(id, decode_value(type, value));
    });
  }

  void take_attachment_properties(const std::string& bytes) {
    PropertyList(bytes).for_each([&](uint16_t id, uint16_t type, std::string_view value) {
      const bool is_name = id == mapi::attach_long_name && (type == mapi::type_string8 || type == mapi::type_unicode);
      if (is_name) title_ = decode_value(type, value);
      // An embedded message: 16 bytes that name its kind, then a winmail.dat of its own.
      if (id == mapi::attach_data && type == mapi::type_object && value.size() > 16) embedded_ = value.substr(16);
    });
  }

  void give_attachment() {
    const std::string base = title_.empty() ? "attachment" : title_;
    const std::string name = std::string(name_) + "/" + base;
    if (!embedded_.empty()) {
      MemoryInput content(embedded_);
      if (depth_left(name)) extract_tnef(name + "/" + std::string(tnef_name), content, context_, sink_);
      else sink_.member(name, content);
    } else if (content_) {
      WindowInput content(input_, content_->offset, content_->size);
      sink_.member(name, content);
    }
    title_.clear();
    embedded_.clear();
    content_.reset();
  }

  /// Messages inside messages are bounded as members are.
  bool depth_left(std::string_view name) const {
    size_t depth = 0;
    for (size_t at = 0; (at = name.find(tnef_name, at)) != std::string_view::npos; at += tnef_name.size()) ++depth;
    return depth < context_.limits.max_depth;
  }

  struct Place {
    uint64_t offset = 0;
    uint64_t size = 0;
  };

  std::string_view name_;
  Input& input_;
  const Context& context_;
  Sink& sink_;
  mapi::MessageText message_;
  std::string title_;
  std::string embedded_;
  std::optional<Place> content_;
};

}  // namespace

bool is_tnef_name(std::string_view name) { return to_lower(name).ends_with(tnef_name); }

void extract_tnef(std::string_view name, Input& input, const Context& context, Sink& sink) {
  std::string head(signature.size(), '\0');
  head.resize(input.read_at(0, head));
  if (head != signature) {
    sink.member(name, input);
    return;
  }
  TnefReader(name, input, context, sink).run();
}

}  // namespace assay::extract
