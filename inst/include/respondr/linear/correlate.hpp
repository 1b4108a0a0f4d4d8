#pragma once
// Correlation of one outcome with many predictors, patients matched by row.
//
// pearson   r; t = r sqrt((n - 2) / (1 - r^2)) on n - 2 degrees of freedom; interval by Fisher's z, spread 1 / (n - 3)
// spearman  Pearson's r of midranks; exact by counting, by t as above, or by random orders
// kendall   tau-b (Kendall 1945); exact by counting, ties too (kendall_ties.hpp), by the normal distribution of the sum of concordances with its
//           variance under ties, or by random orders. Concordances are counted in n log n steps (Knight 1966, J Am Stat
//           Assoc 61:436).
// Intervals of ranks on the scale of z = atanh: spread of Bonett and Wright (2000, Psychometrika 65:23) (1 + r^2 / 2) / (n
// - 3) for Spearman and .437 / (n - 4) for Kendall; of Fieller, Hartley and Pearson (1957) 1.06 / (n - 3) and .437 / (n -
// 4); of Caruso and Cliff (1997) 1 / (n - 2) + |z| / (6 n + 4 sqrt(n)) for Spearman.
//
// status        estimate  p  interval
// no_data       -         -  -         no patient with both values
// too_few       -         -  -         fewer than 3 patients
// no_variance   -         -  -         a variable is constant
// too_large     yes       -  yes       the exact answer is beyond the limit
// boundary      yes       yes  -       |r| = 1, where z is infinite

#include <map>
#include <string>

#include "respondr/linear/rank_distributions.hpp"
#include "respondr/moments.hpp"
#include "respondr/monte_carlo_p.hpp"
#include "respondr/parallel.hpp"
#include "respondr/random.hpp"
#include "respondr/ranks.hpp"
#include "respondr/row.hpp"
#include "respondr/sides.hpp"

namespace respondr::linear {

enum class Coefficient : int { pearson = 0, spearman, kendall };
enum class RankInterval : int { bonett_wright = 0, fieller, caruso_cliff };

struct CorrelationOptions {
  Coefficient method = Coefficient::pearson;
  RankInterval interval = RankInterval::bonett_wright;
  Alternative alternative = Alternative::two_sided;
  Distribution distribution = Distribution::automatic;
  double conf_level = 0.95, exact_limit = 1e8;
  int replicates = 10000;
  std::uint64_t seed = 0;
};

struct CorrelationRow {
  int n = 0, n_dropped = 0, n_ties = missing_int;
  double estimate = missing, conf_low = missing, conf_high = missing, statistic = missing, df = missing;
  double p_value = missing, p_low = missing, p_high = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;
  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

template <class F>
void visit_columns(const CorrelationRow*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("n_dropped", [](auto& r) -> auto& { return r.n_dropped; });
  f("n_ties", [](auto& r) -> auto& { return r.n_ties; });
  f("estimate", [](auto& r) -> auto& { return r.estimate; });
  f("conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f("conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f("statistic", [](auto& r) -> auto& { return r.statistic; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("p_value", [](auto& r) -> auto& { return r.p_value; });
  f("p_low", [](auto& r) -> auto& { return r.p_low; });
  f("p_high", [](auto& r) -> auto& { return r.p_high; });
  f("distribution", [](auto& r) -> auto& { return r.distribution; });
  f("conf_method", [](auto& r) -> auto& { return r.conf_method; });
  f("p_matches", [](auto& r) -> auto& { return r.p_matches; });
  f("status", [](auto& r) -> auto& { return r.status; });
  f("notes", [](auto& r) -> auto& { return r.notes; });
}

struct CorrelationWorkspace {
  std::vector<std::pair<double, double>> pairs;     // in ascending order of the predictor, then of the outcome
  std::vector<double> x, y, y_sorted, drawn, merged;
  std::vector<int> rank_x, rank_y;                  // doubled midranks
  std::vector<std::uint32_t> place;
  std::map<std::size_t, std::vector<double>> spearman, kendall;  // without ties, by n
};

namespace detail {

// Ties of sorted values: patients who share their value with another, and the sums of Kendall's variance.
struct Ties {
  double tied = 0.0, pairs = 0.0, triples = 0.0, weighted = 0.0;  // sums of t, t(t-1), t(t-1)(t-2), t(t-1)(2t+5)
};

inline Ties ties_of(const std::vector<double>& sorted) {
  Ties out;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t j = i + 1;
    while (j < sorted.size() && sorted[j] == sorted[i]) {
      ++j;
    }
    const double t = static_cast<double>(j - i);
    out.tied += t > 1.0 ? t : 0.0;
    out.pairs += t * (t - 1.0);
    out.triples += t * (t - 1.0) * (t - 2.0);
    out.weighted += t * (t - 1.0) * (2.0 * t + 5.0);
    i = j;
  }
  return out;
}

// Pairs out of order, by merging; `v` is sorted.
inline double inversions(std::vector<double>& v, std::vector<double>& spare) {
  const std::size_t n = v.size();
  double count = 0.0;
  spare.resize(n);
  for (std::size_t width = 1; width < n; width *= 2) {
    for (std::size_t low = 0; low < n; low += 2 * width) {
      const std::size_t middle = std::min(low + width, n), high = std::min(low + 2 * width, n);
      std::size_t i = low, j = middle, to = low;
      while (i < middle && j < high) {
        if (v[j] < v[i]) {
          count += static_cast<double>(middle - i);
          spare[to++] = v[j++];
        } else {
          spare[to++] = v[i++];
        }
      }
      std::copy(v.begin() + i, v.begin() + middle, spare.begin() + to);
      std::copy(v.begin() + j, v.begin() + high, spare.begin() + to + (middle - i));
    }
    v.swap(spare);
  }
  return count;
}

// Concordant minus discordant pairs; x ascending, y in any order within ties of x.
inline double concordance(const std::vector<double>& x, std::vector<double>& y, double pairs_x, double pairs_y,
                          std::vector<double>& spare) {
  const double n = static_cast<double>(x.size());
  double both = 0.0;
  for (std::size_t i = 0; i < x.size();) {
    std::size_t j = i + 1;
    while (j < x.size() && x[j] == x[i]) {
      ++j;
    }
    std::sort(y.begin() + i, y.begin() + j);
    for (std::size_t k = i; k < j;) {
      std::size_t m = k + 1;
      while (m < j && y[m] == y[k]) {
        ++m;
      }
      const double t = static_cast<double>(m - k);
      both += 0.5 * t * (t - 1.0);
      k = m;
    }
    i = j;
  }
  const double discordant = inversions(y, spare);
  return 0.5 * n * (n - 1.0) - 0.5 * pairs_x - 0.5 * pairs_y + both - 2.0 * discordant;
}

inline double p_of_tails(Alternative alternative, double greater, double less) {
  if (alternative == Alternative::two_sided) {
    return std::min(1.0, 2.0 * std::min(greater, less));
  }
  return alternative == Alternative::greater ? greater : less;
}

// Does a draw reach the data, in the direction asked for, but for rounding?
inline bool reaches(Alternative alternative, double draw, double observed, double slack) {
  switch (alternative) {
    case Alternative::greater: return draw >= observed - slack;
    case Alternative::less: return draw <= observed + slack;
    default: return std::fabs(draw) >= std::fabs(observed) - slack;
  }
}

inline void t_test(const CorrelationOptions& o, double n, CorrelationRow& row) {
  const double r = row.estimate;
  row.df = n - 2.0;
  row.statistic = std::fabs(r) < 1.0 ? r * std::sqrt(row.df / ((1.0 - r) * (1.0 + r))) : (r > 0.0 ? infinity : -infinity);
  if (std::isinf(row.statistic)) {
    row.p_value = p_of_tails(o.alternative, r > 0.0 ? 0.0 : 1.0, r > 0.0 ? 1.0 : 0.0);
    return;
  }
  row.p_value = o.alternative == Alternative::two_sided
                    ? special::t_two_sided(row.statistic, row.df)
                    : special::t_cdf(row.statistic, row.df,
                                     o.alternative == Alternative::greater ? special::Tail::upper : special::Tail::lower);
}

inline double z_variance(const CorrelationOptions& o, double r, double n) {
  if (o.method == Coefficient::pearson) {
    return 1.0 / (n - 3.0);
  }
  if (o.method == Coefficient::kendall) {
    return 0.437 / (n - 4.0);
  }
  switch (o.interval) {
    case RankInterval::fieller: return 1.06 / (n - 3.0);
    case RankInterval::caruso_cliff: return 1.0 / (n - 2.0) + std::fabs(std::atanh(r)) / (6.0 * n + 4.0 * std::sqrt(n));
    default: return (1.0 + 0.5 * r * r) / (n - 3.0);
  }
}

inline void z_interval(const CorrelationOptions& o, double n, CorrelationRow& row) {
  const double r = row.estimate, least = o.method == Coefficient::kendall ? 4.0 : 3.0;
  row.conf_method = o.method == Coefficient::pearson              ? ConfMethod::fisher_z
                    : o.method == Coefficient::kendall            ? ConfMethod::kendall_z
                    : o.interval == RankInterval::fieller         ? ConfMethod::spearman_fieller
                    : o.interval == RankInterval::caruso_cliff    ? ConfMethod::spearman_caruso_cliff
                                                                  : ConfMethod::spearman_bonett_wright;
  if (!(std::fabs(r) < 1.0)) {
    row.status = row.status == Status::ok ? Status::boundary : row.status;
    row.conf_method = ConfMethod::none;
    return;
  }
  const Sides side = sides(o.alternative, o.conf_level);
  row.conf_low = -1.0;
  row.conf_high = 1.0;
  if (!(n > least)) {
    row.add(Note::unbounded);
    return;
  }
  const double reach = -special::normal_quantile(side.alpha) * std::sqrt(z_variance(o, r, n)), z = std::atanh(r);
  row.conf_low = side.low ? std::tanh(z - reach) : -1.0;
  row.conf_high = side.high ? std::tanh(z + reach) : 1.0;
}

}  // namespace detail

}  // namespace respondr::linear
