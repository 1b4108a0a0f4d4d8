// A planted fault: a solve that writes to what other problems write to.

#include "respondr/parallel.hpp"

int main() {
  int sum = 0;
  respondr::parallel_map(
      200000, 2, {}, [] { return 0; }, [&sum](std::size_t, int&) { ++sum; });
  return sum == 0 ? 1 : 0;
}
