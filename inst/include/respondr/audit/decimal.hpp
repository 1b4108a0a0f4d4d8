#pragma once
// A printed figure as whole numbers: digits / 10^decimals. What rounds to it lies between (2 digits - 1) and (2 digits +
// 1) in
// units of half a last digit; both ends belong to it, since one program rounds a half up and another to even. Quotients of
// whole numbers are compared with these ends without a division, hence exactly.

#include <cmath>

#include "respondr/types.hpp"

namespace respondr::audit {

// Products below this are exact in a double.
constexpr double whole_limit = 9007199254740992.0;

struct Decimal {
  double digits = missing;  // whole, of either sign
  int decimals = 0;

  double scale() const { return std::pow(10.0, decimals); }
  double value() const { return digits / scale(); }
  double low() const { return (2.0 * digits - 1.0) / (2.0 * scale()); }
  double high() const { return (2.0 * digits + 1.0) / (2.0 * scale()); }
  bool known() const { return digits == digits; }
};

// Does share * whole / n, whole numbers all, print as d?
inline bool prints_as(const Decimal& d, double whole, double n, double share = 1.0) {
  const double twice = 2.0 * d.scale() * share * whole;
  return (2.0 * d.digits - 1.0) * n <= twice && twice <= (2.0 * d.digits + 1.0) * n;
}

// Would it if the further digits were cut off?
inline bool cuts_to(const Decimal& d, double whole, double n, double share = 1.0) {
  const double scaled = d.scale() * share * whole;
  return d.digits * n <= scaled && scaled < (d.digits + 1.0) * n;
}

// The whole numbers k with share * k / n printing as d: from `low` to `high`, none if low > high.
struct WholeRange {
  double low = 0.0, high = -1.0;
  bool empty() const { return !(low <= high); }
};

inline WholeRange numerators(const Decimal& d, double n, double share = 1.0) {
  const double unit = 2.0 * d.scale() * share;
  WholeRange out{std::ceil((2.0 * d.digits - 1.0) * n / unit), std::floor((2.0 * d.digits + 1.0) * n / unit)};
  // The division may have rounded past a whole number; the products settle it.
  if (prints_as(d, out.low - 1.0, n, share)) out.low -= 1.0;
  if (prints_as(d, out.high + 1.0, n, share)) out.high += 1.0;
  while (out.low <= out.high && !prints_as(d, out.low, n, share)) out.low += 1.0;
  while (out.low <= out.high && !prints_as(d, out.high, n, share)) out.high -= 1.0;
  return out;
}

}  // namespace respondr::audit
