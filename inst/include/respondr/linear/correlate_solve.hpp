#pragma once
// One correlation, and the map over predictors and groups (see correlate.hpp).

#include "respondr/linear/correlate.hpp"
#include "respondr/linear/kendall_ties.hpp"

namespace respondr::linear {

struct CorrelationPlan {
  std::vector<const double*> x;
  const double* y = nullptr;
  const int *order = nullptr, *start = nullptr;  // rows from 1 of each group, and offsets
  std::size_t groups = 0;
  CorrelationOptions options;
  std::vector<std::uint64_t> keys;  // a problem each

  std::size_t problems() const { return groups * x.size(); }
};

namespace detail {

// Scores from doubled midranks, ascending, as small as whole numbers allow.
inline Scores scores_of(std::vector<int> ranks) {
  std::sort(ranks.begin(), ranks.end());
  const int first = ranks.empty() ? 0 : ranks[0];
  bool even = true;
  for (int& r : ranks) {
    r -= first;
    even = even && r % 2 == 0;
  }
  for (int& r : ranks) {
    r = even ? r / 2 : r;
  }
  return ranks;
}

// Steps of the scores to a step of the doubled midranks.
inline double score_scale(const Scores& scores, const std::vector<int>& ranks) {
  const auto ends = std::minmax_element(ranks.begin(), ranks.end());
  return static_cast<double>(scores.back()) / static_cast<double>(*ends.second - *ends.first);
}

inline double spearman_exact(const CorrelationOptions& o, bool ties, const Scores& a, const Scores& b, double observed,
                             CorrelationWorkspace& w) {
  const std::size_t n = a.size();
  std::vector<double> own;
  if (ties) {
    own = spearman_counts(a, b);
  } else if (w.spearman.count(n) == 0) {
    w.spearman[n] = spearman_counts(a, b);
  }
  const std::vector<double>& counts = ties ? own : w.spearman[n];
  const double mean = std::accumulate(a.begin(), a.end(), 0.0) * std::accumulate(b.begin(), b.end(), 0.0) /
                      static_cast<double>(n);
  double reached = 0.0, all = 0.0;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    all += counts[s];
    if (reaches(o.alternative, static_cast<double>(s) - mean, observed - mean, 1e-7)) {
      reached += counts[s];
    }
  }
  return std::min(1.0, reached / all);
}

// Random orders of the outcome against the predictor; statistic(drawn outcome) as in the data.
template <class Statistic>
void random_orders(const CorrelationOptions& o, std::uint64_t key, double observed, double slack, Statistic&& statistic,
                   CorrelationWorkspace& w, CorrelationRow& row) {
  const std::uint32_t n = static_cast<std::uint32_t>(w.y_sorted.size());
  double reached = 0.0;
  for (int b = 0; b < o.replicates; ++b) {
    Stream stream(o.seed, static_cast<std::uint64_t>(Tag::correlation), key, static_cast<std::uint64_t>(b));
    w.drawn = w.y_sorted;
    for (std::uint32_t i = 0; i + 1 < n; ++i) {
      std::swap(w.drawn[i], w.drawn[i + stream.bounded(n - i)]);
    }
    reached += reaches(o.alternative, statistic(w.drawn), observed, slack) ? 1.0 : 0.0;
  }
  row.distribution = Distribution::monte_carlo;
  row.p_value = (reached + 1.0) / (o.replicates + 1.0);
  monte_carlo_range(row.p_value, false, o.replicates, row);
}

inline double centred_product(const std::vector<double>& x, double mean_x, const std::vector<double>& y, double mean_y) {
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return sum;
}

// A coefficient within rounding of -1 or 1 is that.
inline double whole(double r) { return 1.0 - std::fabs(r) < 4e-16 ? (r > 0.0 ? 1.0 : -1.0) : r; }

inline void solve_pearson(const CorrelationOptions& o, std::uint64_t key, CorrelationWorkspace& w, CorrelationRow& row) {
  const Comoments m = Comoments::of({w.x.data(), w.x.size()}, {w.y.data(), w.y.size()});
  const auto flat = [](double ss, double mean, double n) { return !(ss > n * 1e-30 * mean * mean); };
  if (flat(m.ss_x, m.mean_x, m.n) || flat(m.ss_y, m.mean_y, m.n)) {
    row.status = Status::no_variance;
    return;
  }
  row.estimate = whole(m.correlation());
  t_test(o, m.n, row);
  if (o.distribution == Distribution::monte_carlo) {
    row.df = missing;
    const double scale = std::sqrt(m.ss_x) * std::sqrt(m.ss_y);
    random_orders(o, key, m.sp, 1e-12 * scale, [&](const std::vector<double>& y) {
      return centred_product(w.x, m.mean_x, y, m.mean_y); }, w, row);
  } else if (o.distribution == Distribution::exact) {
    row.p_value = row.df = missing;
    row.status = Status::too_large;
  }
  z_interval(o, m.n, row);
}

inline void midranks(const std::vector<double>& sorted, const std::vector<double>& values, std::vector<int>& ranks) {
  ranks.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto range = std::equal_range(sorted.begin(), sorted.end(), values[i]);
    ranks[i] = static_cast<int>((range.first - sorted.begin()) + (range.second - sorted.begin()) + 1);
  }
}

inline void solve_spearman(const CorrelationOptions& o, std::uint64_t key, bool ties, CorrelationWorkspace& w,
                           CorrelationRow& row) {
  midranks(w.x, w.x, w.rank_x);
  midranks(w.y_sorted, w.y, w.rank_y);
  const double n = static_cast<double>(w.x.size());
  std::copy(w.rank_x.begin(), w.rank_x.end(), w.x.begin());
  std::copy(w.rank_y.begin(), w.rank_y.end(), w.y.begin());
  const Comoments m = Comoments::of({w.x.data(), w.x.size()}, {w.y.data(), w.y.size()});
  row.estimate = whole(m.sp / std::sqrt(m.ss_x * m.ss_y));
  t_test(o, n, row);
  row.distribution = Distribution::asymptotic;
  if (o.distribution == Distribution::exact || o.distribution == Distribution::automatic) {
    const Scores a = scores_of(w.rank_x), b = scores_of(w.rank_y);
    if (a.size() <= most_exact_spearman && spearman_work(a, b) <= o.exact_limit) {
      const double scale = score_scale(a, w.rank_x) * score_scale(b, w.rank_y);
      const double mean = std::accumulate(a.begin(), a.end(), 0.0) * std::accumulate(b.begin(), b.end(), 0.0) / n;
      row.p_value = spearman_exact(o, ties, a, b, std::rint(m.sp * scale + mean), w);
      row.distribution = Distribution::exact;
      row.df = missing;
    } else if (o.distribution == Distribution::exact) {
      row.status = Status::too_large;
      row.p_value = row.df = missing;
    }
  } else if (o.distribution == Distribution::monte_carlo) {
    row.df = missing;
    std::copy(w.rank_y.begin(), w.rank_y.end(), w.y_sorted.begin());
    std::sort(w.y_sorted.begin(), w.y_sorted.end());
    random_orders(o, key, m.sp, 1e-6, [&](const std::vector<double>& y) {
      return centred_product(w.x, m.mean_x, y, m.mean_y); }, w, row);
  }
  z_interval(o, n, row);
}

inline Groups groups_of(const std::vector<double>& sorted) {
  Groups out;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || sorted[i] != sorted[i - 1]) {
      out.push_back(0);
    }
    ++out.back();
  }
  return out;
}

// false if the exact answer is beyond the limit.
inline bool tied_kendall(const CorrelationOptions& o, double s, CorrelationWorkspace& w, CorrelationRow& row) {
  const Groups x = groups_of(w.x), y = groups_of(w.y_sorted);
  if (!(concordance_work(x, y) <= o.exact_limit)) {
    return false;
  }
  const Concordances d = concordance_distribution(x, y);
  double reached = 0.0;
  for (std::size_t i = 0; i < d.probability.size(); ++i) {
    reached += reaches(o.alternative, static_cast<double>(i) - d.most, s, 0.25) ? d.probability[i] : 0.0;
  }
  row.p_value = std::min(1.0, reached);
  row.distribution = Distribution::exact;
  return true;
}

inline bool untied_kendall(const CorrelationOptions& o, double s, CorrelationWorkspace& w, CorrelationRow& row) {
  const std::size_t count = w.x.size();
  const double n = static_cast<double>(count), all = n * (n - 1.0);
  if (!(kendall_work(n) <= o.exact_limit)) {
    return false;
  }
  if (w.kendall.count(count) == 0) {
    w.kendall[count] = inversion_probabilities(count);
  }
  const double discordant = 0.25 * all - 0.5 * s;
  const std::vector<double>& p = w.kendall[count];
  row.p_value = p_of_tails(o.alternative, inversions_at_most(p, count, discordant),
                           inversions_at_most(p, count, 0.5 * all - discordant));
  row.distribution = Distribution::exact;
  return true;
}

inline void solve_kendall(const CorrelationOptions& o, std::uint64_t key, const Ties& tx, const Ties& ty,
                          CorrelationWorkspace& w, CorrelationRow& row) {
  const std::size_t count = w.x.size();
  const double n = static_cast<double>(count), all = n * (n - 1.0);
  w.drawn = w.y;
  const double s = concordance(w.x, w.drawn, tx.pairs, ty.pairs, w.merged);
  row.estimate = whole(2.0 * s / std::sqrt((all - tx.pairs) * (all - ty.pairs)));
  const bool ties = tx.tied > 0.0 || ty.tied > 0.0;
  const double variance = (all * (2.0 * n + 5.0) - tx.weighted - ty.weighted) / 18.0 + tx.pairs * ty.pairs / (2.0 * all) +
                          tx.triples * ty.triples / (9.0 * all * (n - 2.0));
  row.statistic = s / std::sqrt(variance);
  row.p_value = p_of_tails(o.alternative, special::normal_cdf(-row.statistic), special::normal_cdf(row.statistic));
  row.distribution = Distribution::asymptotic;
  const bool exact = o.distribution == Distribution::exact || o.distribution == Distribution::automatic;
  if (o.distribution == Distribution::monte_carlo) {
    random_orders(o, key, s, 0.25, [&](std::vector<double>& y) { return concordance(w.x, y, tx.pairs, ty.pairs,
      w.merged); },
                  w, row);
  } else if (exact && !(ties ? tied_kendall(o, s, w, row) : untied_kendall(o, s, w, row)) &&
             o.distribution == Distribution::exact) {
    row.status = Status::too_large;
    row.p_value = missing;
  }
  z_interval(o, n, row);
}

}  // namespace detail

inline CorrelationRow solve_correlation(const CorrelationPlan& plan, std::size_t problem, CorrelationWorkspace& w) {
  const std::size_t group = problem / plan.x.size();
  const double* column = plan.x[problem % plan.x.size()];
  CorrelationRow row;
  w.pairs.clear();
  for (int i = plan.start[group]; i < plan.start[group + 1]; ++i) {
    const double x = column[plan.order[i] - 1], y = plan.y[plan.order[i] - 1];
    if (x == x && y == y) {
      w.pairs.emplace_back(x, y);
    }
  }
  const std::size_t n = w.pairs.size();
  row.n = static_cast<int>(n);
  row.n_dropped = plan.start[group + 1] - plan.start[group] - row.n;
  if (n < 3) {
    row.status = n == 0 ? Status::no_data : Status::too_few;
    return row;
  }
  const CorrelationOptions& o = plan.options;
  const bool plain = o.method == Coefficient::pearson && o.distribution != Distribution::monte_carlo;
  if (!plain) {
    std::sort(w.pairs.begin(), w.pairs.end());
  }
  w.x.resize(n);
  w.y.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    w.x[i] = w.pairs[i].first;
    w.y[i] = w.pairs[i].second;
  }
  const std::uint64_t key = plan.keys[problem];
  if (plain) {
    detail::solve_pearson(o, key, w, row);
    return row;
  }
  w.y_sorted = w.y;
  std::sort(w.y_sorted.begin(), w.y_sorted.end());
  const detail::Ties tx = detail::ties_of(w.x), ty = detail::ties_of(w.y_sorted);
  if (tx.tied == static_cast<double>(n) && w.x.front() == w.x.back()) {
    row.status = Status::no_variance;
  } else if (w.y_sorted.front() == w.y_sorted.back()) {
    row.status = Status::no_variance;
  } else if (o.method == Coefficient::pearson) {
    detail::solve_pearson(o, key, w, row);
  } else {
    row.n_ties = static_cast<int>(tx.tied + ty.tied);
    if (o.method == Coefficient::spearman) {
      detail::solve_spearman(o, key, row.n_ties > 0, w, row);
    } else {
      detail::solve_kendall(o, key, tx, ty, w, row);
    }
  }
  return row;
}

template <class Store>
void solve_correlations(const CorrelationPlan& plan, int threads, const Hooks& hooks, Store&& store) {
  parallel_map(
      plan.problems(), threads, hooks, [] { return CorrelationWorkspace(); },
      [&](std::size_t i, CorrelationWorkspace& w) { store(i, solve_correlation(plan, i, w)); });
}

}  // namespace respondr::linear
