#include "extract/text/html_text.h"

#include <algorithm>
#include <array>

#include "extract/text/html_entities.h"

namespace assay::extract {
namespace {

constexpr size_t output_bytes = size_t{64} << 10;
constexpr size_t max_name_bytes = 64;
constexpr size_t max_aside_bytes = size_t{64} << 10;  // of a tag or comment, before it is given where it stands
constexpr size_t max_deferred_bytes = size_t{4} << 10;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/// Tags that change only how letters look: a number may go on across them.
bool is_look(std::string_view tag) {
  constexpr std::array<std::string_view, 18> names{"b",   "i",   "u",    "s",  "em",  "strong", "font", "big", "small",
                                                   "sub", "sup", "mark", "tt", "wbr", "strike", "del",  "ins", "nobr"};
  return std::ranges::find(names, tag) != names.end();
}

/// Tags that a browser shows no gap for either, but which pages set apart by their style.
bool is_span(std::string_view tag) {
  constexpr std::array<std::string_view, 15> names{"a",   "span", "abbr", "cite", "code", "kbd",     "q",  "samp",
                                                   "var", "time", "data", "dfn",  "bdi",  "acronym", "bdo"};
  return std::ranges::find(names, tag) != names.end();
}

bool is_inline(std::string_view tag) {
  return tag == "label" || tag == "input" || tag == "img" || tag == "button" || tag == "output";
}

/// Attributes that shape a page and carry no data.
bool is_decoration(std::string_view attribute) {
  constexpr std::array<std::string_view, 22> names{
      "class",       "style",       "width",   "height",   "align", "valign", "bgcolor", "border",
      "cellpadding", "cellspacing", "colspan", "rowspan",  "size",  "color",  "face",    "rel",
      "target",      "dir",         "role",    "tabindex", "xmlns", "type"};
  return std::ranges::find(names, attribute) != names.end();
}

/// Bytes before the first of the stops.
template <typename... Stops>
size_t run_length(std::string_view text, Stops... stops) {
  size_t length = 0;
  while (length < text.size() && ((text[length] != stops) && ...)) ++length;
  return length;
}

bool is_address(std::string_view attribute) {
  return attribute == "href" || attribute == "src" || attribute == "action";
}

}  // namespace

void HtmlText::feed(std::string_view utf8) {
  while (!utf8.empty()) {
    const size_t plain = skip_plain(utf8);
    utf8.remove_prefix(plain);
    if (!utf8.empty()) {
      take(utf8.front());
      utf8.remove_prefix(1);
    }
    flush_if_full();
  }
}

void HtmlText::finish() {
  if (state_ == State::entity) end_entity(false);
  if (state_ == State::tag_open) put_text('<');
  if (state_ == State::value) put_value('\0');
  if (state_ == State::raw_tag_end) put_raw(window_);
  else here() += window_;
  script_.finish();
  window_.clear();
  place_aside();
  flush_deferred();
  if (!out_.empty()) emit_(out_);
  out_.clear();
}

/// Runs in which nothing can happen are taken at once.
size_t HtmlText::skip_plain(std::string_view utf8) {
  utf8 = utf8.substr(0, output_bytes);
  size_t length = 0;
  switch (state_) {
    case State::text:
      if (!deferred_.empty()) return 0;
      length = run_length(utf8, '<', '&');
      if (length > 0) before_ = Before::text;
      break;
    case State::comment: length = window_.empty() ? std::min(utf8.find('-'), utf8.size()) : 0; break;
    case State::raw_text: length = std::min(utf8.find('<'), utf8.size()); break;
    case State::value: {
      // Line ends are kept of every value; the start of an address is looked at byte by byte.
      if (quote_ == 0 || (keep_value_ && is_address(attribute_))) return 0;
      length = run_length(utf8, quote_, '&', '\n', '\r');
      if (!keep_value_) return length;
      break;
    }
    default: return 0;
  }
  if (state_ == State::raw_text) put_raw(utf8.substr(0, length));
  else here() += utf8.substr(0, length);
  return length;
}

/// Of a script, what its escapes stand for.
void HtmlText::put_raw(std::string_view utf8) {
  if (raw_end_ == "/script") script_.feed(utf8);
  else out_ += utf8;
}

std::string& HtmlText::here() {
  if (!collects_ || is_spilled_) return out_;
  if (aside_.size() < max_aside_bytes) return aside_;
  place_aside();
  collects_ = is_spilled_ = true;
  return out_;
}

/// Ends what was collected.
void HtmlText::place_aside() {
  const bool is_in_word = !out_.empty() && !is_space(out_.back());
  if (is_in_word && aside_.size() <= max_deferred_bytes) {
    deferred_ += aside_;
    if (deferred_.size() > max_deferred_bytes) flush_deferred();
  } else if (!aside_.empty()) {
    flush_deferred();
    if (!is_space(aside_.front())) put_separator_to(out_, ' ');
    out_ += aside_;
  }
  aside_.clear();
  collects_ = is_spilled_ = false;
}

void HtmlText::flush_deferred() {
  if (deferred_.empty()) return;
  if (!is_space(deferred_.front())) put_separator_to(out_, ' ');
  out_ += deferred_;
  deferred_.clear();
}

void HtmlText::put_text(char c) {
  before_ = Before::text;
  if (is_space(c)) flush_deferred();
  out_.push_back(c);
}

void HtmlText::take(char c) {
  switch (state_) {
    case State::text: take_text(c); break;
    case State::entity: take_entity(c); break;
    case State::tag_open: take_tag_open(c); break;
    case State::tag_name: take_tag_name(c); break;
    case State::in_tag: take_in_tag(c); break;
    case State::attribute_name:
    case State::after_attribute_name: take_attribute_name(c); break;
    case State::before_value: take_before_value(c); break;
    case State::value: take_value(c); break;
    case State::markup_declaration: take_markup_declaration(c); break;
    case State::declaration:
      if (c == '>') end_comment();
      else put(c);
      break;
    case State::comment: take_comment(c); break;
    case State::raw_text: take_raw_text(c); break;
    case State::raw_tag_end: take_raw_tag_end(c); break;
  }
}

void HtmlText::take_text(char c) {
  if (c == '<') {
    state_ = State::tag_open;
  } else if (c == '&') {
    entity_.clear();
    entity_return_ = State::text;
    state_ = State::entity;
  } else {
    put_text(c);
  }
}

void HtmlText::take_entity(char c) {
  if (c == ';') {
    end_entity(true);
  } else if ((is_letter(c) || (c >= '0' && c <= '9') || (c == '#' && entity_.empty())) &&
             entity_.size() < max_entity_bytes) {
    entity_.push_back(c);
  } else {
    end_entity(false);
    take(c);
  }
}

void HtmlText::end_entity(bool closed) {
  state_ = entity_return_;
  std::string decoded;
  // Browsers take old references without the semicolon in text, but not in addresses ("?a=1&copy=2").
  const bool decodable = closed || (entity_return_ == State::text && entity_.size() > 1);
  if (!decodable || !append_entity(decoded, entity_)) decoded = "&" + entity_ + (closed ? ";" : "");
  if (entity_return_ == State::value) {
    for (const char c : decoded) put_value(c);
  } else {
    for (const char c : decoded) put_text(c);
  }
}

void HtmlText::take_tag_open(char c) {
  tag_.clear();
  self_closing_ = false;
  collects_ = is_letter(c) || c == '/' || c == '!' || c == '?';
  if (is_letter(c) || c == '/') {
    tag_.push_back(lower(c));
    state_ = State::tag_name;
  } else if (c == '!') {
    window_.clear();
    state_ = State::markup_declaration;
  } else if (c == '?') {
    state_ = State::declaration;
  } else {
    put_text('<');
    state_ = State::text;
    take(c);
  }
}

void HtmlText::take_tag_name(char c) {
  if (c == '>') {
    end_tag();
  } else if (is_space(c) || (c == '/' && tag_.size() > 1)) {
    state_ = State::in_tag;
    if (is_line_end(c)) put(c);
  } else if (tag_.size() < max_name_bytes) {
    tag_.push_back(lower(c));
  }
}

void HtmlText::take_in_tag(char c) {
  if (c == '>') {
    end_tag();
  } else if (is_line_end(c)) {
    put(c);
  } else if (c == '/') {
    self_closing_ = true;
  } else if (!is_space(c)) {
    self_closing_ = false;
    attribute_.assign(1, lower(c));
    state_ = State::attribute_name;
  }
}

void HtmlText::take_attribute_name(char c) {
  if (c == '=') {
    state_ = State::before_value;
  } else if (c == '>') {
    end_tag();
  } else if (is_space(c)) {
    if (is_line_end(c)) put(c);
    state_ = State::after_attribute_name;
  } else if (state_ == State::after_attribute_name || c == '/') {
    state_ = State::in_tag;
    take(c);
  } else if (attribute_.size() < max_name_bytes) {
    attribute_.push_back(lower(c));
  }
}

void HtmlText::take_before_value(char c) {
  if (is_space(c)) {
    if (is_line_end(c)) put(c);
    return;
  }
  if (c == '>') {
    end_tag();
    return;
  }
  quote_ = c == '"' || c == '\'' ? c : '\0';
  begin_value();
  state_ = State::value;
  if (quote_ == 0) take_value(c);
}

void HtmlText::begin_value() {
  keep_value_ = !is_decoration(attribute_);
  value_start_.clear();
  if (!keep_value_) return;
  put_separator_to(here(), ' ');
  if (attribute_.starts_with("data-")) {
    here() += std::string_view(attribute_).substr(5);
    here() += ": ";
  }
}

void HtmlText::take_value(char c) {
  const bool ends = quote_ != 0 ? c == quote_ : is_space(c) || c == '>';
  if (ends) {
    put_value('\0');
    state_ = State::in_tag;
    if (quote_ == 0) take(c);
  } else if (c == '&') {
    entity_.clear();
    entity_return_ = State::value;
    state_ = State::entity;
  } else {
    put_value(c);
  }
}

/// One byte of a value, or 0 at its end. An address is held back until it is known not to be an image in base64.
void HtmlText::put_value(char c) {
  constexpr std::string_view inline_data = "data:";
  if (is_line_end(c)) {
    put(c);
    return;
  }
  if (!keep_value_) return;
  if (is_address(attribute_) && value_start_.size() < inline_data.size()) {
    if (c != 0) value_start_.push_back(lower(c));
    if (value_start_ == inline_data) {
      keep_value_ = false;
      std::string& text = here();
      text.resize(text.size() - std::min(text.size(), inline_data.size() - 1));
      return;
    }
  }
  put(c == 0 ? ' ' : c);
}

void HtmlText::end_tag() {
  const bool closes = tag_.starts_with('/');
  const std::string_view name = std::string_view(tag_).substr(closes ? 1 : 0);
  const bool is_gap = is_span(name);
  if (name == "wbr") {
    place_aside();
    state_ = State::text;
    return;
  }
  if (is_gap || is_look(name)) {
    const bool follows = !closes && (before_ == Before::closed_gap || (before_ == Before::closed && is_gap));
    const bool is_empty = closes && is_gap && before_ == Before::opened_gap;
    if (follows || is_empty) separate(' ');
    place_aside();
    // Of several tags that close, or open, one that may have a gap is enough.
    const bool was_gap = before_ == (closes ? Before::closed_gap : Before::opened_gap);
    if (closes) before_ = is_gap || was_gap ? Before::closed_gap : Before::closed;
    else before_ = is_gap || was_gap ? Before::opened_gap : Before::opened;
  } else {
    flush_deferred();
    place_aside();
    separate(is_inline(name) ? ' ' : '\t');
    before_ = Before::text;
  }
  state_ = State::text;
  const bool raw = tag_ == "script" || tag_ == "style" || tag_ == "textarea" || tag_ == "xmp";
  if (raw && !self_closing_) {
    raw_end_ = "/" + tag_;
    state_ = State::raw_text;
  }
}

/// Of a declaration, too.
void HtmlText::end_comment() {
  if (state_ == State::comment) put_separator_to(here(), ' ');
  place_aside();
  state_ = State::text;
}

/// What follows is not of the word before.
void HtmlText::separate(char c) {
  flush_deferred();
  put_separator_to(out_, c);
}

void HtmlText::put_separator_to(std::string& text, char c) {
  const bool separated = text.empty() || is_space(text.back());
  if (!separated || (c == '\t' && (text.empty() || text.back() == ' '))) text.push_back(c);
}

/// After "<!": a comment, or a declaration such as DOCTYPE, whose text is kept too.
void HtmlText::take_markup_declaration(char c) {
  window_.push_back(c);
  if (window_ == "--") {
    window_.clear();
    state_ = State::comment;
  } else if (window_ != "-") {
    const std::string taken = std::move(window_);
    window_.clear();
    state_ = State::declaration;
    for (const char held : taken) take(held);
  }
}

void HtmlText::take_comment(char c) {
  if (c == '-') {
    if (window_.size() < 2) window_.push_back(c);
    else put(c);
  } else if (c == '>' && window_.size() == 2) {
    window_.clear();
    end_comment();
  } else {
    here() += window_;
    window_.clear();
    put(c);
  }
}

void HtmlText::take_raw_text(char c) {
  if (c == '<') {
    window_.assign(1, c);
    state_ = State::raw_tag_end;
  } else {
    put_raw(std::string_view(&c, 1));
  }
}

void HtmlText::take_raw_tag_end(char c) {
  const size_t matched = window_.size() - 1;
  if (matched < raw_end_.size() && lower(c) == raw_end_[matched]) {
    window_.push_back(c);
    return;
  }
  const bool closes = matched == raw_end_.size() && (is_space(c) || c == '>' || c == '/');
  if (closes) {
    script_.finish();
    window_.clear();
    tag_ = raw_end_;
    state_ = State::in_tag;
  } else {
    put_raw(window_);
    window_.clear();
    state_ = State::raw_text;
  }
  take(c);
}

void HtmlText::flush_if_full() {
  if (out_.size() < output_bytes) return;
  // The last bytes stay: a value that turns out to be inline data takes a few back, and separators look at the last
  // one.
  constexpr size_t kept = 8;
  size_t cut = out_.size() - kept;
  while (cut > 0 && (static_cast<unsigned char>(out_[cut]) & 0xC0) == 0x80) --cut;
  emit_(std::string_view(out_).substr(0, cut));
  out_.erase(0, cut);
}

}  // namespace assay::extract
