#include "cli/report/html_page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <unordered_map>

#include "cli/human.h"
#include "cli/report/html_script.h"
#include "cli/report/html_sections.h"
#include "cli/report/html_style.h"
#include "cli/report/html_text.h"

namespace assay::cli::html {
namespace {

namespace json = boost::json;

/// Gives every distinct text a number, so that the page says each path once.
class Interned {
 public:
  size_t number_of(const std::string& text) {
    const auto [found, is_new] = numbers_.emplace(text, texts_.size());
    if (is_new) texts_.emplace_back(text);
    return found->second;
  }
  json::array take() { return std::move(texts_); }

 private:
  std::unordered_map<std::string, size_t> numbers_;
  json::array texts_;
};

std::string head() {
  return fmt::format(R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Sensitive data report</title>
<style>{}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
)",
                     csp_hash(style), csp_hash(script), style);
}

std::string header(const Facts& facts) {
  std::string roots;
  for (size_t i = 0; i < facts.options().roots.size() && i < 20; ++i)
    roots += fmt::format("{}<code>{}</code>", i == 0 ? "" : ", ",
                         escape(facts.options().roots[i] == "-" ? "standard input" : facts.options().roots[i], 512));
  if (facts.options().roots.size() > 20) roots += fmt::format(" and {} more", facts.options().roots.size() - 20);
  const std::string version = facts.options().version.empty() ? "" : " " + escape(facts.options().version);
  return fmt::format(
      "<header>\n<h1>Sensitive data report</h1>\n<p class=\"sub\">{}{}made by Assay{} on <time>{:%Y-%m-%d %H:%M} "
      "UTC</time></p>\n{}</header>\n<main>\n",
      roots, roots.empty() ? "" : " &middot; ", version, fmt::gmtime(std::time(nullptr)),
      facts.options().reveal ? "<p class=\"warn\" role=\"note\"><strong>This page shows the values "
                               "themselves.</strong> Keep it as carefully as the "
                               "data it was made from.</p>\n"
                             : "");
}

// The rows as JSON; paths, entities and rules are numbers into lists.
std::string data_block(Facts& facts) {
  Interned objects, rules;
  Interned entities;
  json::array rows;
  for (const Row& row : facts.take_rows())
    rows.push_back(json::array{objects.number_of(row.object), row.where, entities.number_of(row.entity),
                               rules.number_of(row.rule), static_cast<int>(row.sensitivity),
                               std::round(row.confidence * 100) / 100, row.shown, row.reasons});
  const json::object data{
      {"objects", objects.take()}, {"entities", entities.take()}, {"rules", rules.take()}, {"rows", std::move(rows)}};
  return "<script type=\"application/json\" id=\"data\">" + script_json(data) + "</script>\n";
}

}  // namespace

void write_page(Facts& facts, const scan::ScanSummary& summary, Output& output) {
  output.write(head());
  output.write(header(facts));
  output.write(overview(facts, summary));
  output.write(charts(facts));
  output.write(entities(facts));
  output.write(columns(facts));
  output.write(unread(facts, summary));
  output.write(findings_table(facts));
  output.write(footer(facts));
  output.write(data_block(facts));
  output.write(fmt::format("<script>{}</script>\n</body>\n</html>\n", script));
}

}  // namespace assay::cli::html
