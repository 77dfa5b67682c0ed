#include "extract/mail/msg.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "extract/mail/mapi.h"
#include "extract/mail/tnef.h"
#include "extract/ole/codepage.h"
#include "extract/ole/compound_file.h"

namespace assay::extract {
namespace {

constexpr std::string_view value_prefix = "__substg1.0_";
constexpr std::string_view fixed_stream = "__properties_version1.0";
constexpr size_t max_text_bytes = size_t{16} << 20;
constexpr size_t max_fixed_bytes = size_t{64} << 10;
constexpr size_t fixed_entry_bytes = 16;
constexpr uint32_t default_codepage = 1252;

struct PropertyTag {
  uint16_t id = 0;
  uint16_t type = 0;
};

/// "__substg1.0_0037001F" names the property and its type; nullopt for other names and for values of lists.
std::optional<PropertyTag> parse_tag(std::string_view name) {
  if (!name.starts_with(value_prefix) || name.size() < value_prefix.size() + 8) return std::nullopt;
  const std::string_view digits = name.substr(value_prefix.size(), 8);
  uint32_t tag = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), tag, 16);
  if (parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return PropertyTag{static_cast<uint16_t>(tag >> 16), static_cast<uint16_t>(tag & 0x0FFF)};
}

class MessageReader {
 public:
  MessageReader(Input& input, const Context& context, Sink& sink) : file_(input), context_(context), sink_(sink) {}

  void run() {
    codepage_ = fixed_int32("", mapi::message_codepage).value_or(default_codepage);
    read_values();
    if (const auto page = fixed_int32("", mapi::internet_codepage))
      text_.html_charset = *page == 65001                     ? "utf-8"
                           : *page == 20127 || *page == 28591 ? "iso-8859-1"
                                                              : fmt::format("windows-{}", *page);
    text_.give(context_, sink_);
    if (file_.truncated()) sink_.partial("too many entries in the message");
    for (const std::string& attachment : attachments_) read_attachment(attachment);
  }

 private:
  void read_values() {
    for (const CompoundEntry& entry : file_.entries()) {
      const size_t slash = entry.path.rfind('/');
      const std::string_view path = entry.path;
      const std::string_view parent = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
      const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
      if (entry.is_storage) {
        if (parent.empty() && name.starts_with("__attach_version1.0")) attachments_.emplace_back(path);
        continue;
      }
      const bool of_recipient = parent.starts_with("__recip_version1.0") && parent.find('/') == std::string_view::npos;
      if (!parent.empty() && !of_recipient) continue;
      if (const auto tag = parse_tag(name)) read_value(entry, *tag);
    }
  }

  void read_value(const CompoundEntry& entry, PropertyTag tag) {
    const bool is_text = tag.type == mapi::type_string8 || tag.type == mapi::type_unicode;
    const bool is_body = tag.id == mapi::html || tag.id == mapi::compressed_rtf;
    if (!is_text && !(tag.type == mapi::type_binary && is_body)) return;
    const std::string bytes = file_.read_prefix(entry.path, max_text_bytes);
    if (bytes.size() < entry.size) sink_.partial("a value of the message was cut");
    if (tag.id == mapi::html) {
      text_.html = tag.type == mapi::type_unicode ? codepage_to_utf8(bytes, 1200) : bytes;
    } else if (tag.id == mapi::compressed_rtf) {
      text_.rtf = bytes;
    } else {
      text_.add_text(tag.id, decode(bytes, tag.type));
    }
  }

  std::string decode(std::string_view bytes, uint16_t type) const {
    return codepage_to_utf8(bytes, type == mapi::type_unicode ? 1200 : codepage_);
  }

  /// A number among the values of fixed size ([MS-OXMSG] 2.4). Their entries end where the stream ends, behind a header
  /// whose size depends on what the stream belongs to.
  std::optional<uint32_t> fixed_int32(std::string_view storage, uint16_t id) {
    const std::string bytes = file_.read_prefix(join(storage, fixed_stream), max_fixed_bytes);
    const auto byte = [&](size_t at) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[at])); };
    for (size_t at = bytes.size() % fixed_entry_bytes; at + fixed_entry_bytes <= bytes.size();
         at += fixed_entry_bytes) {
      const uint32_t type = byte(at) | byte(at + 1) << 8, found = byte(at + 2) | byte(at + 3) << 8;
      if (type == mapi::type_int32 && found == id)
        return byte(at + 8) | byte(at + 9) << 8 | byte(at + 10) << 16 | byte(at + 11) << 24;
    }
    return std::nullopt;
  }

  static std::string join(std::string_view storage, std::string_view name) {
    return storage.empty() ? std::string(name) : fmt::format("{}/{}", storage, name);
  }

  static std::string value_path(std::string_view storage, uint16_t id, uint16_t type) {
    return fmt::format("{}/{}{:04X}{:04X}", storage, value_prefix, id, type);
  }

  std::string text_of(std::string_view storage, uint16_t id) {
    constexpr size_t max_name_bytes = 4096;
    for (const uint16_t type : {mapi::type_unicode, mapi::type_string8}) {
      const std::string path = value_path(storage, id, type);
      if (file_.find(path) != nullptr) {
        std::string text = decode(file_.read_prefix(path, max_name_bytes), type);
        while (!text.empty() && text.back() == '\0') text.pop_back();
        return text;
      }
    }
    return {};
  }

  void read_attachment(const std::string& storage) {
    std::string name = text_of(storage, mapi::attach_long_name);
    if (name.empty()) name = text_of(storage, mapi::attach_short_name);
    if (name.empty()) name = text_of(storage, mapi::display_name);
    ++attachments_read_;
    const std::string embedded = value_path(storage, mapi::attach_data, mapi::type_object);
    const CompoundEntry* object = file_.find(embedded);
    if (object != nullptr && object->is_storage) {
      read_embedded(embedded, name.empty() ? fmt::format("message {}.msg", attachments_read_) : name);
      return;
    }
    if (name.empty()) name = fmt::format("attachment {}", attachments_read_);
    try {
      if (const auto content = file_.open(value_path(storage, mapi::attach_data, mapi::type_binary))) {
        if (is_tnef_name(name)) extract_tnef(name, *content, context_, sink_);
        else sink_.member(name, *content);
      } else {
        sink_.unread_member(name, {model::VerdictKind::unsupported, "attachment by reference"});
      }
    } catch (const Failure& failure) {
      if (failure.verdict().kind != model::VerdictKind::partial) throw;
      sink_.unread_member(name, failure.verdict());
    }
  }

  void read_embedded(const std::string& path, const std::string& name) {
    constexpr uint64_t max_embedded_bytes = uint64_t{24} << 20;
    if (const auto copy = file_.copy_storage(path, max_embedded_bytes)) {
      MemoryInput content(*copy);
      sink_.member(name, content);
    } else {
      sink_.unread_member(name, {model::VerdictKind::limit, "embedded message is too large"});
    }
  }

  CompoundFile file_;
  const Context& context_;
  Sink& sink_;
  uint32_t codepage_ = default_codepage;
  mapi::MessageText text_;
  std::vector<std::string> attachments_;
  size_t attachments_read_ = 0;
};

}  // namespace

void extract_msg(Input& input, const Context& context, Sink& sink) { MessageReader(input, context, sink).run(); }

}  // namespace assay::extract
