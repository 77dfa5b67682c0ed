#include <array>

#include "extract/legacy/embedded.h"
#include "extract/legacy/legacy.h"
#include "extract/legacy/vba.h"
#include "extract/ole/bytes.h"
#include "extract/ole/compound_file.h"
#include "extract/ole/property_set.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_clx_bytes = size_t{32} << 20;
constexpr size_t max_names_bytes = size_t{1} << 20;
constexpr size_t chunk_bytes = size_t{64} << 10;
constexpr size_t header_bytes = 0x5A0;

/// Where things are, from the file information block ([MS-DOC] 2.5, and its shorter form before Word 97).
struct FileInformation {
  bool before_word97 = false;
  bool has_pieces = true;
  std::string table_stream;
  uint32_t text_start = 0;  ///< bytes, of a document without pieces
  uint32_t clx_offset = 0;
  uint32_t clx_bytes = 0;
  std::array<uint32_t, 8> part_characters{};  ///< in the order of part_names
};

constexpr std::array<const char*, 8> part_names = {"",         "footnotes", "headers",    "macros",
                                                   "comments", "endnotes",  "text boxes", "header text boxes"};

FileInformation read_file_information(Bytes header) {
  FileInformation info;
  const uint16_t magic = header.u16(0);
  if (magic != 0xA5EC && magic != 0xA5DC) throw Failure(model::VerdictKind::partial, "damaged document header");
  const uint16_t flags = header.u16(0x0A);
  if ((flags & 0x0100) != 0) throw Failure(model::VerdictKind::encrypted, "password-protected document");
  info.before_word97 = header.u16(2) < 0xC1;
  info.table_stream = (flags & 0x0200) != 0 ? "1Table" : "0Table";
  info.has_pieces = !info.before_word97 || (flags & 0x0004) != 0;
  info.text_start = header.u32(0x18);
  const size_t counts = info.before_word97 ? 0x34 : 0x4C;
  for (size_t i = 0; i < info.part_characters.size(); ++i) info.part_characters[i] = header.u32(counts + i * 4);
  const size_t clx = info.before_word97 ? 0x160 : 0x1A2;
  info.clx_offset = header.u32(clx);
  info.clx_bytes = header.u32(clx + 4);
  return info;
}

/// A stretch of text as stored.
struct Piece {
  uint32_t characters = 0;
  uint32_t offset = 0;  ///< in the WordDocument stream
  bool wide = false;    ///< UTF-16LE, else Windows-1252
};

/// The piece table ([MS-DOC] 2.9.38): property modifiers are skipped, then the plex of pieces.
std::vector<Piece> read_pieces(Bytes clx, bool before_word97) {
  size_t offset = 0;
  while (clx.u8(offset) == 1) offset += 3 + size_t{clx.u16(offset + 1)};
  if (clx.u8(offset) != 2) throw Failure(model::VerdictKind::partial, "damaged piece table");
  const uint32_t length = clx.u32(offset + 1);
  const Bytes plex(clx.slice(offset + 5, length));
  if (length < 4) throw Failure(model::VerdictKind::partial, "damaged piece table");
  const size_t count = (length - 4) / 12;
  std::vector<Piece> pieces;
  pieces.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t begin = plex.u32(i * 4);
    const uint32_t end = plex.u32(i * 4 + 4);
    if (end < begin) throw Failure(model::VerdictKind::partial, "damaged piece table");
    const uint32_t place = plex.u32((count + 1) * 4 + i * 8 + 2);
    const bool narrow = before_word97 || (place & 0x4000'0000) != 0;
    const uint32_t at = before_word97 ? place : narrow ? (place & 0x3FFF'FFFF) / 2 : place & 0x3FFF'FFFF;
    pieces.push_back({end - begin, at, !narrow});
  }
  return pieces;
}

/// Gives the characters of all pieces to the sink, one text per part, with Word's special characters as plain ones.
class TextWriter {
 public:
  TextWriter(const FileInformation& info, Sink& sink) : info_(info), sink_(sink) { left_ = info.part_characters[0]; }

  void put(char16_t unit) {
    while (left_ == 0 && part_ + 1 < part_names.size()) {
      close();
      left_ = info_.part_characters[++part_];
    }
    if (left_ > 0) --left_;
    if (!open_) {
      sink_.begin_text({.name = part_names[part_]});
      open_ = true;
    }
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_ = unit;
      return;
    }
    if (unit >= 0xDC00 && unit < 0xE000 && high_ != 0) {
      append_utf8(text_, 0x10000 + ((char32_t{high_} - 0xD800) << 10) + (unit - 0xDC00));
    } else {
      put_plain(unit);
    }
    high_ = 0;
    if (text_.size() >= chunk_bytes) flush();
  }

  void close() {
    flush();
    if (open_) sink_.end_text();
    open_ = false;
  }

 private:
  void put_plain(char16_t unit) {
    switch (unit) {
      case 0x07: text_ += '\t'; break;  // end of a table cell
      case 0x0B:
      case 0x0C:
      case 0x0D:
      case 0x0E: text_ += '\n'; break;  // ends of lines, pages, paragraphs, columns
      case 0x13:
      case 0x14:
      case 0x15: text_ += ' '; break;  // marks of a field
      case 0x1E: text_ += '-'; break;  // hyphen that does not break
      case 0x1F: break;                // hyphen shown only at a line's end
      case 0xA0: text_ += ' '; break;
      default:
        if (unit >= 0x20 || unit == '\t') append_utf8(text_, unit);
    }
  }

  void flush() {
    if (!text_.empty()) sink_.text(text_);
    text_.clear();
  }

  const FileInformation& info_;
  Sink& sink_;
  std::string text_;
  size_t part_ = 0;
  uint32_t left_ = 0;
  char16_t high_ = 0;
  bool open_ = false;
};

void write_piece(const Piece& piece, Input& stream, TextWriter& writer, Sink& sink) {
  std::string buffer(chunk_bytes, '\0');
  const size_t width = piece.wide ? 2 : 1;
  uint64_t offset = piece.offset;
  uint64_t left = uint64_t{piece.characters} * width;
  while (left > 0) {
    const size_t n =
        stream.read_at(offset, std::span(buffer).first(std::min<uint64_t>(left, buffer.size()))) / width * width;
    if (n == 0) throw Failure(model::VerdictKind::partial, "text ends before the piece table says");
    const std::string_view bytes(buffer.data(), n);
    if (piece.wide) {
      const Bytes units(bytes);
      for (size_t i = 0; i < n; i += 2) writer.put(units.u16(i));
    } else {
      for (const char c : bytes) writer.put(windows1252_unit(static_cast<uint8_t>(c)));
    }
    offset += n;
    left -= n;
    sink.tick();
  }
}

void write_text(const FileInformation& info, CompoundFile& file, Input& document, Sink& sink) {
  std::vector<Piece> pieces;
  if (info.has_pieces) {
    const std::string table_name = info.before_word97 ? "WordDocument" : info.table_stream;
    const auto table = file.open(table_name);
    if (!table || info.clx_bytes > max_clx_bytes) throw Failure(model::VerdictKind::partial, "no usable piece table");
    std::string clx(info.clx_bytes, '\0');
    clx.resize(table->read_at(info.clx_offset, clx));
    pieces = read_pieces(Bytes(clx), info.before_word97);
  } else {
    uint64_t characters = 0;
    for (const uint32_t part : info.part_characters) characters += part;
    pieces.push_back({static_cast<uint32_t>(std::min<uint64_t>(characters, document.size())), info.text_start, false});
  }
  TextWriter writer(info, sink);
  uint64_t budget = document.size() * 2 + chunk_bytes;  // pieces that overlap could repeat one text without end
  try {
    for (const Piece& piece : pieces) {
      if (piece.characters > budget) throw Failure(model::VerdictKind::partial, "piece table repeats text");
      budget -= piece.characters;
      write_piece(piece, document, writer, sink);
    }
  } catch (const Failure& failure) {
    writer.close();
    if (failure.verdict().kind != model::VerdictKind::partial) throw;
    sink.partial(failure.verdict().reason);
    return;
  }
  writer.close();
}

/// Strings of a table of the kind STTB ([MS-DOC] 2.2.4) or a run of counted strings (XST).
void append_names(Bytes names, bool is_table, std::string& out) {
  size_t offset = 0;
  size_t extra = 0;
  if (is_table) {
    if (names.size() < 6 || names.u16(0) != 0xFFFF) return;
    extra = names.u16(4);
    offset = 6;
  }
  while (offset + 2 <= names.size()) {
    const size_t length = size_t{names.u16(offset)} * 2;
    if (offset + 2 + length > names.size()) return;
    if (length > 0) out += utf16le_to_utf8(names.slice(offset + 2, length)) + "\n";
    offset += 2 + length + extra;
  }
}

/// Names of people and places that Word keeps beside the text: authors of comments and revisions, who saved where.
void write_names(const FileInformation& info, Bytes header, CompoundFile& file, Sink& sink) {
  struct Field {
    size_t index;
    bool is_table;
  };  // indices into FibRgFcLcb97 ([MS-DOC] 2.5.6)
  constexpr Field fields[] = {{32, true}, {36, false}, {51, true}, {71, true}};
  if (info.before_word97) return;
  const auto table = file.open(info.table_stream);
  if (!table) return;
  std::string text;
  for (const Field& field : fields) {
    const size_t place = 0x9A + field.index * 8;
    if (place + 8 > header.size()) continue;
    std::string names(std::min<size_t>(header.u32(place + 4), max_names_bytes), '\0');
    names.resize(table->read_at(header.u32(place), names));
    append_names(Bytes(names), field.is_table, text);
  }
  if (text.empty()) return;
  sink.begin_text({.name = "metadata"});
  sink.text(text);
  sink.end_text();
}

}  // namespace

void extract_doc(Input& input, const Context&, Sink& sink) {
  CompoundFile file(input);
  const auto document = file.open("WordDocument");
  if (!document) throw Failure(model::VerdictKind::partial, "no WordDocument stream");
  const std::string header = file.read_prefix("WordDocument", header_bytes);
  const FileInformation info = read_file_information(Bytes(header));
  or_partial(sink, [&] { write_text(info, file, *document, sink); });
  or_partial(sink, [&] { write_names(info, Bytes(header), file, sink); });
  extract_properties(file, sink);
  extract_macros(file, sink);
  extract_embedded(file, sink);
}

}  // namespace assay::extract
