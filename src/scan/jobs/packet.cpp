#include "scan/jobs/packet.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>

#include "core/error.h"
#include "core/path_text.h"

namespace assay::scan {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse() {
  throw core::Error(core::ErrorKind::bug,
                    "a task of this scan is malformed; was it written by another version of Assay?");
}

json::value parsed(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) refuse();
  return value;
}

template <typename T>
T number(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) refuse();
  return value->to_number<T>();
}

bool flag(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_bool()) refuse();
  return value->get_bool();
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) refuse();
  return std::string(std::string_view(value->get_string()));
}

// Most are no more than letters and digits.
void append_text(std::string& array, const std::string& text) {
  const auto is_special = [](char c) { return c == '"' || c == '\\' || static_cast<uint8_t>(c) < 0x20; };
  if (std::ranges::none_of(text, is_special)) fmt::format_to(std::back_inserter(array), "\"{}\"", text);
  else array += json::serialize(json::string(text));
}

}  // namespace

std::string to_json(const EnumeratePacket& packet) {
  return json::serialize(json::object{{"source", packet.datasource_id},
                                      {"root", packet.root},
                                      {"after", core::path_to_text(packet.resume_after)},
                                      {"unreadable", packet.met_unreadable}});
}

EnumeratePacket enumerate_packet_from_json(std::string_view text_of_packet) {
  const json::value value = parsed(text_of_packet);
  if (!value.is_object()) refuse();
  const json::object& object = value.get_object();
  return {.datasource_id = number<int64_t>(object, "source"),
          .root = number<uint32_t>(object, "root"),
          .resume_after = core::path_from_text(text(object, "after")),
          .met_unreadable = flag(object, "unreadable")};
}

model::NewTask enumerate_task(const JobSource& source) {
  model::NewTask task;
  task.kind = enumerate_kind;
  task.datasource_id = source.datasource_id;
  task.work_packet = to_json(
      EnumeratePacket{.datasource_id = source.datasource_id, .root = 0, .resume_after = {}, .met_unreadable = false});
  task.needs_admission = true;
  return task;
}

// Written by hand: a large scan writes one for every file.
void append_json(std::string& array, const ObjectItem& item) {
  array += array.empty() ? '[' : ',';
  fmt::format_to(std::back_inserter(array), R"({{"bytes":{},"p":)", item.size);
  append_text(array, core::path_to_text(item.relative));
  if (item.root != 0) fmt::format_to(std::back_inserter(array), R"(,"r":{})", item.root);
  fmt::format_to(std::back_inserter(array), R"(,"m":{},"c":)", item.mtime_ns);
  append_text(array, item.change_id);
  array += item.is_whole ? R"(,"w":true})" : "}";
}

std::vector<ObjectItem> object_items_from_json(std::string_view text_of_items) {
  const json::value value = parsed(text_of_items);
  if (!value.is_array()) refuse();
  std::vector<ObjectItem> items;
  items.reserve(value.get_array().size());
  for (const json::value& element : value.get_array()) {
    if (!element.is_object()) refuse();
    const json::object& object = element.get_object();
    items.push_back({.root = object.contains("r") ? number<uint32_t>(object, "r") : 0,
                     .relative = core::path_from_text(text(object, "p")),
                     .size = number<uint64_t>(object, "bytes"),
                     .mtime_ns = number<int64_t>(object, "m"),
                     .change_id = text(object, "c"),
                     .is_whole = object.contains("w") && flag(object, "w")});
  }
  return items;
}

namespace {

json::object to_object(const ObjectItem& item) {
  return {{"p", core::path_to_text(item.relative)},
          {"r", item.root},
          {"s", item.size},
          {"m", item.mtime_ns},
          {"c", item.change_id}};
}

ObjectItem item_of(const json::object& object) {
  return {.root = number<uint32_t>(object, "r"),
          .relative = core::path_from_text(text(object, "p")),
          .size = number<uint64_t>(object, "s"),
          .mtime_ns = number<int64_t>(object, "m"),
          .change_id = text(object, "c")};
}

json::value single_of(std::string_view text_of_items) {
  json::value value = parsed(text_of_items);
  if (!value.is_array() || value.get_array().size() != 1 || !value.get_array().front().is_object()) refuse();
  return std::move(value.get_array().front());
}

}  // namespace

void append_json(std::string& array, const RangeItem& item) {
  array += array.empty() ? '[' : ',';
  json::object object = to_object(item.object);
  object["bytes"] = item.end - item.begin;
  object["n"] = item.number;
  object["from"] = item.begin;
  if (item.rows.empty()) {
    object["charset"] = item.charset;
    object["declared"] = item.declared;
    object["escapes"] = item.escapes;
  } else {
    object["rows"] = item.rows;
    object["snapshot"] = item.snapshot;
    object["of"] = item.parts;
    object["cut"] = item.cut;
  }
  array += json::serialize(object);
}

RangeItem range_item_from_json(std::string_view text_of_items) {
  const json::value value = single_of(text_of_items);
  const json::object& object = value.get_object();
  RangeItem item;
  item.object = item_of(object);
  item.number = number<uint32_t>(object, "n");
  item.begin = number<uint64_t>(object, "from");
  item.end = item.begin + number<uint64_t>(object, "bytes");
  if (object.contains("rows")) {
    item.rows = text(object, "rows");
    item.snapshot = text(object, "snapshot");
    item.parts = number<uint32_t>(object, "of");
    item.cut = text(object, "cut");
  } else {
    item.charset = text(object, "charset");
    item.declared = text(object, "declared");
    item.escapes = number<uint8_t>(object, "escapes");
  }
  return item;
}

std::string to_json(const JoinItem& item) {
  json::object object = to_object(item.object);
  object["bytes"] = 0;
  object["of"] = item.parts;
  object["snapshot"] = item.has_snapshot;
  return json::serialize(json::array{object});
}

JoinItem join_item_from_json(std::string_view text_of_items) {
  const json::value value = single_of(text_of_items);
  const json::object& object = value.get_object();
  return {.object = item_of(object), .parts = number<uint32_t>(object, "of"), .has_snapshot = flag(object, "snapshot")};
}

}  // namespace assay::scan
