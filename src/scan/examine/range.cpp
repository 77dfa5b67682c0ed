#include "extract/failure.h"
#include "extract/text/text.h"
#include "scan/examine/examination.h"
#include "scan/examine/formats.h"

// Large texts, range by range: who asks first is told how, and asks for each range then.
namespace assay::scan {

// What is scanned as text and can be read from its middle. Rules that are tried line by line would see pieces of long
// lines that depend on where a range begins.
bool Examination::plan_ranges(extract::Format format, extract::Input& content) {
  const classify::CompiledRules& rules = state_.classifier.rules();
  if (extractor_for(format) != extract::extract_text || request_.explain_line != 0 || !rules.line_patterns.empty() ||
      !rules.always_line_patterns.empty())
    return false;
  const auto head = extract::look_at_text_head(content, extract::escapes_of(format, request_.name));
  if (!head) return false;
  frame_.clear();
  encode(RangePlan{.format = levels_.back().format,
                   .charset = head->charset,
                   .declared = head->declared,
                   .escapes = static_cast<uint8_t>(head->escapes)},
         frame_);
  reporter_.send(frame_);
  return true;
}

void Examination::examine_range(extract::Input& object, const RangeRequest& request) {
  const extract::TextRange range{.begin = request.begin,
                                 .end = request.end,
                                 .head = {request.charset, request.declared, extract::Escapes{request.escapes}}};
  RangeEnd end;
  try {
    begin_text({.name = "", .page = 0, .has_lines = true});
    const bool is_inside = extract::starts_inside(range);
    if (is_inside) text_scanner_.begin_inside();
    const extract::TextRangeEnd read = extract::read_text_range(object, range, *this);
    end_text();
    end.charset = read.charset;
    end.is_exact = read.is_exact && (!is_inside || text_scanner_.is_in_step(range_places_.begin_offset()));
  } catch (const extract::Failure& failure) {
    levels_.back().verdict = failure.verdict();
    if (!exhausted_) return;  // its measure is not known
    end.is_exact = false;     // the object has more than may be found in it: where that ends is for the whole to say
  } catch (const std::bad_alloc&) {
    throw;  // the sandbox's matter
  } catch (const std::exception& error) {
    levels_.back().verdict = {model::VerdictKind::partial, std::string("the extractor gave up: ") + error.what()};
    return;
  }
  note_given_up();
  const TextMeasure& measure = range_places_.measure();
  end.text_bytes = measure.bytes;
  end.code_points = measure.code_points;
  end.newlines = measure.newlines;
  end.tail_code_points = measure.tail_code_points;
  end.met = findings_;
  frame_.clear();
  encode(end, frame_);
  reporter_.send(frame_);
}

}  // namespace assay::scan
