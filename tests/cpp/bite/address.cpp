// A planted fault: one value too many for the heap, through a view that trusts its size.

#include <vector>

#include "respondr/moments.hpp"

int main() {
  const std::vector<double> x(9, 1.0);
  return respondr::Moments::of({x.data(), x.size() + 1}).mean > 0.0 ? 0 : 1;
}
