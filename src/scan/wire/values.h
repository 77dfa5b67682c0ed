#pragma once

#include <string>

#include "core/codec.h"
#include "core/printable.h"
#include "model/locator.h"

/// What messages of several kinds have in them.
namespace assay::scan {

using core::WireReader;
using core::WireWriter;

struct ProfilePiece;

inline constexpr size_t max_shown_bytes = 8192;

[[noreturn]] inline void malformed() {
  throw core::Error(core::ErrorKind::permanent, "a malformed message came from an examiner");
}

// A worker may have been taken over: what it says is shown to people, so nothing in it may steer a terminal.
inline std::string shown(WireReader& r, size_t max_bytes = max_shown_bytes) {
  return core::printable(r.text(), max_bytes);
}

/// The same into memory that is there.
inline void take_shown(WireReader& r, std::string& to, size_t max_bytes = max_shown_bytes) {
  const std::string_view text = r.text();
  if (core::is_printable(text, max_bytes)) to.assign(text);
  else to = core::printable(text, max_bytes);
}

inline void put(WireWriter& w, const model::Locator& l) {
  w.text(l.member);
  w.text(l.part);
  w.u32(l.page);
  w.text(l.table);
  w.text(l.column);
  w.u64(l.row);
  w.text(l.cell);
  w.u64(l.line);
  w.u64(l.line_column);
}

inline model::Locator take_locator(WireReader& r) {
  model::Locator l;
  l.member = shown(r);
  l.part = shown(r);
  l.page = r.u32();
  l.table = shown(r);
  l.column = shown(r);
  l.row = r.u64();
  l.cell = shown(r);
  l.line = r.u64();
  l.line_column = r.u64();
  return l;
}

ProfilePiece take_profile_piece(WireReader& r);

}  // namespace assay::scan
