#include "classify/builtin_rules.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/error.h"

namespace assay::classify {
namespace {

class Writer {
 public:
  void value(uint64_t n) { bytes_.append(reinterpret_cast<const char*>(&n), sizeof n); }
  void value(int n) { value(static_cast<uint64_t>(n)); }
  void value(bool flag) { value(uint64_t{flag}); }
  void value(double n) { value(std::bit_cast<uint64_t>(n)); }
  void value(model::Sensitivity s) { value(static_cast<uint64_t>(s)); }
  void value(const std::string& text) {
    value(uint64_t{text.size()});
    bytes_ += text;
  }
  void value(const std::optional<double>& n) {
    value(n.has_value());
    value(n.value_or(0));
  }
  template <typename T>
  void value(const std::vector<T>& list);

  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  void value(uint64_t& n) { std::memcpy(&n, take(sizeof n).data(), sizeof n); }
  void value(int& n) { n = static_cast<int>(number()); }
  void value(bool& flag) { flag = number() != 0; }
  void value(double& n) { n = std::bit_cast<double>(number()); }
  void value(model::Sensitivity& s) { s = static_cast<model::Sensitivity>(number()); }
  void value(std::string& text) { text = take(static_cast<size_t>(number())); }
  void value(std::optional<double>& n) {
    const bool has = number() != 0;
    double stored = 0;
    value(stored);
    if (has) n = stored;
  }
  template <typename T>
  void value(std::vector<T>& list);

 private:
  uint64_t number() {
    uint64_t n = 0;
    value(n);
    return n;
  }
  std::string_view take(size_t n) {
    if (n > rest_.size()) throw core::Error(core::ErrorKind::bug, "what was built in of the rules is cut off");
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  std::string_view rest_;
};

// Each value that is stored, in order; for a Writer and a Reader alike.
template <typename Archive, typename Text>
  requires std::same_as<std::remove_const_t<Text>, std::string>
void each(Archive& archive, Text& text) {
  archive.value(text);
}

template <typename Archive, typename Example>
  requires std::same_as<std::remove_const_t<Example>, model::RuleExample>
void each(Archive& archive, Example& example) {
  archive.value(example.text);
  archive.value(example.match);
}

template <typename Archive, typename Pattern>
  requires std::same_as<std::remove_const_t<Pattern>, model::Pattern>
void each(Archive& archive, Pattern& pattern) {
  archive.value(pattern.name);
  archive.value(pattern.regex);
  archive.value(pattern.confidence);
  archive.value(pattern.ignore_case);
  archive.value(pattern.group);
  archive.value(pattern.keywords);
  archive.value(pattern.keywords_inside_words);
  archive.value(pattern.validator);
  archive.value(pattern.validated);
}

template <typename Archive, typename Rule>
  requires std::same_as<std::remove_const_t<Rule>, model::Rule>
void each(Archive& archive, Rule& rule) {
  for (auto* text : {&rule.name, &rule.entity, &rule.title, &rule.category, &rule.validator}) archive.value(*text);
  archive.value(rule.sensitivity);
  archive.value(rule.validated);
  archive.value(rule.patterns);
  archive.value(rule.context.boost);
  archive.value(rule.context.required);
  archive.value(rule.context.penalty);
  for (auto* list : {&rule.regulations, &rule.countries, &rule.languages, &rule.context.words, &rule.context.negative,
                     &rule.columns, &rule.deny_list, &rule.allow_list})
    archive.value(*list);
  archive.value(rule.examples);
  archive.value(rule.counter_examples);
  archive.value(rule.line);
}

template <typename T>
void Writer::value(const std::vector<T>& list) {
  value(uint64_t{list.size()});
  for (const T& item : list) each(*this, item);
}

template <typename T>
void Reader::value(std::vector<T>& list) {
  list.resize(std::min<size_t>(number(), rest_.size()));
  for (T& item : list) each(*this, item);
}

}  // namespace

std::string store_rules(const std::vector<model::Rule>& rules) {
  Writer writer;
  writer.value(rules);
  return writer.take();
}

std::vector<model::Rule> restore_rules(std::string_view stored, const std::string& file) {
  Reader reader(stored);
  std::vector<model::Rule> rules;
  reader.value(rules);
  for (auto& rule : rules) rule.file = file;
  return rules;
}

std::vector<RuleSource> builtin_rule_sources() {
  std::vector<RuleSource> sources;
  for (const auto& file : builtin_files()) sources.push_back({std::string(file.name), std::string(file.yaml)});
  return sources;
}

std::string_view stored_form_of(const RuleSource& source) {
  const auto files = builtin_files();
  const auto found = std::ranges::find(files, source.file, &BuiltinFile::name);
  return found != files.end() && found->yaml == source.yaml ? found->stored : std::string_view{};
}

}  // namespace assay::classify
