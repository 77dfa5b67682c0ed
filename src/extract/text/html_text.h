#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "extract/text/escapes.h"

namespace assay::extract {

/// Turns UTF-8 HTML that comes in pieces of any size into its text, in constant memory and without recursion. Nothing
/// is looked up, loaded or run. Each line end of the source, wherever it stands, gives exactly one in the text, and
/// there are no others: a block becomes a tab, a control or an image inside a line a space, and a tag that a browser
/// shows no gap for nothing, so that a value goes on across it; but between elements that follow each other at once,
/// "</span><span>", there is a space, since pages give them a gap by their style. Attribute values and comments are
/// given in their place, or behind the word that they would tear apart; the names of data-* attributes are given before
/// theirs.
class HtmlText {
 public:
  using Emit = std::function<void(std::string_view)>;
  explicit HtmlText(Emit emit)
      : emit_(std::move(emit)), script_(Escapes::source, [this](std::string_view utf8, auto) { out_ += utf8; }) {}
  HtmlText(const HtmlText&) = delete;
  HtmlText& operator=(const HtmlText&) = delete;

  void feed(std::string_view utf8);
  void finish();

 private:
  enum class State : uint8_t {
    text,
    entity,
    tag_open,
    tag_name,
    in_tag,
    attribute_name,
    after_attribute_name,
    before_value,
    value,
    markup_declaration,
    comment,
    declaration,
    raw_text,
    raw_tag_end,
  };

  void take(char c);
  void take_text(char c);
  void take_entity(char c);
  void take_tag_open(char c);
  void take_tag_name(char c);
  void take_in_tag(char c);
  void take_attribute_name(char c);
  void take_before_value(char c);
  void take_value(char c);
  void take_markup_declaration(char c);
  void take_comment(char c);
  void take_raw_text(char c);
  void take_raw_tag_end(char c);

  void end_tag();
  void begin_value();
  void put_value(char c);
  void end_entity(bool closed);
  void put_text(char c);
  void put(char c) { here().push_back(c); }
  void put_raw(std::string_view utf8);
  /// Where what stands in a tag or comment is collected, until it is known where it goes.
  std::string& here();
  void place_aside();
  void flush_deferred();
  void end_comment();
  void separate(char c);
  static void put_separator_to(std::string& text, char c);
  void flush_if_full();
  size_t skip_plain(std::string_view utf8);

  Emit emit_;
  std::string out_;
  std::string aside_;     ///< of the tag or comment in work
  std::string deferred_;  ///< of those inside the word in work
  bool collects_ = false, is_spilled_ = false;
  /// What stands before a tag, with nothing between.
  enum class Before : uint8_t { text, opened, opened_gap, closed, closed_gap };
  Before before_ = Before::text;
  State state_ = State::text;
  State entity_return_ = State::text;
  std::string entity_;
  std::string tag_;        ///< lower case, with '/' in front when it closes
  std::string attribute_;  ///< lower case
  std::string raw_end_;    ///< "/script" while inside a script
  EscapeDecoder script_;   ///< what is in a script passes here
  std::string window_;     ///< bytes held back while they may be "-->" or "</script"
  std::string value_start_;
  char quote_ = 0;
  bool keep_value_ = false;
  bool self_closing_ = false;
};

}  // namespace assay::extract
