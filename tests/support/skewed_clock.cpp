// To be preloaded: the wall clock of the program is TEST_CLOCK_SKEW_S seconds away from the machine's. Monotonic
// clocks stay.
#include <dlfcn.h>
#include <sys/time.h>

#include <cstdlib>
#include <ctime>

namespace {

using ClockGettime = int (*)(clockid_t, timespec*);

// Found before the program's sandbox is closed.
const auto real_clock_gettime = reinterpret_cast<ClockGettime>(::dlsym(RTLD_NEXT, "clock_gettime"));
const long skew_s = [] {
  const char* text = std::getenv("TEST_CLOCK_SKEW_S");
  return text == nullptr ? 0L : std::strtol(text, nullptr, 10);
}();

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  // Others may ask before this library is set up.
  const auto real =
      real_clock_gettime ? real_clock_gettime : reinterpret_cast<ClockGettime>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int status = real(clock, time);
  if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += skew_s;
  return status;
}

int gettimeofday(timeval* time, void*) noexcept {
  timespec now{};
  const int status = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return status;
}

time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}
}
