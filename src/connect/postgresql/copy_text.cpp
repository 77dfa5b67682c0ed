#include "connect/postgresql/copy_text.h"

#include <cstring>

#include "core/error.h"

namespace assay::connect::postgresql {
namespace {

using model::CellKind;

char unescaped(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return c;  // COPY TO writes no octal or hex escapes
  }
}

std::string_view without_escapes(std::string_view field, std::string& scratch) {
  const size_t first = field.find('\\');
  if (first == std::string_view::npos) return field;
  scratch.assign(field.substr(0, first));
  for (size_t i = first; i < field.size(); ++i) {
    if (field[i] == '\\' && i + 1 < field.size()) scratch += unescaped(field[++i]);
    else scratch += field[i];
  }
  return scratch;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// In place, since what comes out is half as long. False when it is no hex.
bool decode_hex(std::string& bytes) {
  if (!bytes.starts_with("\\x") || bytes.size() % 2 != 0) return false;
  size_t to = 0;
  for (size_t i = 2; i < bytes.size(); i += 2) {
    const int high = hex_value(bytes[i]), low = hex_value(bytes[i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[to++] = static_cast<char>(high << 4 | low);
  }
  bytes.resize(to);
  return true;
}

void append_cell(std::string_view field, CellKind kind, size_t most_bytes, std::string& scratch,
                 model::RowStreamWriter& writer) {
  if (field == "\\N") return writer.null();
  const std::string_view text = without_escapes(field, scratch);
  if (kind != CellKind::binary) return writer.cell(kind, text, most_bytes);
  if (text.data() != scratch.data()) scratch.assign(text);
  if (!decode_hex(scratch))
    throw core::Error(core::ErrorKind::bug, "PostgreSQL gave a bytea in another format than hex");
  writer.cell(kind, scratch, most_bytes);
}

}  // namespace

void append_copy_row(std::string_view line, std::span<const CellKind> kinds, std::string& scratch, std::string& out,
                     size_t most_bytes) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  model::RowStreamWriter writer(out);
  writer.begin_row();
  size_t fields = 0;
  if (!kinds.empty())
    for (;;) {
      const auto* tab = static_cast<const char*>(std::memchr(line.data(), '\t', line.size()));
      const size_t size = tab == nullptr ? line.size() : static_cast<size_t>(tab - line.data());
      if (fields == kinds.size()) break;
      append_cell(line.substr(0, size), kinds[fields++], most_bytes, scratch, writer);
      if (tab == nullptr) {
        if (fields == kinds.size()) return;
        break;
      }
      line.remove_prefix(size + 1);
    }
  if (kinds.empty() && line.empty()) return;
  throw core::Error(core::ErrorKind::bug, "PostgreSQL gave a row with another number of fields than was asked for");
}

}  // namespace assay::connect::postgresql
