#include "extract/archive/member_stream.h"

#include <algorithm>
#include <cstring>
#include <exception>

#include "extract/failure.h"

namespace assay::extract {

using model::VerdictKind;

void hand_over_member(std::string_view name, const MemberSource& source, const Context& context, Sink& sink) {
  std::string first(size_t{32} << 10, '\0');
  first.resize(source.pull(std::span(first.data(), first.size())));
  if (first.empty()) {
    model::Verdict verdict = source.outcome();
    if (verdict.kind != VerdictKind::ok) {
      sink.unread_member(name, std::move(verdict));
      return;
    }
  }
  std::exception_ptr input_failed;
  {
    size_t given = 0;
    SpooledInput content(
        [&](std::span<char> out) -> size_t {
          if (given < first.size()) {
            const size_t n = std::min(out.size(), first.size() - given);
            std::memcpy(out.data(), first.data() + given, n);
            given += n;
            return n;
          }
          try {
            return source.pull(out);
          } catch (...) {
            input_failed = std::current_exception();
            throw;
          }
        },
        context.scratch, context.limits.max_member_bytes);
    sink.member(name, content);
  }
  if (input_failed) std::rethrow_exception(input_failed);
  if (model::Verdict verdict = source.outcome(); verdict.kind != VerdictKind::ok) sink.partial(verdict.reason);
}

}  // namespace assay::extract
