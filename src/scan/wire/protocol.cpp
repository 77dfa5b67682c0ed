#include "scan/wire/protocol.h"

#include <array>
#include <functional>

#include "core/printable.h"
#include "scan/wire/values.h"

namespace assay::scan {
namespace {

constexpr size_t max_charset_bytes = 64;

void put(WireWriter& w, const model::Limits& l) {
  for (uint64_t v : {l.max_object_bytes, l.max_expanded_bytes, l.max_member_bytes, uint64_t{l.max_expansion_ratio},
                     uint64_t{l.max_depth}, l.max_members, l.max_object_cpu_ms, l.max_object_wall_ms,
                     l.max_no_progress_ms, l.max_worker_memory_bytes, l.max_findings_per_object})
    w.u64(v);
}

model::Limits take_limits(WireReader& r) {
  model::Limits l;
  l.max_object_bytes = r.u64();
  l.max_expanded_bytes = r.u64();
  l.max_member_bytes = r.u64();
  l.max_expansion_ratio = static_cast<uint32_t>(r.u64());
  l.max_depth = static_cast<uint32_t>(r.u64());
  l.max_members = r.u64();
  l.max_object_cpu_ms = r.u64();
  l.max_object_wall_ms = r.u64();
  l.max_no_progress_ms = r.u64();
  l.max_worker_memory_bytes = r.u64();
  l.max_findings_per_object = r.u64();
  return l;
}

std::vector<std::string> shown_list(WireReader& r) {
  std::vector<std::string> list = r.texts();
  for (auto& item : list) item = core::printable(item, max_shown_bytes);
  return list;
}

model::Sensitivity take_sensitivity(WireReader& r) {
  const uint8_t v = r.u8();
  if (v > static_cast<uint8_t>(model::Sensitivity::critical)) malformed();
  return static_cast<model::Sensitivity>(v);
}

}  // namespace

std::string encode(const ExaminerSetup& setup) {
  std::string out;
  WireWriter w(out);
  w.u32(static_cast<uint32_t>(setup.rules.size()));
  for (const auto& rule : setup.rules) {
    w.text(rule.file);
    w.text(rule.yaml);
  }
  w.texts(setup.entities);
  w.f64(setup.min_confidence);
  put(w, setup.limits);
  w.flag(setup.ocr);
  w.flag(setup.binaries);
  w.flag(setup.reveal);
  w.text(setup.fingerprint_key);
  w.texts(setup.ocr_languages);
  w.u8(static_cast<uint8_t>(setup.profile));
  return out;
}

ExaminerSetup decode_setup(std::string_view bytes) {
  WireReader r(bytes);
  ExaminerSetup setup;
  for (uint32_t n = r.u32(); n > 0; --n) {
    classify::RuleSource source;
    source.file = r.text();
    source.yaml = r.text();
    setup.rules.push_back(std::move(source));
  }
  setup.entities = r.texts();
  setup.min_confidence = r.f64();
  setup.limits = take_limits(r);
  setup.ocr = r.flag();
  setup.binaries = r.flag();
  setup.reveal = r.flag();
  setup.fingerprint_key = r.text();
  setup.ocr_languages = r.texts();
  const uint8_t scope = r.u8();
  if (scope > static_cast<uint8_t>(model::ProfileScope::all)) malformed();
  setup.profile = static_cast<model::ProfileScope>(scope);
  return setup;
}

std::string encode(const ExaminerRequest& request) {
  std::string out;
  WireWriter w(out);
  w.text(request.name);
  w.u32(static_cast<uint32_t>(request.lethal_members.size()));
  for (const uint64_t ordinal : request.lethal_members) w.u64(ordinal);
  w.flag(request.is_stream);
  w.flag(request.is_rows);
  w.u64(request.explain_line);
  w.flag(request.may_split);
  w.flag(request.range.has_value());
  if (request.range) {
    w.u64(request.range->begin);
    w.u64(request.range->end);
    w.text(request.range->charset);
    w.text(request.range->declared);
    w.u8(request.range->escapes);
  }
  w.flag(request.rows_part.has_value());
  if (request.rows_part) {
    w.u32(request.rows_part->number);
    w.u32(request.rows_part->parts);
  }
  w.flag(request.is_join);
  return out;
}

ExaminerRequest decode_request(std::string_view bytes) {
  WireReader r(bytes);
  ExaminerRequest request;
  request.name = r.text();
  for (uint32_t n = r.u32(); n > 0; --n) request.lethal_members.push_back(r.u64());
  request.is_stream = r.flag();
  request.is_rows = r.flag();
  request.explain_line = r.u64();
  request.may_split = r.flag();
  if (r.flag()) {
    RangeRequest& range = request.range.emplace();
    range.begin = r.u64();
    range.end = r.u64();
    range.charset = r.text();
    range.declared = r.text();
    range.escapes = r.u8();
  }
  if (r.flag()) {
    request.rows_part = {.number = r.u32(), .parts = 0};
    request.rows_part->parts = r.u32();
  }
  request.is_join = r.flag();
  return request;
}

std::string encode_kind(const model::Finding& f) {
  std::string out;
  WireWriter w(out);
  w.text(f.entity);
  w.text(f.rule);
  w.text(f.pattern);
  w.text(f.category);
  w.u8(static_cast<uint8_t>(f.sensitivity));
  w.f64(f.confidence);
  w.texts(f.reasons);
  return out;
}

void encode(const model::Finding& f, std::string& out) { encode(f, encode_kind(f), out); }

void encode(const model::Finding& f, std::string_view kind, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::finding));
  w.text(kind);
  put(w, f.locator);
  w.u64(f.start);
  w.u64(f.end);
  w.u64(f.start_code_point);
  w.u64(f.end_code_point);
  w.text(f.masked);
  w.text(f.fingerprint);
  w.flag(f.suppressed);
  w.text(f.value.reveal());
}

void encode(const model::ColumnFinding& c, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::column));
  put(w, c.locator);
  w.text(c.entity);
  w.text(c.rule);
  w.text(c.category);
  w.u8(static_cast<uint8_t>(c.sensitivity));
  w.f64(c.confidence);
  w.u64(c.values);
  w.u64(c.agreeing);
  w.texts(c.reasons);
}

void encode(const model::ObjectRecord& o, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::record));
  w.text(o.member);
  w.text(o.format);
  w.u64(o.bytes);
  w.u64(o.findings);
  w.u8(static_cast<uint8_t>(o.verdict.kind));
  w.text(o.verdict.reason);
}

void encode(const MemberBegin& begin, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::begin));
  w.text(begin.member);
}

void encode(const LineMet&, std::string& out) { WireWriter(out).u8(static_cast<uint8_t>(FrameTag::line_met)); }

void encode(const RangePlan& plan, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::range_plan));
  w.text(plan.format);
  w.text(plan.charset);
  w.text(plan.declared);
  w.u8(plan.escapes);
}

void encode(const RangeEnd& end, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::range_end));
  w.u64(end.text_bytes);
  w.u64(end.code_points);
  w.u64(end.newlines);
  w.u64(end.tail_code_points);
  w.text(end.charset);
  w.flag(end.is_exact);
  w.u64(end.met);
}

void encode(const MayLackLog&, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::may_lack_log));
}

void encode(const SealedPiece& piece, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::sealed));
  w.text(piece.bytes);
}

void encode(const TraceLine& t, std::string& out) {
  WireWriter w(out);
  w.u8(static_cast<uint8_t>(FrameTag::trace));
  w.u64(t.line);
  w.u64(t.line_column);
  w.u64(t.length);
  w.text(t.column);
  w.text(t.rule);
  w.text(t.entity);
  w.text(t.masked);
  w.f64(t.confidence);
  w.text(t.fate);
  w.texts(t.reasons);
}

namespace {

void decode_kind(std::string_view bytes, model::Finding& f) {
  WireReader r(bytes);
  f.entity = shown(r);
  f.rule = shown(r);
  f.pattern = shown(r);
  f.category = shown(r);
  f.sensitivity = take_sensitivity(r);
  f.confidence = r.f64();
  f.reasons = shown_list(r);
}

// Of this kind; the rest is what some finding before had. Most kinds come time and again: each thread keeps those that
// it met last, and with them the memory for what is their findings' own.
model::Finding& finding_of_kind(std::string_view bytes) {
  struct Known {
    std::string bytes;
    model::Finding finding;
  };
  constexpr size_t most_known = 32, most_bytes = 2048;
  static thread_local std::array<Known, most_known> all_known;
  static thread_local Known known_of_many_bytes;
  Known& known =
      bytes.size() > most_bytes ? known_of_many_bytes : all_known[std::hash<std::string_view>()(bytes) % most_known];
  if (bytes.empty() || known.bytes != bytes) {
    known.bytes.clear();  // should it not be decoded
    decode_kind(bytes, known.finding);
    known.bytes = bytes;
  }
  return known.finding;
}

model::Finding& take_finding(WireReader& r) {
  model::Finding& f = finding_of_kind(r.text());
  f.locator = take_locator(r);
  f.start = r.u64();
  f.end = r.u64();
  f.start_code_point = r.u64();
  f.end_code_point = r.u64();
  take_shown(r, f.masked);
  take_shown(r, f.fingerprint);
  f.suppressed = r.flag();
  f.value = core::Sensitive<std::string>(std::string(r.text()));
  return f;
}

model::ColumnFinding take_column(WireReader& r) {
  model::ColumnFinding c;
  c.locator = take_locator(r);
  c.entity = shown(r);
  c.rule = shown(r);
  c.category = shown(r);
  c.sensitivity = take_sensitivity(r);
  c.confidence = r.f64();
  c.values = r.u64();
  c.agreeing = r.u64();
  c.reasons = shown_list(r);
  return c;
}

model::ObjectRecord take_record(WireReader& r) {
  model::ObjectRecord o;
  o.member = shown(r);
  o.format = shown(r);
  o.bytes = r.u64();
  o.findings = r.u64();
  const uint8_t kind = r.u8();
  if (kind >= model::verdict_kind_count) malformed();
  o.verdict.kind = static_cast<model::VerdictKind>(kind);
  o.verdict.reason = shown(r);
  return o;
}

TraceLine take_trace(WireReader& r) {
  TraceLine t;
  t.line = r.u64();
  t.line_column = r.u64();
  t.length = r.u64();
  t.column = shown(r);
  t.rule = shown(r);
  t.entity = shown(r);
  t.masked = shown(r);
  t.confidence = r.f64();
  t.fate = shown(r);
  t.reasons = shown_list(r);
  return t;
}

std::string take_charset(WireReader& r) { return core::printable(r.text(), max_charset_bytes); }

RangePlan take_range_plan(WireReader& r) {
  RangePlan plan;
  plan.format = shown(r);
  plan.charset = take_charset(r);
  plan.declared = take_charset(r);
  plan.escapes = r.u8();
  return plan;
}

RangeEnd take_range_end(WireReader& r) {
  RangeEnd end;
  end.text_bytes = r.u64();
  end.code_points = r.u64();
  end.newlines = r.u64();
  end.tail_code_points = r.u64();
  end.charset = take_charset(r);
  end.is_exact = r.flag();
  end.met = r.u64();
  return end;
}

}  // namespace

void decode_frame(std::string_view payload, FrameVisitor& visitor) {
  WireReader r(payload);
  switch (static_cast<FrameTag>(r.u8())) {
    case FrameTag::finding: return visitor.visit(take_finding(r));
    case FrameTag::column: return visitor.visit(take_column(r));
    case FrameTag::record: return visitor.visit(take_record(r));
    case FrameTag::trace: return visitor.visit(take_trace(r));
    case FrameTag::begin: return visitor.visit(MemberBegin{shown(r)});
    case FrameTag::line_met: return visitor.visit(LineMet{});
    case FrameTag::range_plan: return visitor.visit(take_range_plan(r));
    case FrameTag::range_end: return visitor.visit(take_range_end(r));
    case FrameTag::profile: return visitor.visit(take_profile_piece(r));
    case FrameTag::may_lack_log: return visitor.visit(MayLackLog{});
    case FrameTag::sealed: return visitor.visit(SealedPiece{std::string(r.text())});
  }
  malformed();
}

}  // namespace assay::scan
