#include "cli/report/html_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/human.h"
#include "cli/report/html_text.h"

namespace assay::cli::html {
namespace {

using model::Sensitivity;
using model::VerdictKind;

constexpr size_t max_chart_rows = 12;
constexpr size_t max_folder_rows = 8;
constexpr size_t max_column_rows = 500;

std::string plural(uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", human_count(n), n == 1 ? one : many);
}

std::string badge(Sensitivity sensitivity) {
  return fmt::format("<span class=\"badge s-{0}\">{0}</span>", model::to_string(sensitivity));
}

// A bar as wide as its share of the longest; the number stands beside it as text.
// `sensitive` of the n are painted as such.
std::string bar(uint64_t n, uint64_t largest, std::string_view css_class, uint64_t sensitive = 0) {
  auto part = [largest](uint64_t count, std::string_view fill) {
    if (count == 0 || largest == 0) return std::string();
    const double share = 100.0 * static_cast<double>(count) / static_cast<double>(largest);
    return fmt::format("<rect class=\"{}\" width=\"{:.2f}\" height=\"1\"/>", fill, std::max(share, 0.6));
  };
  return fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}{}</svg>",
      part(n, css_class), part(sensitive, "s-high"));
}

std::string card(std::string_view label, const std::string& number, const std::string& note,
                 std::string_view css_class = "") {
  return fmt::format("<div class=\"card {}\"><dt>{}</dt><dd><strong>{}</strong><span>{}</span></dd></div>\n", css_class,
                     label, number, note);
}

uint64_t unread_count(const scan::ScanSummary& s) {
  uint64_t n = 0;
  for (size_t i = 0; i < s.verdicts.size(); ++i)
    if (!model::is_complete(static_cast<VerdictKind>(i))) n += s.verdicts[i];
  return n;
}

std::string coverage(const scan::ScanSummary& s) {
  const uint64_t all = s.objects + s.members;
  const uint64_t unread = unread_count(s);
  if (all == 0) return "&ndash;";
  // Never rounded up to 100 %: one unread object is a gap.
  const double percent = 100.0 * static_cast<double>(all - std::min(all, unread)) / static_cast<double>(all);
  return unread == 0 ? "100 %" : fmt::format("{:.1f} %", std::min(99.9, percent));
}

struct ChartRow {
  std::string label_html;
  uint64_t n = 0;
  std::string note;
  std::string css_class = "plain";
  uint64_t sensitive = 0;
};

std::string chart(std::string_view title, const std::vector<ChartRow>& rows, size_t left_out, std::string_view note) {
  uint64_t largest = 0;
  for (const auto& row : rows) largest = std::max(largest, row.n);
  std::string out = fmt::format("<section class=\"panel\">\n<h2>{}</h2>\n<ul class=\"chart\">\n", title);
  for (const auto& row : rows)
    out += fmt::format("<li><span>{}{}</span>{}<span class=\"num\">{}</span></li>\n", row.label_html,
                       row.note.empty() ? "" : "<small>" + row.note + "</small>",
                       bar(row.n, largest, row.css_class, row.sensitive), human_count(row.n));
  out += "</ul>\n";
  if (left_out != 0) out += fmt::format("<p class=\"note\">and {} more</p>\n", human_count(left_out));
  if (!note.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", note);
  return out + "</section>\n";
}

std::string sensitivity_chart(const Facts& facts) {
  std::vector<ChartRow> rows;
  for (int i = 3; i >= 0; --i) {
    const auto sensitivity = static_cast<Sensitivity>(i);
    rows.push_back({badge(sensitivity), facts.by_sensitivity()[static_cast<size_t>(i)], "",
                    fmt::format("s-{}", model::to_string(sensitivity))});
  }
  return chart("By sensitivity", rows, 0, "");
}

std::string regulation_chart(const Facts& facts) {
  const auto regulations = facts.regulations();
  if (regulations.empty()) return {};
  std::vector<ChartRow> rows;
  for (const auto& [name, regulation] : regulations) {
    if (rows.size() == max_chart_rows) break;
    std::string label = escape(name, 256);
    std::ranges::replace(label, '_', ' ');
    rows.push_back({label, regulation.findings, plural(regulation.entities.size(), "kind of data", "kinds of data")});
  }
  return chart("By regulation", rows, regulations.size() - rows.size(),
               "A finding can fall under several. Whether a law applies depends on whose data it is.");
}

std::string folder_chart(const Facts& facts) {
  const auto folders = facts.totals().folders();
  if (folders.empty()) return {};
  std::vector<ChartRow> rows;
  for (const auto& [name, folder] : folders) {
    if (rows.size() == max_folder_rows) break;
    rows.push_back({"<code>" + escape(name, 512) + "</code>", folder->findings,
                    folder->sensitive == 0 ? "" : human_count(folder->sensitive) + " critical or high", "plain",
                    folder->sensitive});
  }
  return chart("By folder", rows, folders.size() - rows.size(), "");
}

// "IO_ERROR" -> "io error"
std::string name_of(VerdictKind kind) {
  std::string name(model::to_string(kind));
  for (char& c : name) c = c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

// What a verdict means, for somebody who has to decide what to do about it.
std::string_view meaning(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::partial: return "Read in part; what is missing stands beside each.";
    case VerdictKind::unsupported: return "A format that Assay cannot read.";
    case VerdictKind::encrypted: return "Needs a password or key; Assay does not guess passwords.";
    case VerdictKind::limit: return "Larger or deeper than the limits of this scan; they can be raised.";
    case VerdictKind::timeout: return "Took longer than allowed.";
    case VerdictKind::oom: return "Needed more memory than allowed.";
    case VerdictKind::crash: return "Broke the reader, which ran shut off from the system; nothing else was affected.";
    case VerdictKind::violation:
      return "Made the reader attempt what it may not; it was stopped. Look at this file with care.";
    case VerdictKind::io_error: return "Could not be opened or read: no permission, vanished, or a fault of the disk.";
    case VerdictKind::changed: return "Changed while it was read; scan it again.";
    default: return "";
  }
}

}  // namespace

std::string overview(const Facts& facts, const scan::ScanSummary& s) {
  const uint64_t sensitive = facts.by_sensitivity()[2] + facts.by_sensitivity()[3];
  const uint64_t unread = unread_count(s);
  std::string lead;
  if (facts.findings() == 0) {
    lead = fmt::format("No sensitive data was found in {}.", plural(s.objects, "object", "objects"));
  } else {
    lead = fmt::format("{} of sensitive data {} found in {} of {}.", plural(facts.findings(), "piece", "pieces"),
                       facts.findings() == 1 ? "was" : "were", human_count(facts.objects_with_findings()),
                       plural(s.objects, "object", "objects"));
    const auto folders = facts.totals().folders();
    if (folders.size() > 1)
      lead += fmt::format(" <code>{}</code> holds the most ({}).", escape(folders.front().first, 512),
                          human_count(folders.front().second->findings));
  }
  if (unread != 0)
    lead += fmt::format(" <a href=\"#unread\">{} could not be read in full</a>, so there may be more.",
                        plural(unread, "object or member", "objects and members"));
  if (s.interrupted) lead += " The scan was interrupted before its end.";
  if (s.known != 0)
    lead += fmt::format(" {} known from the baseline {} left out.", plural(s.known, "finding", "findings"),
                        s.known == 1 ? "is" : "are");
  if (s.suppressed != 0)
    lead += fmt::format(" {} {} suppressed.", plural(s.suppressed, "finding", "findings"),
                        s.suppressed == 1 ? "is" : "are");

  const double seconds = static_cast<double>(s.elapsed_ms) / 1000;
  const double share =
      s.objects == 0 ? 0 : 100.0 * static_cast<double>(facts.objects_with_findings()) / static_cast<double>(s.objects);
  std::string out = "<section aria-label=\"Overview\">\n<p class=\"lead\">" + lead + "</p>\n<dl class=\"cards\">\n";
  out += card("Findings", human_count(facts.findings()),
              plural(facts.totals().entities().size(), "kind of data", "kinds of data"));
  out += card("Critical or high", human_count(sensitive), "findings", sensitive != 0 ? "alarm" : "good");
  out += card("Objects affected", human_count(facts.objects_with_findings()),
              fmt::format("{:.{}f} % of {}", share, share > 0 && share < 10 ? 1 : 0, human_count(s.objects)));
  out +=
      card("Read in full", coverage(s), unread == 0 ? "nothing was left unread" : human_count(unread) + " not in full",
           unread == 0 ? "good" : "caution");
  out += card("Data examined", human_bytes(s.bytes),
              seconds < 1 ? "in less than a second" : "in " + human_duration(seconds));
  return out + "</dl>\n</section>\n";
}

std::string charts(const Facts& facts) {
  if (facts.findings() == 0) return {};
  return "<div class=\"grid\">\n" + sensitivity_chart(facts) + folder_chart(facts) + "</div>\n" +
         regulation_chart(facts);
}

std::string entities(const Facts& facts) {
  const auto list = facts.totals().entities();
  if (list.empty()) return {};
  uint64_t largest = 0;
  for (const auto* e : list) largest = std::max(largest, e->findings);
  std::string out =
      "<section class=\"panel\">\n<h2>What was found</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"What was found\"><table>\n<thead><tr><th scope=\"col\">Data</th><th scope=\"col\">Sensitivity</th>"
      "<th scope=\"col\" class=\"num\">Findings</th><th scope=\"col\"><span class=\"hidden\">Share</span></th><th "
      "scope=\"col\" class=\"num\">Objects</th>"
      "<th scope=\"col\" class=\"num\">Confidence</th></tr></thead>\n<tbody>\n";
  for (const auto* e : list)
    out += fmt::format(
        "<tr><td><a href=\"#findings\" data-entity=\"{}\">{}</a><small>{}</small></td><td>{}</td><td "
        "class=\"num\">{}</td><td class=\"track\">{}</td>"
        "<td class=\"num\">{}</td><td class=\"num\">{:.2f}<small>best {:.2f}</small></td></tr>\n",
        escape(e->name, 256), escape(facts.title_of(e->name), 256), escape(e->name, 256), badge(e->sensitivity),
        human_count(e->findings), bar(e->findings, largest, fmt::format("s-{}", model::to_string(e->sensitivity))),
        human_count(e->objects), e->confidence_sum / static_cast<double>(e->findings), e->best);
  return out + "</tbody></table></div>\n</section>\n";
}

std::string columns(const Facts& facts) {
  const auto& list = facts.totals().columns();
  if (list.empty()) return {};
  std::string out =
      "<section class=\"panel\">\n<h2>Columns of tables</h2>\n<p class=\"note\">Judged by their names and all their "
      "values together.</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Columns of "
      "tables\"><table>\n<thead><tr>"
      "<th scope=\"col\">Column</th><th scope=\"col\">Holds</th><th scope=\"col\">Sensitivity</th><th scope=\"col\" "
      "class=\"num\">Values that agree</th>"
      "<th scope=\"col\" class=\"num\">Confidence</th></tr></thead>\n<tbody>\n";
  for (size_t i = 0; i < list.size() && i < max_column_rows; ++i) {
    const auto& c = list[i];
    out += fmt::format(
        "<tr><td>{}<small><code>{}</code></small></td><td>{}<small>{}</small></td><td>{}</td><td class=\"num\">{} of "
        "{}</td><td class=\"num\">{:.2f}</td></tr>\n",
        escape(model::describe(c.locator), 1024), escape(c.object, 2048), escape(facts.title_of(c.entity), 256),
        escape(c.entity, 256), badge(c.sensitivity), human_count(c.agreeing), human_count(c.values), c.confidence);
  }
  out += "</tbody></table></div>\n";
  if (list.size() > max_column_rows)
    out += fmt::format("<p class=\"note\">and {} more columns; --format jsonl lists all.</p>\n",
                       human_count(list.size() - max_column_rows));
  return out + "</section>\n";
}

std::string unread(const Facts& facts, const scan::ScanSummary& s) {
  if (unread_count(s) == 0)
    return "<section class=\"panel\" id=\"unread\">\n<h2>Not read in full</h2>\n<p>Nothing: every object and member "
           "was read to its end.</p>\n</section>\n";
  std::string out =
      "<section class=\"panel\" id=\"unread\">\n<h2>Not read in full</h2>\n<p class=\"note\">What these hold is not, "
      "or only in part, in this report.</p>\n<ul class=\"verdicts\">\n";
  for (size_t i = 0; i < s.verdicts.size(); ++i) {
    const auto kind = static_cast<VerdictKind>(i);
    if (s.verdicts[i] == 0 || model::is_complete(kind)) continue;
    out += fmt::format("<li><strong>{}</strong> <span class=\"verdict\">{}</span> {}</li>\n",
                       human_count(s.verdicts[i]), name_of(kind), meaning(kind));
  }
  out += "</ul>\n";
  const auto& list = facts.totals().unread();
  out += fmt::format(
      "<details{}><summary>Show {}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Not "
      "read in full\"><table>\n<thead><tr><th scope=\"col\">Object</th><th scope=\"col\">Verdict</th><th "
      "scope=\"col\">Reason</th>"
      "<th scope=\"col\" class=\"num\">Size</th></tr></thead>\n<tbody>\n",
      list.size() <= 15 ? " open" : "", plural(list.size(), "of them", "of them"));
  for (const auto& r : list) {
    out += fmt::format(
        "<tr><td><code>{}</code>{}</td><td><span class=\"verdict\">{}</span></td><td>{}</td><td "
        "class=\"num\">{}</td></tr>\n",
        escape(r.object, 2048),
        r.member.empty() ? "" : "<small>in it: <code>" + escape(r.member, 2048) + "</code></small>",
        name_of(r.verdict.kind), escape(r.verdict.reason, 512), r.bytes == 0 ? "" : human_bytes(r.bytes));
  }
  out += "</tbody></table></div>\n";
  if (facts.totals().unread_left_out() != 0)
    out += fmt::format("<p class=\"note\">and {} more; --ledger FILE lists all.</p>\n",
                       human_count(facts.totals().unread_left_out()));
  return out + "</details>\n</section>\n";
}

std::string findings_table(const Facts& facts) {
  if (facts.findings() == 0)
    return "<section class=\"panel\" id=\"findings\">\n<h2>Findings</h2>\n<p>There are none.</p>\n</section>\n";
  std::string note;
  if (facts.findings() > Facts::max_rows)
    note = fmt::format(
        "<p class=\"warn\" role=\"note\">This table holds the {} most sensitive of {} findings; --format jsonl lists "
        "all.</p>\n",
        human_count(Facts::max_rows), human_count(facts.findings()));
  return "<section class=\"panel\" id=\"findings\">\n<h2>Findings</h2>\n" + note +
         R"(<noscript><p class="warn">This table needs JavaScript; everything above does without.</p></noscript>
<form class="filters" role="search" aria-label="Filter the findings">
<label>Search <input type="search" id="f-text" placeholder="path, rule, sample" autocomplete="off" spellcheck="false"></label>
<label>Data <select id="f-entity"><option value="">all</option></select></label>
<label>Sensitivity <select id="f-sensitivity"><option value="0">all</option><option value="1">medium and above</option><option value="2">high and above</option><option value="3">critical</option></select></label>
<label>Confidence from <span class="range"><input type="range" id="f-confidence" min="0" max="1" step="0.05" value="0"> <output id="f-confidence-shown" for="f-confidence">0.00</output></span></label>
<button type="reset">Clear</button>
</form>
<p id="status" class="note" role="status" aria-live="polite"></p>
<div class="scroll" tabindex="0" role="region" aria-label="Findings">
<table id="table">
<thead><tr>
<th scope="col"><button type="button" data-sort="entity">Data</button></th>
<th scope="col" aria-sort="descending"><button type="button" data-sort="sensitivity">Sensitivity</button></th>
<th scope="col"><button type="button" data-sort="object">Where</button></th>
<th scope="col">Sample</th>
<th scope="col" class="num"><button type="button" data-sort="confidence">Confidence</button></th>
</tr></thead>
<tbody></tbody>
</table>
</div>
<nav class="pages" aria-label="Pages of findings"><button type="button" id="p-first">First</button><button type="button" id="p-previous">Previous</button><span id="p-shown"></span><button type="button" id="p-next">Next</button><button type="button" id="p-last">Last</button></nav>
</section>
)";
}

std::string footer(const Facts& facts) {
  return R"(</main>
<footer>
<h2>How to read this page</h2>
<dl>
<dt>Finding</dt><dd>One place that holds what a rule looks for.)" +
         std::string(facts.options().reveal ? "" : " Samples are masked; the values are not in this page.") + R"(</dd>
<dt>Confidence</dt><dd>From 0 to 1: how sure Assay is, from the shape of the value, its check digits and the words around it. Open a confidence in the table to see the steps.</dd>
<dt>Sensitivity</dt><dd>How much harm the kind of data can do in wrong hands, as its rule says: low, medium, high or critical.</dd>
<dt>Object, member</dt><dd>An object is a file or stream; members are files inside it: of an archive, a mail or a document.</dd>
</dl>
</footer>
)";
}

}  // namespace assay::cli::html
