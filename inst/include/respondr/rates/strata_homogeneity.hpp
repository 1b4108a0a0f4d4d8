#pragma once
// Are the odds ratios of the strata equal?
//   breslow_day  sum (x1 - E)^2 / V on S - 1 df, E the events fitted under the Mantel-Haenszel odds ratio, 1 / V = the sum
//                of one over the four fitted cells (Breslow and Day 1980, IARC, eq. 4.30)
//   tarone       the same less (sum (x1 - E))^2 / sum V (Tarone 1985, Biometrika 72:91)
//   woolf        sum w (ln psi_h - mean)^2, w one over the sum of 1 / cell (Woolf 1955, Ann Hum Genet 19:251); a half is
//                added to the cells of strata with an empty one
//   zelen        exact given all margins and the sum of the events: tables no more probable than the data (Zelen 1971,
//                Biometrika 58:129), probabilities within 1e-7 being equal
// Strata in which the response does not vary say nothing.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/random.hpp"
#include "respondr/rates/noncentral_hypergeometric.hpp"
#include "respondr/rates/strata_mh.hpp"
#include "respondr/rates/value_list.hpp"

namespace respondr::rates {

// Expected events of the arm of interest under the odds ratio psi: the root of E (n0 - m + E) = psi (n1 - E) (m - E) in the
// range.
inline double fitted_events(const Stratum& h, double psi) {
  const double n1 = h.n1, n0 = h.n0, m = h.events();
  const double a = 1.0 - psi, b = n0 - m + psi * (n1 + m), c = -psi * n1 * m;
  if (a == 0.0) {
    return -c / b;
  }
  const double root = std::sqrt(std::fmax(0.0, b * b - 4.0 * a * c));
  return -2.0 * c / (b + root);
}

struct Homogeneity {
  double breslow_day = missing, tarone = missing;
};

inline Homogeneity breslow_day(const std::vector<Stratum>& strata, double psi) {
  CompensatedSum chisq, excess, total;
  for (const Stratum& h : strata) {
    const double e = fitted_events(h, psi), n1 = h.n1, n0 = h.n0, m = h.events();
    const double v = 1.0 / (1.0 / e + 1.0 / (m - e) + 1.0 / (n1 - e) + 1.0 / (n0 - m + e));
    chisq.add((h.x1 - e) * (h.x1 - e) / v);
    excess.add(h.x1 - e);
    total.add(v);
  }
  return {chisq.value(), chisq.value() - excess.value() * excess.value() / total.value()};
}

// The statistic; `added` if a half was added anywhere.
inline double woolf_statistic(const std::vector<Stratum>& strata, bool& added) {
  CompensatedSum weight, sum;
  std::vector<double> log_odds, w;
  for (const Stratum& h : strata) {
    double cell[4] = {static_cast<double>(h.x1), static_cast<double>(h.n1 - h.x1), static_cast<double>(h.x0),
                      static_cast<double>(h.n0 - h.x0)};
    if (*std::min_element(cell, cell + 4) == 0.0) {
      added = true;
      std::for_each(cell, cell + 4, [](double& x) { x += 0.5; });
    }
    log_odds.push_back(std::log(cell[0]) + std::log(cell[3]) - std::log(cell[1]) - std::log(cell[2]));
    w.push_back(1.0 / (1.0 / cell[0] + 1.0 / cell[1] + 1.0 / cell[2] + 1.0 / cell[3]));
    weight.add(w.back());
    sum.add(w.back() * log_odds.back());
  }
  const double mean = sum.value() / weight.value();
  CompensatedSum chisq;
  for (std::size_t s = 0; s < w.size(); ++s) {
    chisq.add(w[s] * (log_odds[s] - mean) * (log_odds[s] - mean));
  }
  return chisq.value();
}

// Zelen's test. The strata are split into two halves; each half has, for every sum of its events, the list of the values of
// sum ln(cells!) with their weights.
class Zelen {
 public:
  // false if more than `limit` steps are needed.
  bool solve(const std::vector<Stratum>& strata, double limit, bool mid_p, double& p) {
    prepare(strata);
    const std::size_t half = (strata.size() + 1) / 2;
    steps_ = 0.0;
    if (!lists(strata, 0, half, limit, left_) || !lists(strata, half, strata.size(), limit, right_)) {
      return false;
    }
    Thresholds th;
    const std::int64_t tolerance = static_cast<std::int64_t>(table_tie * log_steps);
    th.above = observed_ - tolerance;
    th.above_tie = observed_ + tolerance + 1;
    th.ties = true;
    TailWeights tail, all;
    Thresholds every = th;
    every.above = every.above_tie = std::numeric_limits<std::int64_t>::min() / 2;
    for (std::size_t s = 0; s < left_.size(); ++s) {
      if (s <= sum_ && sum_ - s < right_.size()) {
        const std::vector<ValueWeight>&a = left_[s], &b = right_[sum_ - s];
        add_tails({a.data(), a.size()}, {b.data(), b.size()}, th, 1.0, tail);
        add_tails({a.data(), a.size()}, {b.data(), b.size()}, every, 1.0, all);
      }
    }
    p = std::min(1.0, (mid_p ? 0.5 * (tail.reached + tail.beyond) : tail.reached) / all.reached);
    return true;
  }

  // Replicates at least as extreme as the data, and those that tie.
  void draw(const std::vector<Stratum>& strata, std::uint64_t seed, std::uint64_t tag, std::uint64_t problem, int replicates,
            double& reached, double& tied) {
    prepare(strata);
    suffixes(strata);
    const std::int64_t tolerance = static_cast<std::int64_t>(table_tie * log_steps);
    reached = tied = 0.0;
    for (int replicate = 0; replicate < replicates; ++replicate) {
      Stream stream(seed, tag, problem, static_cast<std::uint64_t>(replicate));
      std::int64_t value = 0;
      std::size_t left = sum_;
      for (std::size_t s = 0; s < strata.size(); ++s) {
        const std::size_t x = draw_one(stream, s, left);
        value += value_[s][x];
        left -= x;
      }
      reached += value >= observed_ - tolerance ? 1.0 : 0.0;
      tied += std::llabs(value - observed_) <= tolerance ? 1.0 : 0.0;
    }
  }

 private:
  // Masses and values of every stratum, from its smallest x1 on, at the pooled odds ratio 1.
  void prepare(const std::vector<Stratum>& strata) {
    int largest = 0;
    for (const Stratum& h : strata) {
      largest = std::max(largest, h.total());
    }
    log_.prepare(static_cast<std::size_t>(largest));
    mass_.resize(strata.size());
    value_.resize(strata.size());
    sum_ = 0;
    observed_ = 0;
    for (std::size_t s = 0; s < strata.size(); ++s) {
      const Stratum& h = strata[s];
      noncentral_masses(h, 0.0, mass_[s]);
      value_[s].clear();
      for (int x = h.low(); x <= h.high(); ++x) {
        value_[s].push_back(log_factorial(x) + log_factorial(h.n1 - x) + log_factorial(h.events() - x) +
                            log_factorial(h.n0 - h.events() + x));
      }
      sum_ += static_cast<std::size_t>(h.x1 - h.low());
      observed_ += value_[s][static_cast<std::size_t>(h.x1 - h.low())];
    }
  }
  std::int64_t log_factorial(int x) const { return log_.factorial(static_cast<std::size_t>(x)); }

  bool lists(const std::vector<Stratum>& strata, std::size_t first, std::size_t last, double limit,
             std::vector<std::vector<ValueWeight>>& out) {
    out.assign(1, {{0, 1.0}});
    for (std::size_t s = first; s < last && s < strata.size(); ++s) {
      std::vector<std::vector<ValueWeight>> next(out.size() + mass_[s].size() - 1);
      for (std::size_t sum = 0; sum < next.size(); ++sum) {
        for (std::size_t x = sum + 1 > out.size() ? sum + 1 - out.size() : 0; x < mass_[s].size() && x <= sum; ++x) {
          for (const ValueWeight& e : out[sum - x]) {
            tally_.add(e.value + value_[s][x], e.weight * mass_[s][x]);
          }
          steps_ += static_cast<double>(out[sum - x].size());
        }
        tally_.take(next[sum]);
        if (steps_ > limit) {
          return false;
        }
      }
      out.swap(next);
    }
    return true;
  }

  // after_[s][t]: probability that the strata from s on have the sum t.
  void suffixes(const std::vector<Stratum>& strata) {
    after_.assign(strata.size() + 1, {});
    after_[strata.size()].assign(1, 1.0);
    for (std::size_t s = strata.size(); s-- > 0;) {
      const std::vector<double>&m = mass_[s], &b = after_[s + 1];
      after_[s].assign(m.size() + b.size() - 1, 0.0);
      for (std::size_t x = 0; x < m.size(); ++x) {
        for (std::size_t t = 0; t < b.size(); ++t) {
          after_[s][x + t] += m[x] * b[t];
        }
      }
    }
  }

  std::size_t draw_one(Stream& stream, std::size_t s, std::size_t left) const {
    const std::vector<double>&m = mass_[s], &b = after_[s + 1];
    double u = stream.uniform() * after_[s][left];
    std::size_t last = 0;
    for (std::size_t x = 0; x < m.size() && x <= left; ++x) {
      if (left - x < b.size()) {
        last = x;
        u -= m[x] * b[left - x];
        if (u < 0.0) {
          return x;
        }
      }
    }
    return last;
  }

  LogTable log_;
  ValueTally tally_;
  double steps_ = 0.0;
  std::size_t sum_ = 0;
  std::int64_t observed_ = 0;
  std::vector<std::vector<double>> mass_, after_;
  std::vector<std::vector<std::int64_t>> value_;
  std::vector<std::vector<ValueWeight>> left_, right_;
};

}  // namespace respondr::rates
