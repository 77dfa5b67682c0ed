// embed-rules FOLDER OUTPUT: writes the C++ file that holds every rule file, as text and as what reading it gave. Runs
// while Assay is built; a rule that is wrong ends the build.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "classify/builtin_rules.h"
#include "core/error.h"

namespace assay::classify {

// Nothing is built in yet.
std::span<const BuiltinFile> builtin_files() { return {}; }

namespace {

constexpr size_t bytes_per_line = 40;

std::string escaped(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i % bytes_per_line == 0) text += "\"\n    \"";
    text += fmt::format("\\{:03o}", static_cast<unsigned char>(bytes[i]));
  }
  return text;
}

std::string embedded(const std::string& folder) {
  std::string text =
      "#include <string_view>\n\n#include \"classify/builtin_rules.h\"\n\nnamespace assay::classify {\nnamespace {\n\n"
      "using namespace std::string_view_literals;\n\nconstexpr BuiltinFile files[] = {\n";
  for (const auto& source : read_rule_directory(folder)) {
    const std::string name = "rules/" + std::filesystem::path(source.file).lexically_relative(folder).string();
    const auto rules = load_rules(RuleSource{name, source.yaml});
    text += fmt::format("  {{\"{}\"sv, R\"__YAML__({})__YAML__\"sv,\n    \"{}\"sv}},\n", name, source.yaml,
                        escaped(store_rules(rules)));
  }
  return text +
         "};\n\n}  // namespace\n\nstd::span<const BuiltinFile> builtin_files() { return files; }\n\n"
         "}  // namespace assay::classify\n";
}

}  // namespace
}  // namespace assay::classify

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: embed-rules FOLDER OUTPUT\n");
    return 2;
  }
  try {
    std::ofstream(argv[2], std::ios::binary) << assay::classify::embedded(argv[1]);
  } catch (const assay::core::Error& error) {
    fmt::print(stderr, "embed-rules: {}\n", error.what());
    return 1;
  }
  return 0;
}
