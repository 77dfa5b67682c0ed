#include "extract/legacy/embedded.h"

#include <algorithm>
#include <array>

#include "extract/ole/bytes.h"

namespace assay::extract {
namespace {

constexpr uint64_t max_nested_bytes = uint64_t{16} << 20;

/// A window of a stream: the file inside an Ole10Native stream starts behind its labels.
class WindowInput final : public Input {
 public:
  WindowInput(Input& whole, uint64_t offset, uint64_t size) : whole_(whole), offset_(offset), size_(size) {}
  size_t read_at(uint64_t offset, std::span<char> out) override {
    if (offset >= size_) return 0;
    return whole_.read_at(offset_ + offset, out.first(std::min<uint64_t>(out.size(), size_ - offset)));
  }
  std::optional<uint64_t> known_size() const override { return size_; }
  uint64_t size() override { return size_; }

 private:
  Input& whole_;
  uint64_t offset_;
  uint64_t size_;
};

std::string_view last_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view storage_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

/// The file name is the second string behind the type; then come the original path and the bytes ([MS-OLEDS] leaves
/// the packager's layout open; this is what Windows writes).
void give_native(const std::string& path, CompoundFile& file, Sink& sink) {
  const auto stream = file.open(path);
  const std::string head = file.read_prefix(path, 8192);
  const Bytes bytes(head);
  size_t offset = 6;
  auto c_string = [&] {
    const size_t end = head.find('\0', offset);
    if (end == std::string::npos) throw Failure(model::VerdictKind::partial, "damaged embedded package");
    const std::string text = head.substr(offset, end - offset);
    offset = end + 1;
    return text;
  };
  const bool has_labels = head.size() > 6 && bytes.u16(4) == 2;
  if (!has_labels) {
    WindowInput native(*stream, 4, std::min<uint64_t>(bytes.u32(0), stream->size() - 4));
    sink.member(storage_of(path), native);
    return;
  }
  std::string name = c_string();
  const std::string file_name = c_string();
  if (!file_name.empty()) name = file_name;
  offset += 4;
  offset += 4 + size_t{bytes.u32(offset)};
  const uint32_t size = bytes.u32(offset);
  WindowInput content(*stream, offset + 4,
                      std::min<uint64_t>(size, stream->size() - std::min<uint64_t>(stream->size(), offset + 4)));
  sink.member(name.empty() ? std::string(storage_of(path)) : name, content);
}

constexpr std::array<std::string_view, 4> document_streams = {"WordDocument", "Workbook", "Book",
                                                              "PowerPoint Document"};

bool is_nested_document(const CompoundFile& file, const CompoundEntry& entry) {
  return entry.is_storage && std::ranges::any_of(document_streams, [&](std::string_view name) {
           return file.find(entry.path + "/" + std::string(name)) != nullptr;
         });
}

bool is_native_stream(const CompoundEntry& entry) {
  return !entry.is_storage && last_name(entry.path) == "\001Ole10Native";
}

bool is_content_stream(const CompoundEntry& entry) {
  const std::string_view path = entry.path;
  const std::string_view name = last_name(path);
  return !entry.is_storage && path.find('/') != std::string_view::npos &&
         (name == "Package" || name == "CONTENTS" || name == "Contents" || name == "EmbeddedOdf");
}

}  // namespace

bool is_inside_embedded(const CompoundFile& file, std::string_view path) {
  for (std::string_view storage = storage_of(path); !storage.empty(); storage = storage_of(storage)) {
    const auto* entry = file.find(storage);
    if (entry != nullptr && is_nested_document(file, *entry)) return true;
  }
  return false;
}

bool is_embedded_content(const CompoundFile& file, const CompoundEntry& entry) {
  return is_nested_document(file, entry) || is_native_stream(entry) || is_content_stream(entry) ||
         is_inside_embedded(file, entry.path);
}

void extract_embedded(CompoundFile& file, Sink& sink) {
  for (const auto& entry : file.entries()) {
    const bool nested = is_nested_document(file, entry);
    const bool native = is_native_stream(entry);
    if (!nested && !native && !is_content_stream(entry)) continue;
    if (is_inside_embedded(file, entry.path)) continue;
    or_partial(sink, [&] {
      if (nested) {
        const auto copy = file.copy_storage(entry.path, max_nested_bytes);
        if (!copy) return sink.unread_member(entry.path, {model::VerdictKind::limit, "size of a nested document"});
        MemoryInput content(*copy);
        sink.member(entry.path, content);
      } else if (native) {
        give_native(entry.path, file, sink);
      } else if (const auto content = file.open(entry.path)) {
        sink.member(entry.path, *content);
      }
    });
  }
}

}  // namespace assay::extract
