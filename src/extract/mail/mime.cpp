#include "extract/mail/mime.h"

#include <fmt/format.h>

#include <algorithm>

#include "extract/mail/tnef.h"
#include "extract/text/decoder.h"
#include "extract/text/folded_text.h"
#include "extract/text/html_text.h"

namespace assay::extract {
namespace {

constexpr size_t max_nesting = 64;
constexpr size_t min_guessed_boundary = 4;
constexpr size_t piece_bytes = size_t{64} << 10;

bool is_attached_message(std::string_view type) {
  return type == "message/rfc822" || type == "message/global" || type == "message/news";
}

bool is_plain_body(std::string_view type) {
  if (type.empty() || type == "text") return true;
  const bool other_format = type == "text/html" || type == "text/rtf" || type == "text/richtext";
  return (type.starts_with("text/") && !other_format) || (type.starts_with("message/") && !is_attached_message(type));
}

bool is_folded(std::string_view type) {
  return type == "text/calendar" || type == "text/vcard" || type == "text/x-vcard" || type == "text/directory";
}

std::string extension_for(std::string_view type) {
  if (is_attached_message(type)) return "eml";
  const size_t slash = type.find('/');
  std::string subtype(slash == std::string_view::npos ? std::string_view{} : type.substr(slash + 1));
  const bool usable = !subtype.empty() && subtype.size() <= 8 &&
                      subtype.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
  return usable ? subtype : "bin";
}

enum class Writing { plain, html, folded };

/// Text for a sink, handed over in pieces of a useful size.
class TextPieces {
 public:
  TextPieces(std::string_view charset, Writing writing, Sink& sink)
      : html_([&](std::string_view text) { sink.text(text); }),
        folded_([&](std::string_view text) { sink.text(text); }),
        decoder_(
            [this, &sink, writing](std::string_view utf8) {
              if (writing == Writing::html) html_.feed(utf8);
              else if (writing == Writing::folded) folded_.feed(utf8);
              else sink.text(utf8);
            },
            charset) {}

  std::string& pending() { return pending_; }
  void flush_if_full() {
    if (pending_.size() >= piece_bytes) flush();
  }
  void finish() {
    flush();
    decoder_.finish();
    html_.finish();
    folded_.finish();
  }

 private:
  void flush() {
    if (!pending_.empty()) decoder_.feed(pending_);
    pending_.clear();
  }

  HtmlText html_;
  FoldedText folded_;
  Decoder decoder_;
  std::string pending_;
};

}  // namespace

MimeWalker::MimeWalker(LineSource& lines, const Context& context, Sink& sink, std::string prefix)
    : lines_(lines), context_(context), sink_(sink), prefix_(std::move(prefix)) {}

std::string MimeWalker::part_name(std::string_view what) const {
  if (prefix_.empty() || what.empty()) return prefix_ + std::string(what);
  return fmt::format("{} {}", prefix_, what);
}

std::string MimeWalker::member_name(std::string_view name) const {
  return prefix_.empty() ? std::string(name) : fmt::format("{}/{}", prefix_, name);
}

void MimeWalker::walk() {
  Line line;
  while (lines_.next(line))
    if (!line.is_blank()) {
      lines_.unread();
      break;
    }
  const HeaderBlock headers = HeaderBlock::read(lines_);
  if (!headers.empty()) {
    sink_.begin_text(Part{.name = part_name("headers")});
    sink_.text(headers.to_text());
    sink_.end_text();
  }
  read_entity(headers, true);
  while (!at_end_) {
    if (!hit_) {
      read_loose_text();
      continue;
    }
    const BoundaryHit hit = *hit_;
    hit_.reset();
    open_.resize(hit.level + 1);
    if (hit.closes) {
      open_.pop_back();
      read_loose_text();
    } else {
      read_entity(HeaderBlock::read(lines_), false);
    }
  }
}

std::optional<MimeWalker::BoundaryHit> MimeWalker::match_boundary(std::string_view line) const {
  if (!line.starts_with("--")) return std::nullopt;
  for (size_t level = open_.size(); level-- > 0;) {
    const std::string& boundary = open_[level].boundary;
    if (boundary.empty() || !line.substr(2).starts_with(boundary)) continue;
    const std::string_view rest = trim_spaces(line.substr(2 + boundary.size()));
    if (rest.empty()) return BoundaryHit{level, false};
    if (rest == "--") return BoundaryHit{level, true};
  }
  return std::nullopt;
}

/// A multipart whose boundary is missing or wrong: the first line that stands like one, with part headers below, is
/// taken for it.
bool MimeWalker::adopt_boundary(std::string_view line) {
  if (open_.empty() || open_.back().seen || !line.starts_with("--") || line.size() < 2 + min_guessed_boundary)
    return false;
  const std::string below = to_lower(lines_.peek().substr(0, 8));
  if (below != "content-") return false;
  open_.back().boundary = trim_spaces(line.substr(2));
  open_.back().seen = true;
  return true;
}

bool MimeWalker::next_body_line(Line& line) {
  if (at_end_ || hit_) return false;
  if (!lines_.next(line)) {
    at_end_ = true;
    return false;
  }
  if (line.begins && !open_.empty()) hit_ = match_boundary(line.content());
  if (hit_) open_[hit_->level].seen = true;
  return !hit_;
}

MimeWalker::Leaf MimeWalker::describe(const HeaderBlock& headers) const {
  Leaf leaf;
  leaf.type = parse_parameterized(headers.value("Content-Type"));
  if (leaf.type.value.empty() && !open_.empty() && open_.back().digest) leaf.type.value = "message/rfc822";
  const ParameterizedValue disposition = parse_parameterized(headers.value("Content-Disposition"));
  leaf.file_name = disposition.parameter("filename");
  if (leaf.file_name.empty()) leaf.file_name = leaf.type.parameter("name");
  leaf.attached = disposition.value == "attachment" || !leaf.file_name.empty();
  leaf.encoding = transfer_encoding(headers.value("Content-Transfer-Encoding"));
  return leaf;
}

void MimeWalker::read_entity(const HeaderBlock& headers, bool top) {
  const Leaf leaf = describe(headers);
  if (leaf.type.value.starts_with("multipart/") && open_.size() < max_nesting) {
    open_.push_back({.boundary = std::string(trim_spaces(leaf.type.parameter("boundary"))),
                     .digest = leaf.type.value == "multipart/digest",
                     .encrypted = leaf.type.value == "multipart/encrypted"});
    read_loose_text();
    return;
  }
  if (!top) ++parts_;
  read_leaf(leaf);
}

void MimeWalker::read_leaf(const Leaf& leaf) {
  const std::string& type = leaf.type.value;
  const bool in_encrypted = !open_.empty() && open_.back().encrypted && type == "application/octet-stream";
  const bool enveloped = type.ends_with("pkcs7-mime") && leaf.type.parameter("smime-type").starts_with("enveloped");
  if (in_encrypted || enveloped) {
    skip_body();
    sink_.unread_member(member_name(leaf.file_name.empty() ? "encrypted part" : leaf.file_name),
                        {model::VerdictKind::encrypted, "encrypted mail"});
  } else if (!leaf.attached && is_plain_body(type)) {
    read_text(leaf, false);
  } else if (!leaf.attached && type == "text/html") {
    read_text(leaf, true);
  } else {
    read_member(leaf);
  }
}

void MimeWalker::read_text(const Leaf& leaf, bool html) {
  TransferDecoder transfer(leaf.encoding, true);
  const Part part{.name = part_name(html ? "html" : "")};
  const Writing writing = html ? Writing::html : is_folded(leaf.type.value) ? Writing::folded : Writing::plain;
  std::optional<TextPieces> pieces;
  const auto begin = [&] {
    sink_.begin_text(part);
    pieces.emplace(leaf.type.parameter("charset"), writing, sink_);
  };
  // NOLINTBEGIN(bugprone-unchecked-optional-access): begin() fills it
  const auto end = [&] {
    transfer.finish(pieces->pending());
    pieces->finish();
    sink_.end_text();
  };
  begin();
  Line line;
  while (next_body_line(line)) {
    const bool plain = leaf.encoding == TransferEncoding::identity && line.begins && !html;
    if (const auto name = plain ? uu_file_name(line.content()) : std::string_view{}; !name.empty()) {
      const std::string file_name = decode_header_text(name);
      const std::string begin_line(line.bytes);
      const std::string_view below = lines_.peek();
      std::string_view first = below.substr(0, below.find('\n'));
      if (first.ends_with('\r')) first.remove_suffix(1);
      if (is_uu_line(first)) {
        end();
        read_uu_member(file_name);
        begin();
      } else {
        pieces->pending() += begin_line;
      }
      continue;
    }
    transfer.decode(line, pieces->pending());
    pieces->flush_if_full();
  }
  // NOLINTEND(bugprone-unchecked-optional-access)
  end();
}

void MimeWalker::spool_member(std::string_view name, TransferEncoding encoding,
                              const std::function<bool(const Line&)>& last_line) {
  TransferDecoder transfer(encoding);
  std::string pending;
  size_t given = 0;
  bool ended = false;
  const auto pull = [&](std::span<char> out) -> size_t {
    Line line;
    while (given == pending.size() && !ended) {
      pending.clear();
      given = 0;
      while (pending.size() < piece_bytes && !ended) {
        ended = !next_body_line(line);
        if (ended) {
          transfer.finish(pending);
        } else {
          transfer.decode(line, pending);
          ended = last_line && last_line(line);
        }
      }
    }
    const size_t n = std::min(out.size(), pending.size() - given);
    std::copy_n(pending.data() + given, n, out.data());
    given += n;
    return n;
  };
  SpooledInput content(pull, context_.scratch, context_.limits.max_member_bytes);
  if (is_tnef_name(name)) {
    extract_tnef(name, content, context_, sink_);
  } else {
    sink_.member(name, content);
  }
  // Whoever examined it may have stopped early; the message goes on behind it.
  Line line;
  while (!ended && next_body_line(line)) ended = last_line && last_line(line);
}

void MimeWalker::read_member(const Leaf& leaf) {
  std::string name = leaf.file_name;
  if (name.empty()) name = fmt::format("part {}.{}", std::max<size_t>(parts_, 1), extension_for(leaf.type.value));
  if (leaf.type.value == "application/ms-tnef") name = tnef_name;
  spool_member(member_name(name), leaf.encoding, {});
}

void MimeWalker::read_uu_member(std::string_view name) {
  spool_member(member_name(name), TransferEncoding::uuencode, [](const Line& line) { return line.content() == "end"; });
}

/// Text before the first part and behind the last: mostly a line for old readers, but it may hold anything.
void MimeWalker::read_loose_text() {
  std::optional<TextPieces> pieces;
  Line line;
  while (next_body_line(line)) {
    if (line.begins) {
      const std::string kept(line.bytes);
      if (adopt_boundary(trim_spaces(kept))) {
        hit_ = BoundaryHit{open_.size() - 1, false};
        break;
      }
      if (!pieces && trim_spaces(kept).empty()) continue;
      if (!pieces) {
        sink_.begin_text(Part{.name = part_name("")});
        pieces.emplace(std::string_view{}, Writing::plain, sink_);
      }
      pieces->pending() += kept;
    } else if (pieces) {
      pieces->pending() += line.bytes;
    }
    if (pieces) pieces->flush_if_full();
  }
  if (!pieces) return;
  pieces->finish();
  sink_.end_text();
}

void MimeWalker::skip_body() {
  Line line;
  while (next_body_line(line)) sink_.tick();
}

}  // namespace assay::extract
