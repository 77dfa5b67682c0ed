#include "extract/pdf/pdf.h"

#include <Annot.h>
#include <Error.h>
#include <ErrorCodes.h>
#include <GfxState.h>
#include <GlobalParams.h>
#include <OptionalContent.h>
#include <PDFDoc.h>
#include <TextOutputDev.h>

#include <cstring>

#include "extract/pdf/page_images.h"
#include "extract/pdf/page_layout.h"
#include "extract/pdf/pdf_objects.h"
#include "extract/pdf/pdf_parts.h"
#include "extract/pdf/poppler_data.h"
#include "extract/pdf/poppler_input.h"

namespace assay::extract {
namespace {

constexpr int max_pages = 100'000;
constexpr double points_per_inch = 72;
constexpr int longest_page_points = 14'400;     // ISO 32000-1, C.2
constexpr size_t scanned_page_text_bytes = 40;  // a page with less, as a stamped number, may be a scan

bool character_map_missing = false;

/// Poppler's messages may quote the document, so they go nowhere; but one of them says that text is lost.
void note_error(ErrorCategory, Goffset, const char* message) {
  if (std::strstr(message, "CMap file") != nullptr || std::strstr(message, "Unknown CMap") != nullptr)
    character_map_missing = true;
}

/// Gives the text of a page and carries what the sink throws past poppler.
struct PageText {
  Sink& sink;
  PdfSource& source;
  Part part;

  /// Called by poppler between drawing operations; true ends the page.
  static bool abort_check(void* self) {
    auto* page = static_cast<PageText*>(self);
    if (page->source.failure) return true;
    try {
      page->sink.tick();
    } catch (...) {
      page->source.failure = std::current_exception();
    }
    return page->source.failure != nullptr;
  }

  void give(const std::string& text) {
    if (text.empty()) return;
    sink.begin_text(part);
    sink.text(text);
    sink.end_text();
  }
};

/// What annotations look like is text of the page, except fields of forms and comments, which are given apart.
bool draw_annotation(Annot* annotation, void*) {
  switch (annotation->getType()) {
    case Annot::typeWidget: return annotation->getAnnotObj().dictLookup("FT").isName("Sig");
    case Annot::typeStamp:
    case Annot::typeWatermark: return annotation->getAppearance().isDict() || annotation->getAppearance().isStream();
    default: return false;
  }
}

/// Layers that are switched off are read as well.
void show_all_layers(PDFDoc& document) {
  const OCGs* layers = document.getOptContentConfig();
  if (layers == nullptr) return;
  for (const auto& [reference, layer] : layers->getOCGs()) layer->setState(OptionalContentGroup::On);
}

/// A scanned page: its images are examined as members.
void extract_page_images(PDFDoc& document, int number, PdfSource& source, Sink& sink) {
  PageImages images(number, sink);
  document.displayPage(
      &images, number, points_per_inch, points_per_inch, 0, true, false, false,
      [](void* self) { return static_cast<PageImages*>(self)->failure != nullptr; }, &images);
  if (images.failure) std::rethrow_exception(images.failure);
  source.rethrow_failure();
}

/// Notes in `maps_missing` that text of the page was lost.
void extract_page(PDFDoc& document, int number, const Context& context, PdfSource& source, Sink& sink,
                  bool& maps_missing) {
  if (document.getPage(number) == nullptr) {
    source.rethrow_failure();
    return sink.partial("damaged page");
  }
  character_map_missing = false;
  PageText page{sink, source, {.name = "", .page = static_cast<uint32_t>(number)}};
  std::string text;
  {
    TextOutputDev device(nullptr, false, 0, false, false);
    // Text beside the page is text of the document, though no viewer shows it: taken from a slice of a page that goes
    // on as far as any page may.
    constexpr int slice_points = 3 * longest_page_points;
    document.displayPageSlice(&device, number, points_per_inch, points_per_inch, 0, true, false, false,
                              -longest_page_points, -longest_page_points, slice_points, slice_points,
                              PageText::abort_check, &page, draw_annotation, nullptr);
    TextPage* layout = device.takeText();
    text = page_text(*layout);
    layout->decRefCnt();
  }
  maps_missing |= character_map_missing;
  page.give(text);
  source.rethrow_failure();
  if (context.ocr && text.size() < scanned_page_text_bytes) extract_page_images(document, number, source, sink);
}

void throw_if_unreadable(PDFDoc& document, PdfSource& source) {
  source.rethrow_failure();
  if (document.isOk()) return;
  if (document.getErrorCode() == errEncrypted)
    throw Failure(model::VerdictKind::encrypted, "password-protected document");
  throw Failure(model::VerdictKind::partial, "damaged PDF");
}

}  // namespace

void warm_up_pdf() {
  static const bool done = [] {
    load_poppler_data();
    setErrorCallback(note_error);
    globalParams = std::make_unique<GlobalParams>();
    globalParams->setErrQuiet(true);
    return true;
  }();
  static_cast<void>(done);
}

void extract_pdf(Input& input, const Context& context, Sink& sink) {
  warm_up_pdf();
  PdfSource source{&input, nullptr};
  PDFDoc document(new PopplerInput(source, 0, false, static_cast<Goffset>(input.size()), Object(objNull)));
  throw_if_unreadable(document, source);
  show_all_layers(document);
  extract_pdf_metadata(document, sink);
  extract_pdf_outline(document, sink);
  Visited fields;
  extract_pdf_form(document, fields, sink);
  extract_pdf_scripts(document, sink);
  source.rethrow_failure();
  const int pages = document.getNumPages();
  bool maps_missing = false;
  for (int number = 1; number <= std::min(pages, max_pages); ++number) {
    extract_page(document, number, context, source, sink, maps_missing);
    extract_pdf_annotations(document, number, fields, context, sink);
    sink.tick();
  }
  if (pages <= 0) sink.partial("no pages");
  if (pages > max_pages) sink.partial("number of pages");
  if (maps_missing) sink.partial("a character map is not installed");
  extract_pdf_files(document, context, sink);
  source.rethrow_failure();
}

}  // namespace assay::extract
