#pragma once
// The exponential of two doubles at a time.

#include "respondr/detail/lanes.hpp"

namespace respondr::detail {

// exp(x) for x <= 0, within 1.2 units in the last place; what is below exp(-708) counts as that. x = k log 2 + r with
// the two parts of log 2 of Cody and Waite (1980), Taylor's series to r^12 (remainder 2e-16 at |r| = log(2) / 2), 2^k
// put into the exponent.
inline Lanes exp_of_negative(Lanes x) {
  typedef std::int64_t Bits __attribute__((vector_size(16)));
  const Lanes least = {-708.0, -708.0}, shift = {0x1.8p52, 0x1.8p52};
  x = larger(x, least);
  Lanes k = x * 1.4426950408889634 + shift;
  Bits power;
  std::memcpy(&power, &k, sizeof power);
  k -= shift;
  const Lanes r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
  const Lanes r2 = r * r, r4 = r2 * r2;
  const Lanes low = (0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
  const Lanes middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + r2 * (1.0 / 40320.0 + r * (1.0 / 362880.0));
  const Lanes high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) + r2 * (1.0 / 479001600.0);
  const Lanes sum = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)));
  Bits bits;
  std::memcpy(&bits, &sum, sizeof bits);
  typedef std::uint64_t Unsigned __attribute__((vector_size(16)));
  bits = (Bits)((Unsigned)bits + ((Unsigned)power << 52));
  Lanes out;
  std::memcpy(&out, &bits, sizeof out);
  return out;
}

}  // namespace respondr::detail
