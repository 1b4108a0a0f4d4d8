#pragma once
// Two doubles at a time, for the loops that run at the speed of memory.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace respondr::detail {

// Two lanes of a vector register; every compiler that builds R knows the extension (gcc, clang).
typedef double Lanes __attribute__((vector_size(16)));

inline Lanes load_lanes(const double* x) {
  Lanes lanes;
  std::memcpy(&lanes, x, sizeof lanes);
  return lanes;
}

inline void store_lanes(double* x, Lanes lanes) { std::memcpy(x, &lanes, sizeof lanes); }

inline Lanes absolute(Lanes x) {
  typedef std::int64_t Bits __attribute__((vector_size(16)));
  Bits bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits &= Bits{INT64_MAX, INT64_MAX};
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline Lanes larger(Lanes x, Lanes y) { return x > y ? x : y; }

// change = after - before and the largest absolute measurement; false if a measurement is missing or infinite.
inline bool dense_change(const double* before, const double* after, std::size_t n, double* change, double& magnitude) {
  Lanes bad = {}, most = {};
  std::size_t i = 0;
  for (; i + 2 <= n; i += 2) {
    const Lanes a = load_lanes(after + i);
    const Lanes b = load_lanes(before + i);
    bad += (a - a) + (b - b);  // not 0 where a value is not finite
    most = larger(larger(absolute(a), absolute(b)), most);
    store_lanes(change + i, a - b);
  }
  double rest = bad[0] + bad[1];
  magnitude = most[0] > most[1] ? most[0] : most[1];
  if (i < n) {
    rest += (after[i] - after[i]) + (before[i] - before[i]);
    magnitude = std::fmax(magnitude, std::fmax(std::fabs(after[i]), std::fabs(before[i])));
    change[i] = after[i] - before[i];
  }
  return rest == 0.0;
}

}  // namespace respondr::detail
