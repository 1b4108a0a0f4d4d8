#pragma once
// A binary response at k visits: is its rate the same at all of them?
//
// Cochran (1950, Biometrika 37:256): Q = (k - 1) sum (X_j - N / k)^2 / sum u_i (1 - u_i / k), X_j events at visit j, u_i
// events of patient i, N their sum; chi-square on k - 1 df. It is Friedman's Q of the zeros and ones, and so are its exact
// and Monte Carlo distribution: each patient's events in any of his visits (rm/friedman_exact.hpp; the states are counts
// of events by visit). Patients with every visit.
// The Cochran-Mantel-Haenszel statistic with the patient as stratum (Landis, Heyman and Koch 1978, Int Stat Rev 46:237)
// uses all patients with two visits or more: A_j = sum of the responses less their patient's mean, its covariance the
// Laplacian with weights sum of u (m - u) / (m^2 (m - 1)) over the patients with both visits, m the visits of the patient.
// A' V^- A is chi-square on the rank of V and equals Q where nothing is missing.
//
//   status          statistic  p
//   no_data         -          -
//   all_zero        -          1    nobody's response differs between visits
//   too_few         yes        yes  a single patient
//   rank_deficient  yes        yes  cmh: two sets of visits that no patient joins, each tested within itself
//   too_large       yes        -

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/laplacian_form.hpp"
#include "respondr/paired_rates/distribution.hpp"
#include "respondr/rm/friedman_skillings_mack.hpp"
#include "respondr/rm/friedman_tests.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired_rates {

enum class VisitMethod : int { cochran_q = 0, cmh };

// Responses of one problem: 0, 1, or -1 where not known; patient after patient, k each. Patients without any are not held.
struct Responses {
  std::size_t k = 0, n = 0;
  std::vector<int> value;

  const int* patient(std::size_t i) const { return value.data() + i * k; }
};

struct VisitWorkspace {
  Responses responses;
  rm::Scores scores;
  rm::RankTestWorkspace rank;
  rm::BlockValues values;
  rm::DrawWorkspace draws;
  LaplacianForm form;
  std::vector<double> joint, sum;
};

namespace detail {

inline rm::RankOptions rank_options(const Options& o) {
  rm::RankOptions out;
  out.distribution = o.distribution;
  out.exact_limit = o.exact_limit;
  out.replicates = o.replicates;
  out.seed = o.seed;
  return out;
}

inline void take_answer(const rm::RankRow& from, RateRow& row) {
  row.statistic = from.statistic;
  row.df = from.df;
  row.p_value = from.p_value;
  row.p_low = from.p_low;
  row.p_high = from.p_high;
  row.distribution = from.distribution;
  row.status = from.status;
}

struct VisitCount {
  double seen = 0.0, events = 0.0;
};

inline VisitCount count_visits(const Responses& r, std::size_t i) {
  VisitCount c;
  for (std::size_t j = 0; j < r.k; ++j) {
    c.seen += r.patient(i)[j] >= 0 ? 1.0 : 0.0;
    c.events += r.patient(i)[j] > 0 ? 1.0 : 0.0;
  }
  return c;
}

// k times the response less the patient's events: whole numbers that add to 0.
inline void complete_responses(const Responses& r, rm::Scores& out) {
  out.k = r.k;
  out.n = 0;
  out.n_ties = 0;
  out.score.clear();
  for (std::size_t i = 0; i < r.n; ++i) {
    const VisitCount c = count_visits(r, i);
    if (c.seen < static_cast<double>(r.k)) {
      continue;
    }
    ++out.n;
    for (std::size_t j = 0; j < r.k; ++j) {
      out.score.push_back(static_cast<std::int64_t>(r.k) * r.patient(i)[j] - static_cast<std::int64_t>(c.events));
    }
  }
}

}  // namespace detail

inline void solve_cochran_q(const Options& o, std::uint64_t problem, VisitWorkspace& w, RateRow& row) {
  detail::complete_responses(w.responses, w.scores);
  row.n = static_cast<int>(w.scores.n);
  row.n_dropped = static_cast<int>(w.responses.n - w.scores.n);
  rm::Blocks blocks;
  blocks.n_patients = w.responses.n;
  rm::RankRow answer;
  rm::solve_friedman(detail::rank_options(o), blocks, w.scores, problem, w.rank, answer);
  detail::take_answer(answer, row);
}

namespace detail {

// Sums, covariance and values to permute; true if every patient used has every visit.
inline bool cmh_parts(VisitWorkspace& w, RateRow& row) {
  const Responses& r = w.responses;
  const std::size_t k = r.k;
  w.values.clear(k);
  w.joint.assign(k * k, 0.0);
  w.sum.assign(k, 0.0);
  bool complete = true;
  row.n = 0;
  for (std::size_t i = 0; i < r.n; ++i) {
    const VisitCount c = count_visits(r, i);
    if (c.seen < 2.0) {
      continue;
    }
    ++row.n;
    complete = complete && c.seen == static_cast<double>(k);
    const double mean = c.events / c.seen, weight = mean * (1.0 - mean) / (c.seen - 1.0);
    if (weight <= 0.0) {
      continue;  // the same response at every visit: nothing to permute
    }
    for (std::size_t j = 0; j < k; ++j) {
      if (r.patient(i)[j] < 0) {
        continue;
      }
      w.sum[j] += r.patient(i)[j] - mean;
      w.values.value.push_back(r.patient(i)[j] - mean);
      w.values.place.push_back(j);
      for (std::size_t other = 0; other < k; ++other) {
        w.joint[j * k + other] += other != j && r.patient(i)[other] >= 0 ? weight : 0.0;
      }
    }
    w.values.close_block();
  }
  row.n_dropped = static_cast<int>(r.n) - row.n;
  return complete;
}

}  // namespace detail

// Equal to Q where all patients have all visits; else exact is beyond reach and auto draws.
inline void solve_cmh(const Options& o, std::uint64_t problem, VisitWorkspace& w, RateRow& row) {
  const bool complete = detail::cmh_parts(w, row);
  if (row.n == 0) {
    row.status = Status::no_data;
    return;
  }
  if (w.values.size() == 0 || complete) {
    RateRow q;
    solve_cochran_q(o, problem, w, q);
    if (complete) {
      row = q;
      return;
    }
    row.status = Status::all_zero;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
    return;
  }
  w.form.factor(w.joint, w.responses.k);
  row.statistic = w.form(w.sum.data());
  row.df = static_cast<double>(w.form.rank());
  row.status = w.form.parts() > 1 ? Status::rank_deficient : row.n == 1 ? Status::too_few : Status::ok;
  if (w.form.visits() < w.responses.k) {
    row.add(Note::visit_left_out);
  }
  const Status seen = row.status;
  const double k = static_cast<double>(w.responses.k);
  const double work = rm::detail::arrangements(w.values) * (k * k + 8.0 * k), least = least_reached(row.statistic);
  const Distribution how = choose_distribution(o, work, k * static_cast<double>(row.n), row);
  if (how == Distribution::none) {
    return;
  }
  row.status = seen;
  if (how == Distribution::exact) {
    row.p_value = rm::detail::enumerate_blocks(w.values, w.form, least);
  } else if (how == Distribution::monte_carlo) {
    double reached = 0.0;
    rm::draw_sums(w.values, detail::rank_options(o), problem, w.draws,
                  [&](const double* sum) { reached += w.form(sum) >= least ? 1.0 : 0.0; });
    store_monte_carlo(reached, false, o, row);
  } else {
    row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
  }
}

}  // namespace respondr::paired_rates
