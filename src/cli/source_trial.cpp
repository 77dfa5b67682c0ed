#include "cli/source_trial.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/human.h"
#include "connect/files/walk.h"
#include "core/error.h"
#include "core/path_text.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr size_t most_problems = 5;

class Looker final : public connect::files::TreeVisitor {
 public:
  Looker(TestedRoot& root, uint64_t most_objects) : root_(root), most_objects_(most_objects) {}

  void on_file(connect::files::FileEntry&& file) override {
    ++root_.files;
    root_.bytes += file.size;
  }
  void on_unread(std::string path, uint64_t, model::Verdict verdict) override {
    if (verdict.kind != model::VerdictKind::io_error) {
      ++root_.left_out;
      return;
    }
    if (path == root_.path) root_.can_be_opened = false;
    ++root_.unreadable;
    if (root_.problems.size() < most_problems)
      root_.problems.push_back(path == root_.path ? verdict.reason : fmt::format("{}: {}", path, verdict.reason));
  }
  bool stop_requested() override {
    root_.is_cut_short |= root_.files + root_.unreadable + root_.left_out >= most_objects_;
    return root_.is_cut_short;
  }

 private:
  TestedRoot& root_;
  uint64_t most_objects_;
};

std::vector<std::string> texts(const json::object& object, std::string_view key) {
  std::vector<std::string> list;
  if (const auto* value = object.if_contains(key))
    for (const auto& item : value->as_array()) list.emplace_back(item.as_string());
  return list;
}

}  // namespace

std::vector<TestedRoot> test_files_source(const model::Datasource& source, uint64_t most_objects) {
  connect::files::WalkOptions options;
  std::vector<std::string> paths;
  try {
    const auto value = json::parse(source.configuration);
    const auto& object = value.as_object();
    for (const auto& path : texts(object, "paths")) paths.push_back(core::path_from_text(path));
    options.include = texts(object, "include");
    options.exclude = texts(object, "exclude");
    if (const auto* one = object.if_contains("one_file_system")) options.one_file_system = one->as_bool();
  } catch (const std::exception&) {
    throw core::Error(core::ErrorKind::bad_input, fmt::format("the configuration of the source '{}' cannot be read",
                                                              core::printable(source.name, 200)));
  }
  std::vector<TestedRoot> roots;
  for (const auto& path : paths) {
    TestedRoot root{.path = path, .can_be_opened = true, .problems = {}};
    Looker looker(root, most_objects);
    connect::files::walk(path, options, looker);
    roots.push_back(std::move(root));
  }
  return roots;
}

std::string describe(const TestedRoot& root) {
  if (!root.can_be_opened) return "cannot be opened";
  std::string text = fmt::format("{} {} can be read ({})", human_count(root.files), root.files == 1 ? "file" : "files",
                                 human_bytes(root.bytes));
  if (root.unreadable != 0) text += fmt::format(", {} cannot", human_count(root.unreadable));
  if (root.left_out != 0) text += fmt::format(", {} left out", human_count(root.left_out));
  if (root.is_cut_short) text += "; there is more than was looked at";
  return text;
}

}  // namespace assay::cli
