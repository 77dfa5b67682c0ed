#include "extract/text/rtf_object.h"

namespace assay::extract {
namespace {

constexpr uint32_t embedded_object = 2;
constexpr uint32_t packaged_file = 3;

/// Reads fields one after the other; false once something is missing.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : bytes_(bytes) {}

  bool u32(uint32_t& value) { return number(value, 4); }
  bool u16(uint32_t& value) { return number(value, 2); }

  bool counted_string(std::string& text) {
    uint32_t size = 0;
    if (!u32(size) || size > bytes_.size() - at_) return false;
    text = bytes_.substr(at_, size);
    while (!text.empty() && text.back() == '\0') text.pop_back();
    at_ += size;
    return true;
  }

  bool terminated_string(std::string& text) {
    const size_t end = bytes_.find('\0', at_);
    if (end == std::string_view::npos) return false;
    text = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  size_t at() const { return at_; }

 private:
  bool number(uint32_t& value, size_t width) {
    if (bytes_.size() - at_ < width) return false;
    value = 0;
    for (size_t i = width; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes_[at_ + i]);
    at_ += width;
    return true;
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

/// The packager's own structure: label, path, marks, path of the copy, then the file.
std::optional<OleObject> find_package(std::string_view head, size_t base) {
  Fields fields(head.substr(base));
  uint32_t version = 0, zero = 0, kind = 0, size = 0;
  std::string label, path, copy;
  const bool good = fields.u16(version) && version == 2 && fields.terminated_string(label) &&
                    fields.terminated_string(path) && fields.u16(zero) && fields.u16(kind) && kind == packaged_file &&
                    fields.counted_string(copy) && fields.u32(size);
  if (!good) return std::nullopt;
  return OleObject{label.empty() ? path : label, base + fields.at(), size};
}

}  // namespace

std::optional<OleObject> find_ole_object(std::string_view head) {
  Fields fields(head);
  uint32_t version = 0, format = 0, size = 0;
  std::string class_name, topic, item;
  const bool good = fields.u32(version) && fields.u32(format) && format == embedded_object &&
                    fields.counted_string(class_name) && fields.counted_string(topic) && fields.counted_string(item) &&
                    fields.u32(size);
  if (!good) return std::nullopt;
  if (class_name == "Package")
    if (auto package = find_package(head, fields.at())) return package;
  return OleObject{class_name, fields.at(), size};
}

}  // namespace assay::extract
