#include "extract/archive/rar5_locks.h"

#include <optional>
#include <string_view>

#include "extract/archive/zip_fields.h"

namespace assay::extract {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "Rar!\x1A\x07\x01\0"sv;
constexpr uint64_t max_header_bytes = uint64_t{2} << 20;

/// Reads the numbers of a header: seven bits a byte, low ones first, the eighth saying that more follow.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  size_t at() const { return at_; }
  uint64_t number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<uint8_t>(bytes_[at_++]);
      value |= uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view take(uint64_t size) {
    if (size > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

bool has_encryption_record(std::string_view extra) {
  constexpr uint64_t file_encryption = 1;
  Fields records(extra);
  while (records.at() < extra.size()) {
    const std::string_view record = records.take(records.number());
    if (!records.ok()) return false;
    Fields fields(record);
    if (fields.number() == file_encryption && fields.ok()) return true;
  }
  return false;
}

struct Block {
  uint64_t type = 0;
  uint64_t data_bytes = 0;  ///< that follow its header
  std::string_view fields;  ///< of its type
  std::string_view extra;
};

std::optional<Block> parse_block(std::string_view header) {
  constexpr uint64_t has_extra = 1, has_data = 2;
  Block block;
  Fields fields(header);
  block.type = fields.number();
  const uint64_t flags = fields.number();
  const uint64_t extra_bytes = (flags & has_extra) != 0 ? fields.number() : 0;
  if ((flags & has_data) != 0) block.data_bytes = fields.number();
  if (!fields.ok() || extra_bytes > header.size() - fields.at()) return std::nullopt;
  block.fields = header.substr(fields.at(), header.size() - fields.at() - extra_bytes);
  block.extra = header.substr(header.size() - extra_bytes);
  return block;
}

std::string_view file_name(std::string_view file_fields) {
  constexpr uint64_t has_time = 2, has_crc = 4;
  Fields fields(file_fields);
  const uint64_t flags = fields.number();
  fields.number();  // size
  fields.number();  // attributes
  if ((flags & has_time) != 0) fields.take(4);
  if ((flags & has_crc) != 0) fields.take(4);
  fields.number();  // method
  fields.number();  // system
  return fields.take(fields.number());
}

}  // namespace

std::set<std::string, std::less<>> locked_in_rar5(Input& input, uint64_t max_files) {
  constexpr uint64_t file_block = 2;
  constexpr size_t crc_bytes = 4, longest_number = 10;
  std::set<std::string, std::less<>> names;
  if (read_bytes(input, 0, signature.size()) != signature) return names;
  uint64_t files = 0;
  for (uint64_t at = signature.size(); files < max_files;) {
    const std::string head = read_bytes(input, at + crc_bytes, longest_number);
    Fields size_field(head);
    const uint64_t size = size_field.number();
    if (!size_field.ok() || size == 0 || size > max_header_bytes) break;
    at += crc_bytes + size_field.at();
    const std::string header = read_bytes(input, at, size);
    const auto block = parse_block(header);
    if (header.size() < size || !block) break;
    if (block->type == file_block) {
      ++files;
      if (has_encryption_record(block->extra)) names.emplace(file_name(block->fields));
    }
    const uint64_t next = at + size + block->data_bytes;
    if (next <= at) break;
    at = next;
  }
  return names;
}

}  // namespace assay::extract
