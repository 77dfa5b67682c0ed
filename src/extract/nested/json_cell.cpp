#include "extract/nested/json_cell.h"

#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>
#include <string>

namespace assay::extract {
namespace {

namespace json = boost::json;

// Passes on what the parser meets; nothing is built of it.
struct JsonHandler {
  static constexpr size_t max_object_size = SIZE_MAX;
  static constexpr size_t max_array_size = SIZE_MAX;
  static constexpr size_t max_key_size = SIZE_MAX;
  static constexpr size_t max_string_size = SIZE_MAX;
  using Code = json::error_code;
  using Text = json::string_view;

  explicit JsonHandler(CellLeaves& to) : leaves(to) {}

  CellLeaves& leaves;
  std::string text;  // a name, string or number that comes in pieces

  bool go_on(Code& code) {
    text.clear();
    if (leaves.is_refused()) code = make_error_code(boost::system::errc::operation_canceled);
    return !leaves.is_refused();
  }
  std::string_view whole(Text last) {
    if (text.empty()) return {last.data(), last.size()};
    text.append(last.data(), last.size());
    return text;
  }
  bool add(Text part) {
    text.append(part.data(), part.size());
    return true;
  }
  bool value(Text last, Code& code) {
    leaves.value(whole(last));
    return go_on(code);
  }

  static bool on_document_begin(Code&) { return true; }
  static bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code& code) { return leaves.open_object(), go_on(code); }
  bool on_object_end(size_t, Code& code) { return leaves.close(), go_on(code); }
  bool on_array_begin(Code& code) { return leaves.open_array(), go_on(code); }
  bool on_array_end(size_t, Code& code) { return leaves.close(), go_on(code); }
  bool on_key_part(Text part, size_t, Code&) { return add(part); }
  bool on_key(Text part, size_t, Code& code) { return leaves.name(whole(part)), go_on(code); }
  bool on_string_part(Text part, size_t, Code&) { return add(part); }
  bool on_string(Text part, size_t, Code& code) { return value(part, code); }
  bool on_number_part(Text part, Code&) { return add(part); }
  bool on_int64(int64_t, Text part, Code& code) { return value(part, code); }
  bool on_uint64(uint64_t, Text part, Code& code) { return value(part, code); }
  bool on_double(double, Text part, Code& code) { return value(part, code); }
  bool on_bool(bool truth, Code& code) { return value(truth ? "true" : "false", code); }
  static bool on_null(Code&) { return true; }
  static bool on_comment_part(Text, Code&) { return true; }
  static bool on_comment(Text, Code&) { return true; }
};

}  // namespace

bool take_json(std::string_view text, CellLeaves& leaves) {
  json::parse_options options;
  options.max_depth = CellLeaves::max_depth;
  json::basic_parser<JsonHandler> parser(options, leaves);
  json::error_code code;
  const size_t parsed = parser.write_some(false, text.data(), text.size(), code);
  return !code && parser.done() && text.find_first_not_of(" \t\r\n", parsed) == std::string_view::npos &&
         !leaves.is_refused();
}

}  // namespace assay::extract
