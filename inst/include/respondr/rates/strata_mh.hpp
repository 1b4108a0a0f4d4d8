#pragma once
// Mantel-Haenszel estimates of the odds ratio (Mantel and Haenszel 1959, J Natl Cancer Inst 22:719), the risk ratio and the
// risk difference over strata with their closed intervals, and the Cochran-Mantel-Haenszel statistic. With a of n1 and c of
// n0 having the event, b = n1 - a, d = n0 - c, N = n1 + n0, m = a + c:
//   odds ratio   R / S, R = sum ad / N, S = sum bc / N; variance of its log by Robins, Breslow and Greenland (1986,
//                Biometrics 42:311)
//   risk ratio   sum a n0 / N / sum c n1 / N; variance of its log by Greenland and Robins (1985, Biometrics 41:55)
//   difference   sum w (a / n1 - c / n0) / sum w, w = n1 n0 / N; variance (difference P + Q) / (sum w)^2 by Sato (1989,
//                Biometrics 45:1323); Klingenberg (2014, Stat Med 33:2968) inverts (estimate - delta)^2 = z^2 (delta P + Q)
//                / (sum w)^2

#include <cmath>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/rates/strata.hpp"

namespace respondr::rates {

struct StrataEstimate {
  double estimate = missing, std_error = missing;  // the error of a ratio is that of its log
  double low = missing, high = missing;
};

inline StrataEstimate mh_odds_ratio(const std::vector<Stratum>& strata, double z) {
  CompensatedSum r, s, pr, both, qs;
  for (const Stratum& h : strata) {
    const double n = h.total(), a = h.x1, b = h.n1 - h.x1, c = h.x0, d = h.n0 - h.x0;
    const double p = (a + d) / n, q = (b + c) / n, ad = a * d / n, bc = b * c / n;
    r.add(ad);
    s.add(bc);
    pr.add(p * ad);
    both.add(p * bc + q * ad);
    qs.add(q * bc);
  }
  StrataEstimate out;
  const double top = r.value(), bottom = s.value();
  if (!(top > 0.0) && !(bottom > 0.0)) {
    return out;
  }
  out.estimate = top / bottom;
  if (top > 0.0 && bottom > 0.0) {
    out.std_error = std::sqrt(pr.value() / (2.0 * top * top) + both.value() / (2.0 * top * bottom) +
                              qs.value() / (2.0 * bottom * bottom));
    out.low = out.estimate * std::exp(-z * out.std_error);
    out.high = out.estimate * std::exp(z * out.std_error);
  }
  return out;
}

inline StrataEstimate mh_risk_ratio(const std::vector<Stratum>& strata, double z) {
  CompensatedSum top, bottom, variance;
  for (const Stratum& h : strata) {
    const double n = h.total(), n1 = h.n1, n0 = h.n0, a = h.x1, c = h.x0;
    top.add(a * n0 / n);
    bottom.add(c * n1 / n);
    variance.add((n1 * n0 * (a + c) - a * c * n) / (n * n));
  }
  StrataEstimate out;
  if (!(top.value() > 0.0) && !(bottom.value() > 0.0)) {
    return out;
  }
  out.estimate = top.value() / bottom.value();
  if (top.value() > 0.0 && bottom.value() > 0.0) {
    out.std_error = std::sqrt(variance.value() / (top.value() * bottom.value()));
    out.low = out.estimate * std::exp(-z * out.std_error);
    out.high = out.estimate * std::exp(z * out.std_error);
  }
  return out;
}

inline StrataEstimate mh_difference(const std::vector<Stratum>& strata, double z, bool klingenberg) {
  CompensatedSum weight, sum, p, q;
  for (const Stratum& h : strata) {
    const double n = h.total(), n1 = h.n1, n0 = h.n0, a = h.x1, c = h.x0;
    weight.add(h.weight());
    sum.add((a * n0 - c * n1) / n);
    p.add((n1 * n1 * c - n0 * n0 * a + n1 * n0 * (n0 - n1) / 2.0) / (n * n));
    q.add((a * (n0 - c) + c * (n1 - a)) / (2.0 * n));
  }
  StrataEstimate out;
  const double w = weight.value();
  if (!(w > 0.0)) {
    return out;
  }
  out.estimate = sum.value() / w;
  out.std_error = std::sqrt(std::fmax(0.0, out.estimate * p.value() + q.value())) / w;
  double middle = out.estimate, reach = z * out.std_error;
  if (klingenberg) {
    middle += 0.5 * z * z * p.value() / (w * w);
    reach = std::sqrt(std::fmax(0.0, middle * middle - out.estimate * out.estimate + z * z * q.value() / (w * w)));
  }
  out.low = std::fmax(-1.0, middle - reach);
  out.high = std::fmin(1.0, middle + reach);
  return out;
}

// Sum of the events of the arm of interest less what the margins let expect, and its variance.
struct CmhSums {
  double excess = 0.0, variance = 0.0;
};

inline CmhSums cmh_sums(const std::vector<Stratum>& strata) {
  CompensatedSum excess, variance;
  for (const Stratum& h : strata) {
    if (!h.varies()) {
      continue;
    }
    const double n = h.total(), n1 = h.n1, n0 = h.n0, m = h.events();
    excess.add(h.x1 - n1 * m / n);
    variance.add(n1 * n0 * m * (n - m) / (n * n * (n - 1.0)));
  }
  return {excess.value(), variance.value()};
}

// excess towards 0 by the correction, never beyond.
inline double continuity_corrected(double excess, bool continuity) {
  return continuity ? std::copysign(std::fmax(0.0, std::fabs(excess) - 0.5), excess) : excess;
}

}  // namespace respondr::rates
