#include <zlib.h>

#include <map>

#include "extract/legacy/embedded.h"
#include "extract/legacy/legacy.h"
#include "extract/legacy/ppt_index.h"
#include "extract/legacy/vba.h"
#include "extract/ole/bytes.h"
#include "extract/ole/compound_file.h"
#include "extract/ole/property_set.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_text_bytes = size_t{16} << 20;
constexpr size_t max_containers = 64;

/// Inflates the storage of an embedded object as it is read; the first four bytes announce its size.
class InflatePull {
 public:
  InflatePull(Input& stream, uint64_t offset, uint64_t size) : stream_(stream), offset_(offset), left_(size) {
    if (inflateInit(&z_) != Z_OK) throw Failure(model::VerdictKind::oom, "inflate");
  }
  ~InflatePull() { inflateEnd(&z_); }
  InflatePull(const InflatePull&) = delete;
  InflatePull& operator=(const InflatePull&) = delete;

  size_t operator()(std::span<char> out) {
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(out.size());
    while (z_.avail_out == out.size() && !ended_) {
      if (z_.avail_in == 0) {
        const size_t n = stream_.read_at(offset_, std::span(buffer_).first(std::min<uint64_t>(left_, sizeof buffer_)));
        if (n == 0) throw Failure(model::VerdictKind::partial, "embedded object is cut");
        offset_ += n;
        left_ -= n;
        z_.next_in = reinterpret_cast<Bytef*>(buffer_);
        z_.avail_in = static_cast<uInt>(n);
      }
      const int status = inflate(&z_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) ended_ = true;
      else if (status != Z_OK) throw Failure(model::VerdictKind::partial, "damaged embedded object");
    }
    return out.size() - z_.avail_out;
  }

 private:
  Input& stream_;
  uint64_t offset_;
  uint64_t left_;
  z_stream z_{};
  char buffer_[4096];
  bool ended_ = false;
};

/// Walks all records, those of earlier versions of the presentation included: what was deleted is still in the file.
class PresentationReader {
 public:
  PresentationReader(Input& stream, const Context& context, Sink& sink)
      : stream_(stream), context_(context), index_(read_presentation_index(stream)), sink_(sink) {}

  void read() {
    walk(0, stream_.size(), {}, 0);
    give();
    for (const auto& object : objects_) or_partial(sink_, [&] { give_object(object.first, object.second); });
  }

 private:
  void walk(uint64_t offset, uint64_t end, Part part, size_t depth) {
    PresentationRecord record;
    while (read_presentation_record(stream_, offset, end, record)) {
      read_record(record, part, depth);
      offset = record.end();
      sink_.tick();
    }
    if (offset < end && depth == 0) sink_.partial("presentation stream is cut");
  }

  void read_record(const PresentationRecord& record, Part& part, size_t depth) {
    switch (record.type) {
      case ppt_text_characters:
      case ppt_c_string: return add(part, utf16le_to_utf8(read(record)));
      case ppt_text_bytes: return add(part, latin1(read(record)));
      case ppt_crypt_session: throw Failure(model::VerdictKind::encrypted, "password-protected presentation");
      case ppt_slide_persist: {
        const auto page = index_.pages_by_persist.find(Bytes(read(record)).u32(0));
        part.page = page == index_.pages_by_persist.end() ? 0 : page->second;
        return;
      }
      case ppt_object_storage:
        objects_.emplace_back(record.data, record.size | (record.instance == 1 ? compressed : 0));
        return;
      default: break;
    }
    if (!record.is_container()) return;
    if (depth >= max_containers) return sink_.partial("depth of records");
    walk(record.data, record.end(), part_inside(record, part), depth + 1);
  }

  Part part_inside(const PresentationRecord& record, Part part) const {
    switch (record.type) {
      case ppt_slide:
      case ppt_notes: {
        const auto page = index_.pages_by_offset.find(record.data - 8);
        return {.name = record.type == ppt_notes ? "notes" : "",
                .page = page == index_.pages_by_offset.end() ? 0 : page->second};
      }
      case ppt_main_master: return {.name = "masters"};
      case ppt_comment: part.name = "comments"; return part;
      case ppt_hyperlink: part.name = "links"; return part;
      case ppt_headers_footers: part.name = "headers"; return part;
      default: return part;
    }
  }

  std::string read(const PresentationRecord& record) {
    std::string bytes(std::min<uint64_t>(record.size, max_text_bytes), '\0');
    if (bytes.size() < record.size) sink_.partial("size of a text");
    bytes.resize(stream_.read_at(record.data, bytes));
    return bytes;
  }

  static std::string latin1(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) append_utf8(out, static_cast<uint8_t>(c));
    return out;
  }

  void add(const Part& part, std::string text) {
    if (text.empty()) return;
    for (char& c : text)
      if (c == '\r' || c == '\v') c = '\n';
    if (part.name != part_.name || part.page != part_.page || text_.size() > max_text_bytes / 4) give();
    part_ = part;
    text_ += text;
    text_ += '\n';
  }

  void give() {
    if (text_.empty()) return;
    sink_.begin_text(part_);
    sink_.text(text_);
    sink_.end_text();
    text_.clear();
  }

  void give_object(uint64_t offset, uint64_t size) {
    const std::string name = "object " + std::to_string(++given_objects_);
    const bool is_compressed = (size & compressed) != 0;
    size &= ~compressed;
    if (!is_compressed) {
      uint64_t done = 0;
      SpooledInput content(
          [&](std::span<char> out) {
            const size_t n = stream_.read_at(offset + done, out.first(std::min<uint64_t>(out.size(), size - done)));
            done += n;
            return n;
          },
          context_.scratch, context_.limits.max_member_bytes);
      return sink_.member(name, content);
    }
    if (size < 4) throw Failure(model::VerdictKind::partial, "damaged embedded object");
    InflatePull pull(stream_, offset + 4, size - 4);
    SpooledInput content(std::ref(pull), context_.scratch, context_.limits.max_member_bytes);
    sink_.member(name, content);
  }

  static constexpr uint64_t compressed = uint64_t{1} << 63;

  Input& stream_;
  const Context& context_;
  PresentationIndex index_;
  Sink& sink_;
  Part part_;
  std::string text_;
  std::vector<std::pair<uint64_t, uint64_t>> objects_;
  size_t given_objects_ = 0;
};

/// [MS-PPT] 2.3.2: the token of the CurrentUserAtom tells an encrypted presentation.
bool is_encrypted(CompoundFile& file) {
  const std::string user = file.read_prefix("Current User", 16);
  return user.size() == 16 && Bytes(user).u32(12) == 0xF3D1'C4DF;
}

}  // namespace

void extract_ppt(Input& input, const Context& context, Sink& sink) {
  CompoundFile file(input);
  const auto stream = file.open("PowerPoint Document");
  if (!stream) throw Failure(model::VerdictKind::partial, "no PowerPoint Document stream");
  if (is_encrypted(file)) throw Failure(model::VerdictKind::encrypted, "password-protected presentation");
  or_partial(sink, [&] { PresentationReader(*stream, context, sink).read(); });
  extract_properties(file, sink);
  extract_macros(file, sink);
  extract_embedded(file, sink);
}

}  // namespace assay::extract
