#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::cli {

/// `value` as JSON on one line. Numbers are written as people write them (0.95, not 9.5E-1).
std::string to_text(const boost::json::value& value);

/// Writes one JSON object as to_text() would, member by member and without making values first: what there are millions
/// of. From the constructor to close(), `out` is this object's alone, or that of an object inside it.
class JsonObjectText {
 public:
  explicit JsonObjectText(std::string& out) : out_(out) { out_ += '{'; }
  void add(std::string_view key, std::string_view text);
  void add(std::string_view key, const char* text) { add(key, std::string_view(text)); }
  void add(std::string_view key, uint64_t number);
  void add(std::string_view key, int64_t number);
  void add(std::string_view key, double number);
  void add(std::string_view key, const std::vector<std::string>& texts);
  JsonObjectText add_object(std::string_view key);
  void close() { out_ += '}'; }

 private:
  void begin(std::string_view key);

  std::string& out_;
  bool is_empty_ = true;
};

}  // namespace assay::cli
