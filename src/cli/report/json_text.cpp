#include "cli/report/json_text.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

namespace assay::cli {
namespace {

void append(const boost::json::value& value, std::string& out) {
  switch (value.kind()) {
    case boost::json::kind::double_: out += fmt::format("{}", value.get_double()); return;
    case boost::json::kind::array: {
      out += '[';
      bool first = true;
      for (const auto& item : value.get_array()) {
        if (!std::exchange(first, false)) out += ',';
        append(item, out);
      }
      out += ']';
      return;
    }
    case boost::json::kind::object: {
      out += '{';
      bool first = true;
      for (const auto& member : value.get_object()) {
        if (!std::exchange(first, false)) out += ',';
        out += boost::json::serialize(boost::json::value(member.key()));
        out += ':';
        append(member.value(), out);
      }
      out += '}';
      return;
    }
    default: out += boost::json::serialize(value);
  }
}

}  // namespace

std::string to_text(const boost::json::value& value) {
  std::string out;
  append(value, out);
  return out;
}

}  // namespace assay::cli
