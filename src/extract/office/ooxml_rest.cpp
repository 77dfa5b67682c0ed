#include "extract/office/ooxml_rest.h"

#include <array>
#include <optional>

#include "extract/office/generic_xml.h"
#include "extract/office/ooxml_text.h"
#include "extract/office/relationships.h"

namespace assay::extract {
namespace {

enum class Treatment { skip, text, names_and_values, with_attributes, cached_values, member };

struct Rule {
  std::string_view folder;  ///< somewhere in the path, "" for any
  std::string_view file;    ///< how the last component begins
  Treatment treatment;
  std::string_view part;
};

/// By usual names: first match wins. A part of another name is treated as unknown text, so nothing is lost.
constexpr Rule rules[] = {
    {"", "[content_types]", Treatment::skip, ""},
    {"", "style", Treatment::skip, ""},
    {"", "colors", Treatment::skip, ""},
    {"", "fonttable", Treatment::skip, ""},
    {"", "websettings", Treatment::skip, ""},
    {"", "numbering", Treatment::skip, ""},
    {"", "presprops", Treatment::skip, ""},
    {"", "viewprops", Treatment::skip, ""},
    {"", "tablestyles", Treatment::skip, ""},
    {"", "calcchain", Treatment::skip, ""},
    {"", "commentsextended", Treatment::skip, ""},
    {"", "commentsids", Treatment::skip, ""},
    {"", "commentsextensible", Treatment::skip, ""},
    {"", "printersettings", Treatment::skip, ""},
    {"", "vbaprojectsignature", Treatment::skip, ""},
    {"theme/", "", Treatment::skip, ""},
    {"fonts/", "", Treatment::skip, ""},
    {"diagrams/", "layout", Treatment::skip, ""},
    {"diagrams/", "quickstyle", Treatment::skip, ""},
    {"diagrams/", "drawing", Treatment::skip, ""},  // the drawn copy of data
    {"customxml/", "itemprops", Treatment::skip, ""},
    {"_xmlsignatures/", "", Treatment::skip, ""},
    {"docprops/", "", Treatment::names_and_values, "properties"},
    {"customxml/", "", Treatment::with_attributes, "customxml"},
    {"", "connections", Treatment::with_attributes, "properties"},
    {"pivottables/", "", Treatment::skip, ""},
    {"pivotcache/", "", Treatment::cached_values, "pivot"},
    {"", "settings", Treatment::text, "properties"},
    {"", "people", Treatment::text, "comments"},
    {"persons/", "", Treatment::text, "comments"},
    {"", "comment", Treatment::text, "comments"},
    {"", "moderncomment", Treatment::text, "comments"},
    {"", "threadedcomment", Treatment::text, "comments"},
    {"", "header", Treatment::text, "headers"},
    {"", "footer", Treatment::text, "headers"},
    {"", "footnotes", Treatment::text, "notes"},
    {"", "endnotes", Treatment::text, "notes"},
    {"", "notesslide", Treatment::text, "notes"},
    {"", "slidemaster", Treatment::text, "masters"},
    {"", "slidelayout", Treatment::text, "masters"},
    {"", "notesmaster", Treatment::text, "masters"},
    {"", "handoutmaster", Treatment::text, "masters"},
    {"", "chart", Treatment::text, "charts"},
    {"diagrams/", "data", Treatment::text, "diagrams"},
    {"tables/", "table", Treatment::skip, ""},  // its names stand in the sheet
    {"drawings/", "vmldrawing", Treatment::text, "drawings"},
    {"drawings/", "drawing", Treatment::text, "drawings"},
    {"externallinks/", "", Treatment::text, "external"},
    {"slides/", "", Treatment::text, "slides"},
    {"glossary/", "", Treatment::text, "glossary"},
};

bool is_xml(std::string_view lower_name) { return lower_name.ends_with(".xml") || lower_name.ends_with(".vml"); }

Rule rule_for(std::string_view lower_name) {
  const std::string_view file = lower_name.substr(lower_name.rfind('/') + 1);
  for (const Rule& rule : rules) {
    if (!file.starts_with(rule.file) || lower_name.find(rule.folder) == std::string_view::npos) continue;
    if (is_xml(lower_name) || rule.treatment == Treatment::skip) return rule;
    break;
  }
  if (!is_xml(lower_name)) return {"", "", Treatment::member, ""};
  return {"", "", Treatment::names_and_values, "other"};
}

void extract_generic(Package& package, size_t part, const Part& as, GenericXml::Attributes attributes) {
  TextStreams streams(package.sink(), as);
  GenericXml generic(streams, attributes);
  package.parse(part, generic);
  streams.finish();
}

}  // namespace

void extract_ooxml_text(Package& package, size_t part, const Part& as) {
  TextStreams streams(package.sink(), as);
  OoxmlText text(streams);
  package.parse(part, text);
  streams.finish();
}

void extract_ooxml_rest(Package& package) {
  extract_links(package);
  for (size_t part = 0; part < package.part_count(); ++part) {
    if (package.is_taken(part)) continue;
    const Rule rule = rule_for(lower_ascii(package.name(part)));
    const Part as{.name = std::string(rule.part)};
    switch (rule.treatment) {
      case Treatment::skip: package.take(part); break;
      case Treatment::member: package.hand_over(part); break;
      case Treatment::text: extract_ooxml_text(package, part, as); break;
      case Treatment::names_and_values: extract_generic(package, part, as, GenericXml::Attributes::ignored); break;
      case Treatment::with_attributes: extract_generic(package, part, as, GenericXml::Attributes::given); break;
      case Treatment::cached_values: extract_generic(package, part, as, GenericXml::Attributes::cached_values); break;
    }
  }
}

}  // namespace assay::extract
