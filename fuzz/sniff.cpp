// The sniffer: any bytes under any name get a format.
#include <array>

#include "extract/failure.h"
#include "fuzz/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  constexpr std::array names{"",      "a.csv", "a.tsv", "a.json", "a.jsonl", "a.html", "a.yaml", "a.ini",
                             "a.log", "a.cpp", "a.eml", "mbox",   "a.xml",   "a.bin",  ".csv",   "a.tar.gz"};
  fuzz::Choices choices(fuzz::as_text(data, size));
  const char* name = names[choices.below(names.size())];
  extract::MemoryInput input(choices.rest());
  try {
    fuzz::require(!to_string(extract::sniff(input, name)).empty(), "a format has a name");
  } catch (const extract::Failure&) {  // an answer like others
  }
  return 0;
}
