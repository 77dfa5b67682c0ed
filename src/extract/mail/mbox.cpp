#include "extract/mail/mbox.h"

#include <fmt/format.h>

#include "extract/mail/mime.h"
#include "extract/sniff_mail.h"

namespace assay::extract {
namespace {

/// The lines of one message: ends before the next separator, takes the quoting off lines such as ">From ".
class MessageLines final : public LineSource {
 public:
  explicit MessageLines(LineReader& reader) : reader_(reader) {}

  /// Goes to the next message; false at the end of the file.
  bool open_next() {
    after_blank_ = true;
    ended_ = false;
    Line line;
    while (reader_.next(line)) {
      if (is_separator(line)) {
        reader_.unread();
        opening_ = true;
        return true;
      }
      if (!line.is_blank()) {
        reader_.unread();
        return true;
      }
    }
    return false;
  }

  bool next(Line& line) override {
    if (ended_ || !reader_.next(line)) {
      ended_ = true;
      return false;
    }
    was_after_blank_ = after_blank_;
    was_opening_ = opening_;
    if (after_blank_ && !opening_ && is_separator(line)) {
      reader_.unread();
      ended_ = true;
      return false;
    }
    opening_ = false;
    after_blank_ = line.is_blank();
    if (line.begins) take_quoting_off(line);
    return true;
  }

  std::string_view peek() override { return ended_ ? std::string_view{} : reader_.peek(); }

  void unread() override {
    reader_.unread();
    after_blank_ = was_after_blank_;
    opening_ = was_opening_;
  }

 private:
  static bool is_separator(const Line& line) { return line.begins && is_mbox_separator(line.content()); }

  static void take_quoting_off(Line& line) {
    const size_t quotes = line.bytes.find_first_not_of('>');
    if (quotes != std::string_view::npos && quotes > 0 && line.bytes.substr(quotes).starts_with("From "))
      line.bytes.remove_prefix(1);
  }

  LineReader& reader_;
  bool after_blank_ = true;
  bool was_after_blank_ = true;
  bool opening_ = false;
  bool was_opening_ = false;
  bool ended_ = false;
};

}  // namespace

void extract_mbox(Input& input, const Context& context, Sink& sink) {
  LineReader reader(input);
  MessageLines lines(reader);
  for (uint64_t number = 1; lines.open_next(); ++number) {
    MimeWalker(lines, context, sink, fmt::format("message {}", number)).walk();
    sink.tick();
  }
}

}  // namespace assay::extract
