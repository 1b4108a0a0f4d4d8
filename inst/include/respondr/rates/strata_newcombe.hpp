#pragma once
// Stratified Newcombe interval of the difference (Yan and Su 2010, Stat Biopharm Res 2:323) with Mantel-Haenszel weights W,
// which add to 1: from the stratified Wilson limits l, u of each arm,
//   low = d - z sqrt(L1 l1 (1 - l1) + L0 u0 (1 - u0)), high = d + z sqrt(L1 u1 (1 - u1) + L0 l0 (1 - l0)), L = sum W^2 / n.
// Stratified Wilson limits are the weighted means of the Wilson limits of the strata with the quantile z sqrt(sum W^2 v) /
// sum W sqrt(v), v = p (1 - p) / n. Where v is 0 in every stratum of an arm (no events, or events only) that quantile is
// taken at its limit for equal rates, v = 1 / n.

#include <cmath>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/rates/strata_mh.hpp"

namespace respondr::rates {

namespace strata_detail {

struct ArmLimits {
  double low = 0.0, high = 0.0, lambda = 0.0;
};

inline ArmLimits stratified_wilson(const std::vector<Stratum>& strata, bool reference, double total, double z) {
  const auto size = [&](const Stratum& h) { return static_cast<double>(reference ? h.n0 : h.n1); };
  const auto rate = [&](const Stratum& h) { return reference ? h.p0() : h.p1(); };
  CompensatedSum squares, roots, plain_squares, plain_roots;
  for (const Stratum& h : strata) {
    const double w = h.weight() / total, p = rate(h), v = p * (1.0 - p) / size(h);
    squares.add(w * w * v);
    roots.add(w * std::sqrt(v));
    plain_squares.add(w * w / size(h));
    plain_roots.add(w / std::sqrt(size(h)));
  }
  const double quantile = z * (roots.value() > 0.0 ? std::sqrt(squares.value()) / roots.value()
                                                   : std::sqrt(plain_squares.value()) / plain_roots.value());
  CompensatedSum low, high;
  for (const Stratum& h : strata) {
    const double w = h.weight() / total, p = rate(h), n = size(h), q2 = quantile * quantile;
    const double middle = (p + q2 / (2.0 * n)) / (1.0 + q2 / n);
    const double reach = quantile * std::sqrt(p * (1.0 - p) / n + q2 / (4.0 * n * n)) / (1.0 + q2 / n);
    low.add(w * std::fmax(0.0, middle - reach));
    high.add(w * std::fmin(1.0, middle + reach));
  }
  return {low.value(), high.value(), plain_squares.value()};
}

}  // namespace strata_detail

inline StrataEstimate newcombe_strata(const std::vector<Stratum>& strata, double z) {
  StrataEstimate out = mh_difference(strata, z, false);
  CompensatedSum total;
  for (const Stratum& h : strata) {
    total.add(h.weight());
  }
  const strata_detail::ArmLimits one = strata_detail::stratified_wilson(strata, false, total.value(), z);
  const strata_detail::ArmLimits zero = strata_detail::stratified_wilson(strata, true, total.value(), z);
  const auto spread = [](double p) { return p * (1.0 - p); };
  out.low = out.estimate - z * std::sqrt(one.lambda * spread(one.low) + zero.lambda * spread(zero.high));
  out.high = out.estimate + z * std::sqrt(one.lambda * spread(one.high) + zero.lambda * spread(zero.low));
  out.std_error = missing;
  return out;
}

}  // namespace respondr::rates
