#pragma once
// Change between arms: the model outcome = arm + slope * baseline (ANCOVA; Fisher 1932), and the same with the slope fixed
// at 1, which is the analysis of change scores. Everything follows from the moments of each arm, so that offsets cancel.
//
// slope b = pooled SP / pooled SS of the baseline; contrast of arms d = (y - y') - b (x - x') of means; adjusted mean of an
// arm y - b (x - mean baseline of all patients). Residual df N - k - 1 (change scores N - k).
// Covariance: classical, s^2 times the sum of squared weights of the patients; or HC3 (MacKinnon and White 1985, J
// Econometrics 29:305), the sum of (weight residual / (1 - leverage))^2, with t on the same df (Long and Ervin 2000, Am
// Stat 54:217). Arms: F of all contrasts with one arm, k - 1 df. Slopes: F of one slope for all arms against a slope for
// each, df (arms with a slope) - 1 and N - k - (arms with a slope).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "respondr/groups/pairs_means.hpp"
#include "respondr/moments.hpp"

namespace respondr::groups {

// Complete patients of one problem, arm after arm.
struct ChangeSample {
  std::vector<double> baseline, outcome, change;  // change = outcome - baseline
  std::vector<std::size_t> start;                 // k + 1 offsets
  std::vector<int> no_baseline, no_outcome;       // patients left out, an arm; those without either count in both
  std::vector<int> dropped;                       // patients left out, an arm
  double rounding_baseline = 0.0, rounding_outcome = 0.0;

  std::size_t k() const { return start.size() - 1; }
  std::size_t n(std::size_t arm) const { return start[arm + 1] - start[arm]; }
};

struct ChangeColumns {
  const double *baseline = nullptr, *outcome = nullptr;
  const int *order = nullptr, *start = nullptr;
  std::size_t k = 0;
};

// false if a value is infinite.
inline bool load_change(const ChangeColumns& c, ChangeSample& out) {
  out.baseline.clear();
  out.outcome.clear();
  out.change.clear();
  out.start.assign(1, 0);
  for (std::vector<int>* v : {&out.no_baseline, &out.no_outcome, &out.dropped}) {
    v->assign(c.k, 0);
  }
  double largest_x = 0.0, largest_y = 0.0;
  for (std::size_t j = 0; j < c.k; ++j) {
    for (int i = c.start[j]; i < c.start[j + 1]; ++i) {
      const double x = c.baseline[c.order[i] - 1], y = c.outcome[c.order[i] - 1];
      if (std::isinf(x) || std::isinf(y)) {
        return false;
      }
      if (x == x && y == y) {
        out.baseline.push_back(x);
        out.outcome.push_back(y);
        out.change.push_back(y - x);
        largest_x = std::max(largest_x, std::fabs(x));
        largest_y = std::max(largest_y, std::fabs(y));
      } else {
        ++out.dropped[j];
        out.no_baseline[j] += x == x ? 0 : 1;
        out.no_outcome[j] += y == y ? 0 : 1;
      }
    }
    out.start.push_back(out.change.size());
  }
  constexpr double unit = 2.0 * std::numeric_limits<double>::epsilon();
  out.rounding_baseline = unit * largest_x;
  out.rounding_outcome = unit * largest_y;
  return true;
}

struct AncovaFit {
  bool change_score = false, hc3 = false;
  Status status = Status::ok;     // of every test
  std::vector<Comoments> arm;     // x baseline, y outcome
  std::vector<std::size_t> used;  // arms with patients
  double n = 0.0, mean_baseline = missing, slope = missing;
  double ss_x = 0.0, ss_residual = 0.0, df = 0.0, s2 = missing;
  std::vector<std::vector<double>> weight;  // of contrasts under study, a patient each
  std::vector<double> residual, scaled;     // scaled: residual / (1 - leverage)
  bool full_leverage = false;               // a patient determines a coefficient alone: no HC3

  // Share of the squared distance of the mean baselines; 0 for change scores.
  double over_ss_x(double x) const { return change_score ? 0.0 : x / ss_x; }
};

namespace detail {

inline double mean_of_arms(const AncovaFit& f, double Comoments::*mean) {
  const double base = f.arm[f.used[0]].*mean;
  double shift = 0.0;
  for (const std::size_t j : f.used) {
    shift += f.arm[j].n * (f.arm[j].*mean - base);
  }
  return base + shift / f.n;
}

inline void leave_residuals(const ChangeSample& data, AncovaFit& f) {
  f.residual.assign(data.outcome.size(), 0.0);
  f.scaled = f.residual;
  for (const std::size_t j : f.used) {
    const Comoments& m = f.arm[j];
    for (std::size_t i = data.start[j]; i < data.start[j + 1]; ++i) {
      const double x = data.baseline[i] - m.mean_x;
      f.residual[i] = (data.outcome[i] - m.mean_y) - f.slope * x;
      const double leverage = 1.0 / m.n + f.over_ss_x(x * x);
      f.full_leverage = f.full_leverage || leverage > 1.0 - 1e-10;
      f.scaled[i] = f.residual[i] / (1.0 - leverage);
    }
  }
}

}  // namespace detail

// Fits the model; fit.status says why there is none.
inline void fit_ancova(const ChangeSample& data, bool change_score, bool hc3, AncovaFit& f) {
  f = AncovaFit();
  f.change_score = change_score;
  f.hc3 = hc3;
  CompensatedSum ss_x, sp, ss_change;
  for (std::size_t j = 0; j < data.k(); ++j) {
    const std::size_t first = data.start[j], n = data.n(j);
    f.arm.push_back(Comoments::of({data.baseline.data() + first, n}, {data.outcome.data() + first, n}));
    if (n > 0) {
      f.used.push_back(j);
      f.n += static_cast<double>(n);
      ss_x.add(f.arm[j].ss_x);
      sp.add(f.arm[j].sp);
      ss_change.add(Moments::of({data.change.data() + first, n}).ss);
    }
  }
  if (f.used.empty()) {
    f.status = Status::no_data;
    return;
  }
  f.mean_baseline = detail::mean_of_arms(f, &Comoments::mean_x);
  f.ss_x = ss_x.value();
  const bool spread = spreads(f.ss_x, f.n, data.rounding_baseline);
  f.df = f.n - static_cast<double>(f.used.size()) - (change_score ? 0.0 : 1.0);
  if (!change_score && !spread) {
    f.status = f.n > static_cast<double>(f.used.size()) ? Status::rank_deficient : Status::too_few;
    return;
  }
  f.slope = change_score ? 1.0 : sp.value() / f.ss_x;
  detail::leave_residuals(data, f);
  CompensatedSum squares;
  for (const double e : f.residual) {
    squares.add(e * e);
  }
  f.ss_residual = change_score ? ss_change.value() : squares.value();
  const double rounding = 2.0 * (data.rounding_outcome + std::fabs(f.slope) * data.rounding_baseline);
  if (f.df < 1.0) {
    f.status = Status::too_few;
  } else if (!spreads(f.ss_residual, f.n, rounding)) {
    f.status = Status::no_variance;
  } else {
    f.s2 = f.ss_residual / f.df;
  }
}

// A linear function of the outcomes: sum over arms of share * arm effect, at a baseline that far from the arms' own. The
// weight of patient i of arm j is share[j] / n_j - (sum of share * (mean baseline of the arm - at)) (x - mean baseline of
// j) / SS of x.
struct AncovaContrast {
  std::vector<double> share;  // an arm
  double distance = 0.0;      // sum of share * (mean baseline - at)
};

inline AncovaContrast contrast_of(const AncovaFit& f, std::size_t level, std::size_t reference) {
  AncovaContrast c;
  c.share.assign(f.arm.size(), 0.0);
  c.share[level] = 1.0;
  c.share[reference] = -1.0;
  c.distance = f.arm[level].mean_x - f.arm[reference].mean_x;
  return c;
}

inline AncovaContrast adjusted_mean_of(const AncovaFit& f, std::size_t level) {
  AncovaContrast c;
  c.share.assign(f.arm.size(), 0.0);
  c.share[level] = 1.0;
  c.distance = f.arm[level].mean_x - f.mean_baseline;
  return c;
}

// Covariance of two of them.
inline double contrast_covariance(const ChangeSample& data, const AncovaFit& f, const AncovaContrast& a,
                                  const AncovaContrast& b) {
  if (!f.hc3) {
    double sum = f.over_ss_x(a.distance * b.distance);
    for (const std::size_t j : f.used) {
      sum += a.share[j] * b.share[j] / f.arm[j].n;
    }
    return f.s2 * sum;
  }
  CompensatedSum sum;
  for (const std::size_t j : f.used) {
    for (std::size_t i = data.start[j]; i < data.start[j + 1]; ++i) {
      const double x = f.over_ss_x(data.baseline[i] - f.arm[j].mean_x);
      const double u = a.share[j] / f.arm[j].n - a.distance * x, v = b.share[j] / f.arm[j].n - b.distance * x;
      sum.add(u * v * f.scaled[i] * f.scaled[i]);
    }
  }
  return sum.value();
}

}  // namespace respondr::groups
