#include "connect/object_store/xml.h"

#include <libxml/xmlreader.h>

#include <climits>
#include <memory>

#include "core/error.h"

namespace assay::connect {
namespace {

constexpr int most_depth = 16;
constexpr size_t most_elements = 100'000;

struct ReaderDeleter {
  void operator()(xmlTextReader* reader) const { ::xmlFreeTextReader(reader); }
};

std::string text(const xmlChar* bytes) { return bytes == nullptr ? "" : reinterpret_cast<const char*>(bytes); }

[[noreturn]] void refuse(const char* why) {
  throw core::Error(core::ErrorKind::permanent, std::string("the server's answer is no XML that can be read: ") + why);
}

// What libxml2 has to say about a document may quote it.
void say_nothing(void*, const char*, xmlParserSeverities, xmlTextReaderLocatorPtr) {}

/// How many there were.
size_t read_attributes(xmlTextReader* reader, XmlElement& element) {
  while (::xmlTextReaderMoveToNextAttribute(reader) == 1)
    element.attributes.emplace_back(text(::xmlTextReaderConstLocalName(reader)),
                                    text(::xmlTextReaderConstValue(reader)));
  ::xmlTextReaderMoveToElement(reader);
  return element.attributes.size();
}

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const noexcept {
  for (const XmlElement& one : children)
    if (one.name == child) return &one;
  return nullptr;
}

std::string XmlElement::text_of(std::string_view child) const {
  const XmlElement* found = find(child);
  return found == nullptr ? "" : found->text;
}

XmlElement parse_xml(std::string_view document) {
  if (document.empty() || document.size() > INT_MAX) refuse("its length");
  const std::unique_ptr<xmlTextReader, ReaderDeleter> reader(
      ::xmlReaderForMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr,
                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (!reader) throw std::bad_alloc();
  ::xmlTextReaderSetErrorHandler(reader.get(), say_nothing, nullptr);
  XmlElement top;
  std::vector<XmlElement*> open{&top};
  size_t elements = 0;
  int result = 0;
  while ((result = ::xmlTextReaderRead(reader.get())) == 1) {
    switch (::xmlTextReaderNodeType(reader.get())) {
      case XML_READER_TYPE_ELEMENT:
        if (++elements > most_elements || open.size() > most_depth) refuse("it has too many elements");
        open.back()->children.push_back(
            {.name = text(::xmlTextReaderConstLocalName(reader.get())), .text = {}, .attributes = {}, .children = {}});
        elements += read_attributes(reader.get(), open.back()->children.back());
        if (::xmlTextReaderIsEmptyElement(reader.get()) == 0) open.push_back(&open.back()->children.back());
        break;
      case XML_READER_TYPE_END_ELEMENT: open.pop_back(); break;
      case XML_READER_TYPE_TEXT:
      case XML_READER_TYPE_CDATA:
      case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        open.back()->text += text(::xmlTextReaderConstValue(reader.get()));
        break;
      case XML_READER_TYPE_DOCUMENT_TYPE:
      case XML_READER_TYPE_ENTITY_REFERENCE: refuse("it defines what XML need not");
      default: break;
    }
  }
  if (result != 0 || top.children.size() != 1) refuse("it is cut or malformed");
  return std::move(top.children.front());
}

}  // namespace assay::connect
