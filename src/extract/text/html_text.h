#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace assay::extract {

/// Turns UTF-8 HTML that comes in pieces of any size into its text, in constant memory and without recursion. Nothing
/// is looked up, loaded or run. Each line end of the source, wherever it stands, gives exactly one in the text, and
/// there are no others: a block becomes a tab, a tag inside a line a space, a tag that only changes the look of letters
/// nothing. Attribute values are given in their place; the names of data-* attributes are given before theirs.
class HtmlText {
 public:
  using Emit = std::function<void(std::string_view)>;
  explicit HtmlText(Emit emit) : emit_(std::move(emit)) {}

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
  void put(char c) { out_.push_back(c); }
  void put_separator(char c);
  void flush_if_full();
  size_t skip_plain(std::string_view utf8);

  Emit emit_;
  std::string out_;
  State state_ = State::text;
  State entity_return_ = State::text;
  std::string entity_;
  std::string tag_;        ///< lower case, with '/' in front when it closes
  std::string attribute_;  ///< lower case
  std::string raw_end_;    ///< "/script" while inside a script
  std::string window_;     ///< bytes held back while they may be "-->" or "</script"
  std::string value_start_;
  char quote_ = 0;
  bool keep_value_ = false;
  bool self_closing_ = false;
};

}  // namespace assay::extract
