#include "extract/image/ocr.h"

#include <dlfcn.h>
#include <fmt/ranges.h>
#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>

#include <cstring>
#include <exception>
#include <memory>

#include "core/error.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr uint64_t max_decoded_bytes = uint64_t{64} << 20;
constexpr uint64_t max_recognised_pixels = 20'000'000;
constexpr int max_side_pixels = 32'000;  // tesseract refuses more
constexpr int min_side_pixels = 8;
constexpr int usual_dots_per_inch = 300;
constexpr float min_confidence = 50;  // of 100; letters that are none score lower

struct DestroyPix {
  void operator()(Pix* pix) const noexcept { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<Pix, DestroyPix>;

std::unique_ptr<tesseract::TessBaseAPI>& engine() {
  static std::unique_ptr<tesseract::TessBaseAPI> instance;
  return instance;
}

/// A region of zero levels has one thread, however many it asks for. The library is tesseract's, so it is found by
/// name.
void forbid_threads() {
  using SetLevels = void (*)(int);
  if (const auto set = reinterpret_cast<SetLevels>(dlsym(RTLD_DEFAULT, "omp_set_max_active_levels"))) set(0);
}

/// Libraries below print to standard error about damaged images, which are ordinary here.
void silence_libraries() {
  setMsgSeverity(L_SEVERITY_NONE);
  using SetHandler = void* (*)(void*);
  for (const char* name : {"TIFFSetErrorHandler", "TIFFSetWarningHandler"})
    if (const auto set = reinterpret_cast<SetHandler>(dlsym(RTLD_DEFAULT, name))) set(nullptr);
}

struct Watch {
  Sink& sink;
  std::exception_ptr failure;

  /// Called between words; true ends the recognition.
  static bool cancel(void* self, int) {
    auto* watch = static_cast<Watch*>(self);
    try {
      watch->sink.tick();
    } catch (...) {
      watch->failure = std::current_exception();
    }
    return watch->failure != nullptr;
  }
};

/// JPEG is decoded at the largest of its built-in scales that fits.
PixPtr decode(std::string_view file, Format format, uint32_t frame, uint64_t known_pixels) {
  const auto* data = reinterpret_cast<const l_uint8*>(file.data());
  if (format == Format::jpeg) {
    int reduction = 1;
    while (reduction < 8 && known_pixels * 4 / static_cast<uint64_t>(reduction * reduction) > max_decoded_bytes)
      reduction *= 2;
    return PixPtr(pixReadMemJpeg(data, file.size(), 0, reduction, nullptr, 0));
  }
  if (format == Format::tiff) return PixPtr(pixReadMemTiff(data, file.size(), static_cast<l_int32>(frame)));
  return PixPtr(pixReadMem(data, file.size()));
}

/// Bytes that leptonica's decoder would take, from the header; 0 when it cannot tell.
uint64_t decoded_bytes(std::string_view file, Format format, uint32_t frame, uint64_t known_pixels) {
  const auto* data = reinterpret_cast<const l_uint8*>(file.data());
  l_int32 kind = 0, width = 0, height = 0, bits = 0, samples = 0, has_colors = 0;
  const bool failed = format == Format::tiff
                          ? readHeaderMemTiff(data, file.size(), static_cast<l_int32>(frame), &width, &height, &bits,
                                              &samples, nullptr, &has_colors, nullptr)
                          : pixReadHeaderMem(data, file.size(), &kind, &width, &height, &bits, &samples, &has_colors);
  if (failed || width <= 0 || height <= 0) return known_pixels * 4;
  const uint64_t pixels = static_cast<uint64_t>(width) * static_cast<uint64_t>(height);
  const uint64_t bits_a_pixel = samples > 1 ? 32 : static_cast<uint64_t>(std::max(bits, 1));
  return pixels * bits_a_pixel / 8;
}

/// Gray, of a size and resolution that tesseract takes.
PixPtr prepare(PixPtr pix) {
  PixPtr gray(pixGetDepth(pix.get()) == 1 ? pixClone(pix.get()) : pixConvertTo8(pix.get(), 0));
  pix.reset();
  if (!gray) return gray;
  const uint64_t pixels =
      static_cast<uint64_t>(pixGetWidth(gray.get())) * static_cast<uint64_t>(pixGetHeight(gray.get()));
  if (pixels > max_recognised_pixels && pixGetDepth(gray.get()) == 8) gray.reset(pixScale(gray.get(), 0.5F, 0.5F));
  if (gray && (pixGetXRes(gray.get()) < 70 || pixGetXRes(gray.get()) > 2400))
    pixSetResolution(gray.get(), usual_dots_per_inch, usual_dots_per_inch);
  return gray;
}

bool has_usable_size(Pix* pix) {
  const int width = pixGetWidth(pix);
  const int height = pixGetHeight(pix);
  return width >= min_side_pixels && height >= min_side_pixels && width < max_side_pixels && height < max_side_pixels;
}

/// What was read of an image, one way round.
struct Reading {
  std::string text;
  size_t sure_bytes = 0, bytes = 0;  // of words that are likely right, and of all that were seen

  /// Words that are turned are seen, but hardly ever taken for some.
  bool may_be_turned() const { return sure_bytes * 2 < bytes; }
};

void read_words(Reading& reading) {
  const std::unique_ptr<tesseract::ResultIterator> words(engine()->GetIterator());
  if (!words) return;
  std::string& text = reading.text;
  bool line_has_words = false;
  do {
    if (words->Empty(tesseract::RIL_WORD)) continue;
    const std::unique_ptr<char[]> word(words->GetUTF8Text(tesseract::RIL_WORD));
    if (word) reading.bytes += std::strlen(word.get());
    if (word && words->Confidence(tesseract::RIL_WORD) >= min_confidence) {
      if (line_has_words) text += ' ';
      text += valid_utf8(word.get());
      reading.sure_bytes += std::strlen(word.get());
      line_has_words = true;
    }
    if (words->IsAtFinalElement(tesseract::RIL_TEXTLINE, tesseract::RIL_WORD) && line_has_words) {
      text += '\n';
      line_has_words = false;
    }
  } while (words->Next(tesseract::RIL_WORD));
}

Reading recognise(Pix* pix, Sink& sink) {
  Watch watch{sink, nullptr};
  tesseract::ETEXT_DESC monitor;
  monitor.cancel = Watch::cancel;
  monitor.cancel_this = &watch;
  engine()->SetImage(pix);
  const bool done = engine()->Recognize(&monitor) == 0;
  if (watch.failure) {
    engine()->Clear();
    std::rethrow_exception(watch.failure);
  }
  Reading reading;
  if (done) read_words(reading);
  engine()->Clear();
  return reading;
}

/// Scans and photographs lie on their side, or on their head, as often as not, and say so nowhere or only to viewers.
Reading recognise_any_way_round(Pix* pix, Sink& sink) {
  Reading best = recognise(pix, sink);
  for (int quarters = 1; quarters < 4 && best.may_be_turned(); ++quarters) {
    const PixPtr turned(pixRotateOrth(pix, quarters));
    if (!turned) break;
    Reading reading = recognise(turned.get(), sink);
    if (reading.sure_bytes > best.sure_bytes) best = std::move(reading);
  }
  return best;
}

/// Recognises an empty page of no resolution: the complaint about it makes tesseract open its message file, and the
/// rest of what is made on first use is made too.
void exercise() {
  class Silent final : public Sink {
    void begin_text(const Part&) override {}
    void text(std::string_view) override {}
    void end_text() override {}
    void begin_table(const TableInfo&) override {}
    void row(uint64_t, std::span<const std::string_view>) override {}
    void add_column(const InnerColumn&) override {}
    void inner_values(uint64_t, std::span<const InnerValue>) override {}
    void end_table() override {}
    void member(std::string_view, Input&) override {}
    void unread_member(std::string_view, model::Verdict) override {}
    void partial(std::string_view) override {}
    void tick() override {}
  } silent;
  PixPtr page(pixCreate(200, 60, 8));
  pixSetAll(page.get());
  recognise(page.get(), silent);
}

}  // namespace

void load_ocr(const std::string& tessdata_folder, const std::vector<std::string>& languages) {
  forbid_threads();
  silence_libraries();
  auto api = std::make_unique<tesseract::TessBaseAPI>();
  api->SetVariable("debug_file", "/dev/null");
  const std::string names = fmt::format("{}", fmt::join(languages, "+"));
  if (api->Init(tessdata_folder.empty() ? nullptr : tessdata_folder.c_str(), names.c_str(), tesseract::OEM_LSTM_ONLY) !=
      0)
    throw core::Error(core::ErrorKind::not_found,
                      fmt::format("cannot load the OCR languages {}: install their tesseract data", names));
  api->SetVariable("debug_file", "/dev/null");
  api->SetPageSegMode(tesseract::PSM_AUTO);
  engine() = std::move(api);
  exercise();
}

bool ocr_is_loaded() noexcept { return engine() != nullptr; }

OcrOutcome read_text_in_image(std::string_view file, Format format, uint32_t frame, uint64_t known_pixels, Sink& sink,
                              std::string& text) {
  const bool scalable = format == Format::jpeg;
  if (decoded_bytes(file, format, frame, known_pixels) / (scalable ? 64 : 1) > max_decoded_bytes)
    return OcrOutcome::too_large;
  PixPtr pix = decode(file, format, frame, known_pixels);
  if (!pix) return OcrOutcome::damaged;
  sink.tick();
  pix = prepare(std::move(pix));
  if (!pix) return OcrOutcome::damaged;
  if (!has_usable_size(pix.get())) return OcrOutcome::read;
  text += recognise_any_way_round(pix.get(), sink).text;
  return OcrOutcome::read;
}

}  // namespace assay::extract
