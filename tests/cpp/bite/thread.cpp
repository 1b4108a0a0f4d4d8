// A planted fault: a solve that writes to what other problems write to. One thread alone may be through before the other
// starts, so that each waits for the other before it writes; relaxed order hides no race from the sanitizer.

#include <atomic>
#include <thread>

#include "respondr/parallel.hpp"

int main() {
  int sum = 0;
  std::atomic<int> arrived{0};
  respondr::parallel_map(
      200000, 2, {}, [] { return 0; },
      [&](std::size_t, int& seen) {
        if (seen++ == 0) arrived.fetch_add(1, std::memory_order_relaxed);
        for (int i = 0; i < 1000000 && arrived.load(std::memory_order_relaxed) < 2; ++i) std::this_thread::yield();
        ++sum;
      });
  return sum == 0 ? 1 : 0;
}
