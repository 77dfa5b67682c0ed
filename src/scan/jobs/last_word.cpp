#include "scan/jobs/last_word.h"

#include <utility>
#include <vector>

namespace assay::scan {

void examine(ObjectScanner& scanner, OpenObject object, LastWordSink& sink) {
  std::vector<OpenObject> one;
  one.push_back(std::move(object));
  scanner.submit(std::move(one), sink);
  sink.wait();
}

void examine(ObjectScanner& scanner, std::unique_ptr<connect::ObjectReader> reader, OpenObject object,
             LastWordSink& sink) {
  const auto delivery = std::make_shared<connect::Delivery>(std::move(reader));
  object.fd = delivery->take_descriptor();
  object.is_stream = delivery->is_stream();
  object.delivery = delivery;
  std::vector<OpenObject> one;
  one.push_back(std::move(object));
  scanner.submit(std::move(one), sink);
  try {
    if (delivery->is_stream()) delivery->pump();
  } catch (...) {
    sink.settle();  // its examiner has a reference until then
    throw;
  }
  sink.wait();
}

}  // namespace assay::scan
