#include "extract/pdf/pdf_parts.h"

#include <Array.h>
#include <Catalog.h>
#include <Dict.h>
#include <GfxState.h>
#include <Page.h>
#include <fmt/format.h>

#include <functional>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_part_bytes = size_t{8} << 20;
constexpr size_t max_xml_bytes = size_t{16} << 20;
constexpr int max_page_annotations = 20'000;

/// Gathers the text of a part, which ends with a note when it is too much.
class PartText {
 public:
  PartText(std::string name, uint32_t page, Sink& sink) : part_{.name = std::move(name), .page = page}, sink_(sink) {}

  void line(std::string_view label, std::string_view value) {
    if (value.empty()) return;
    if (text_.size() + value.size() > max_part_bytes) give();
    if (!label.empty()) (text_ += label) += ": ";
    (text_ += value) += '\n';
  }

  void give() {
    if (text_.empty()) return;
    sink_.begin_text(part_);
    sink_.text(text_);
    sink_.end_text();
    text_.clear();
  }

 private:
  Part part_;
  Sink& sink_;
  std::string text_;
};

Object catalog_dictionary(PDFDoc& document) { return document.getXRef()->getCatalog(); }

/// Visits the values of a name tree (ISO 32000-1, 7.9.6).
void walk_name_tree(const Object& node, Visited& visited, int depth,
                    const std::function<void(const std::string&, const Object&)>& visit) {
  if (!node.isDict() || depth > max_object_depth) return;
  if (const Object names = node.dictLookup("Names"); names.isArray()) {
    for (int i = 0; i + 1 < names.arrayGetLength() && !visited.exhausted(); i += 2) {
      if (!visited.first_time(names.arrayGetNF(i + 1))) continue;
      visit(object_text(names.arrayGet(i)), names.arrayGet(i + 1));
    }
  }
  const Object kids = node.dictLookup("Kids");
  for (int i = 0; kids.isArray() && i < kids.arrayGetLength(); ++i)
    if (visited.first_time(kids.arrayGetNF(i))) walk_name_tree(kids.arrayGet(i), visited, depth + 1, visit);
}

void walk_names(PDFDoc& document, const char* tree,
                const std::function<void(const std::string&, const Object&)>& visit) {
  const Object catalog = catalog_dictionary(document);
  if (!catalog.isDict()) return;
  const Object names = catalog.dictLookup("Names");
  if (!names.isDict()) return;
  Visited visited;
  walk_name_tree(names.dictLookup(tree), visited, 0, visit);
}

/// Scripts of an action and of those that follow it (ISO 32000-1, 12.6).
void add_action(const Object& action, PartText& scripts, PartText& links, Visited& visited, int depth = 0) {
  if (!action.isDict() || depth > max_object_depth) return;
  scripts.line("", object_text(action.dictLookup("JS")));
  if (const Object uri = action.dictLookup("URI"); uri.isString()) links.line("", valid_utf8(uri.getString()->toStr()));
  if (const Object file = action.dictLookup("F"); file.isString()) links.line("", object_text(file));
  const Object& next = action.dictLookupNF("Next");
  if (next.isNull() || !visited.first_time(next)) return;
  const Object following = action.dictLookup("Next");
  if (following.isDict()) add_action(following, scripts, links, visited, depth + 1);
  for (int i = 0; following.isArray() && i < following.arrayGetLength(); ++i)
    if (visited.first_time(following.arrayGetNF(i)))
      add_action(following.arrayGet(i), scripts, links, visited, depth + 1);
}

/// The action A and all of the additional actions AA.
void add_actions(const Object& owner, PartText& scripts, PartText& links) {
  Visited visited(1'000);
  add_action(owner.dictLookup("A"), scripts, links, visited);
  const Object additional = owner.dictLookup("AA");
  if (!additional.isDict()) return;
  for (int i = 0; i < additional.dictGetLength(); ++i) add_action(additional.dictGetVal(i), scripts, links, visited);
}

void add_field_values(const Object& field, const std::string& name, PartText& form) {
  const std::string value = object_text(field.dictLookup("V"));
  if (value != "Off") form.line(name, value);
  const std::string standard = object_text(field.dictLookup("DV"));
  if (standard != value && standard != "Off") form.line(name, standard);
  form.line(name, object_text(field.dictLookup("RV")));
  form.line(name, object_text(field.dictLookup("TU")));
  if (const Object signature = field.dictLookup("V"); signature.isDict())
    for (const char* key : {"Name", "Location", "Reason", "ContactInfo", "M"})
      form.line(name + " " + key, object_text(signature.dictLookup(key)));
}

struct FormWalk {
  PartText& form;
  PartText& scripts;
  PartText& links;
  Visited& visited;

  void field(const Object& field, const std::string& parent, int depth) {
    if (!field.isDict() || depth > max_object_depth) return;
    const std::string own = object_text(field.dictLookup("T"));
    const std::string name = parent.empty() || own.empty() ? parent + own : parent + "." + own;
    add_field_values(field, name, form);
    add_actions(field, scripts, links);
    fields(field.dictLookup("Kids"), name, depth + 1);
  }

  void fields(const Object& list, const std::string& parent, int depth) {
    for (int i = 0; list.isArray() && i < list.arrayGetLength() && !visited.exhausted(); ++i)
      if (visited.first_time(list.arrayGetNF(i))) field(list.arrayGet(i), parent, depth);
  }
};

void add_xfa(const Object& xfa, PartText& form) {
  if (xfa.isStream()) form.line("", valid_utf8(stream_bytes(*xfa.getStream(), max_xml_bytes)));
  for (int i = 0; xfa.isArray() && i < xfa.arrayGetLength(); ++i)
    if (const Object packet = xfa.arrayGet(i); packet.isStream())
      form.line("", valid_utf8(stream_bytes(*packet.getStream(), max_xml_bytes)));
}

void walk_outline(const Object& first, PartText& outline, PartText& scripts, PartText& links, Visited& visited,
                  int depth) {
  if (depth > max_object_depth) return;
  Object item = first.copy();
  while (item.isDict()) {
    outline.line("", object_text(item.dictLookup("Title")));
    add_actions(item, scripts, links);
    if (visited.first_time(item.dictLookupNF("First")))
      walk_outline(item.dictLookup("First"), outline, scripts, links, visited, depth + 1);
    if (!visited.first_time(item.dictLookupNF("Next"))) return;
    item = item.dictLookup("Next");
  }
}

void add_annotation(const Object& annotation, PartText& comments) {
  const std::string author = object_text(annotation.dictLookup("T"));
  const std::string contents = object_text(annotation.dictLookup("Contents"));
  comments.line(contents.empty() ? "" : author, contents.empty() ? author : contents);
  comments.line("", object_text(annotation.dictLookup("Subj")));
  if (const std::string rich = object_text(annotation.dictLookup("RC")); rich != contents) comments.line("", rich);
}

}  // namespace

void extract_pdf_metadata(PDFDoc& document, Sink& sink) {
  PartText metadata("metadata", 0, sink);
  if (const Object info = document.getDocInfo(); info.isDict())
    for (int i = 0; i < info.dictGetLength(); ++i)
      metadata.line(valid_utf8(info.dictGetKey(i)), object_text(info.dictGetVal(i)));
  const Object catalog = catalog_dictionary(document);
  if (catalog.isDict())
    if (const Object xmp = catalog.dictLookup("Metadata"); xmp.isStream())
      metadata.line("", valid_utf8(stream_bytes(*xmp.getStream(), max_xml_bytes)));
  metadata.give();
}

void extract_pdf_outline(PDFDoc& document, Sink& sink) {
  const Object catalog = catalog_dictionary(document);
  if (!catalog.isDict()) return;
  const Object root = catalog.dictLookup("Outlines");
  if (!root.isDict()) return;
  PartText outline("outline", 0, sink);
  PartText scripts("scripts", 0, sink);
  PartText links("links", 0, sink);
  Visited visited;
  walk_outline(root.dictLookup("First"), outline, scripts, links, visited, 0);
  for (PartText* part : {&outline, &scripts, &links}) part->give();
  if (visited.exhausted()) sink.partial("number of outline entries");
}

void extract_pdf_form(PDFDoc& document, Visited& visited, Sink& sink) {
  const Object catalog = catalog_dictionary(document);
  if (!catalog.isDict()) return;
  const Object acro_form = catalog.dictLookup("AcroForm");
  if (!acro_form.isDict()) return;
  PartText form("form", 0, sink);
  PartText scripts("scripts", 0, sink);
  PartText links("links", 0, sink);
  FormWalk walk{form, scripts, links, visited};
  walk.fields(acro_form.dictLookup("Fields"), "", 0);
  add_xfa(acro_form.dictLookup("XFA"), form);
  for (PartText* part : {&form, &scripts, &links}) part->give();
  if (visited.exhausted()) sink.partial("number of form fields");
}

void extract_pdf_annotations(PDFDoc& document, int page_number, const Visited& fields, const Context& context,
                             Sink& sink) {
  Page* page = document.getPage(page_number);
  if (page == nullptr) return;
  const Object annotations = page->getAnnotsObject();
  if (!annotations.isArray()) return;
  const auto number = static_cast<uint32_t>(page_number);
  PartText comments("comments", number, sink);
  PartText links("links", number, sink);
  PartText form("form", number, sink);
  PartText scripts("scripts", number, sink);
  const int count = std::min(annotations.arrayGetLength(), max_page_annotations);
  for (int i = 0; i < count; ++i) {
    const Object annotation = annotations.arrayGet(i);
    if (!annotation.isDict()) continue;
    const bool in_form = fields.contains(annotations.arrayGetNF(i));
    if (!in_form) add_actions(annotation, scripts, links);
    if (annotation.dictLookup("Subtype").isName("Widget")) {
      if (!in_form) add_field_values(annotation, object_text(annotation.dictLookup("T")), form);
    } else {
      add_annotation(annotation, comments);
    }
  }
  for (PartText* part : {&comments, &links, &form, &scripts}) part->give();
  for (int i = 0; i < count; ++i)
    if (const Object annotation = annotations.arrayGet(i); annotation.isDict())
      if (annotation.dictLookup("Subtype").isName("FileAttachment"))
        give_pdf_file(annotation.dictLookup("FS"), context, sink);
  if (count < annotations.arrayGetLength()) sink.partial("number of annotations");
}

void extract_pdf_scripts(PDFDoc& document, Sink& sink) {
  PartText scripts("scripts", 0, sink);
  PartText links("links", 0, sink);
  walk_names(document, "JavaScript", [&](const std::string&, const Object& action) {
    Visited visited(1'000);
    add_action(action, scripts, links, visited);
  });
  const Object catalog = catalog_dictionary(document);
  if (catalog.isDict()) {
    Visited visited(1'000);
    add_action(catalog.dictLookup("OpenAction"), scripts, links, visited);
    add_actions(catalog, scripts, links);
  }
  scripts.give();
  links.give();
}

void extract_pdf_files(PDFDoc& document, const Context& context, Sink& sink) {
  walk_names(document, "EmbeddedFiles",
             [&](const std::string&, const Object& specification) { give_pdf_file(specification, context, sink); });
}

void give_pdf_file(const Object& specification, const Context& context, Sink& sink) {
  if (!specification.isDict()) return;
  std::string name = object_text(specification.dictLookup("UF"));
  if (name.empty()) name = object_text(specification.dictLookup("F"));
  const Object files = specification.dictLookup("EF");
  if (!files.isDict()) return;
  Object file = files.dictLookup("UF");
  if (!file.isStream()) file = files.dictLookup("F");
  if (!file.isStream()) return;
  Stream* stream = file.getStream();
  stream->reset();
  auto pull = [&](std::span<char> out) {
    const int n = stream->doGetChars(static_cast<int>(out.size()), reinterpret_cast<unsigned char*>(out.data()));
    return static_cast<size_t>(std::max(n, 0));
  };
  {
    SpooledInput content(pull, context.scratch, context.limits.max_member_bytes);
    sink.member(name.empty() ? "attachment" : name, content);
  }
  stream->close();
}

}  // namespace assay::extract
