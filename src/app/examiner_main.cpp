// assay-examiner: the helper that the scan starts. It reads the rules, then forks workers that are locked down before
// they see an object. All libraries that parse documents are linked here and nowhere else.
#include <chrono>
#include <memory>
#include <optional>

#include "extract/archive/archive.h"
#include "extract/image/image.h"
#include "extract/ole/compound_file.h"
#include "extract/pdf/pdf.h"
#include "extract/sandbox/worker.h"
#include "extract/sqlite/sqlite.h"
#include "scan/examine/examination.h"
#include "scan/examine/pipe_input.h"

namespace {

using namespace assay;

class ChannelReporter final : public scan::Reporter {
 public:
  explicit ChannelReporter(sandbox::Channel& channel) : channel_(channel) {}
  void send(std::string_view frame) override { channel_.send(frame); }
  void begin_member(uint64_t ordinal) override {
    channel_.flush();
    channel_.begin_member(ordinal);
  }
  void tick() override {
    channel_.tick();
    if (++ticks_ % ticks_between_looks == 0) flush_if_due();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr uint64_t ticks_between_looks = 16;
  static constexpr std::chrono::milliseconds longest_hold{250};

  // What was found in a large object reaches the parent before the object's time may run out.
  void flush_if_due() {
    const auto now = Clock::now();
    if (now - flushed_ < longest_hold) return;
    flushed_ = now;
    channel_.flush();
  }

  sandbox::Channel& channel_;
  uint64_t ticks_ = 0;
  Clock::time_point flushed_ = Clock::now();
};

std::unique_ptr<scan::ExaminerState> state;

void set_up(std::string_view bytes) {
  state = std::make_unique<scan::ExaminerState>(scan::decode_setup(bytes));
  state->classifier.warm_up(state->scratch);
  extract::prepare_archive_library();
  extract::warm_up_ole();
  extract::warm_up_pdf();
  extract::warm_up_sqlite();
  if (state->setup.ocr) extract::warm_up_images({}, state->setup.ocr_languages);
}

void examine(std::string_view request_bytes, int object, int scratch_fd, sandbox::Channel& channel) {
  const scan::ExaminerRequest request = scan::decode_request(request_bytes);
  extract::Scratch spool(scratch_fd, state->setup.limits.max_member_bytes);
  ChannelReporter reporter(channel);
  scan::Examination examination(*state, request, spool, reporter);
  const model::Limits& limits = state->setup.limits;
  const auto input = request.is_rows     ? scan::open_forward(object)
                     : request.is_stream ? scan::open_pipe(object, spool, limits)
                                         : scan::open_file(object, spool, limits);
  examination.run(*input);
}

}  // namespace

#if defined(ASSAY_SANITIZED)
// A crash must reach the parent as the signal that it is.
extern "C" const char* __asan_default_options() {
  return "handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0";
}
#endif

int main() { return sandbox::run_examiner({.setup = set_up, .enter_worker = {}, .examine = examine}); }
