#pragma once
// Wilcoxon signed-rank test (Wilcoxon 1945, Biometrics Bulletin 1:80) with ties and zeros, the estimate of Hodges and Lehmann
// (1963, Ann Math Stat 34:598) and the interval that inverts the test.
//
// Hypothesis theta: the changes are symmetric about theta. T+ is the sum of the midranks of |change - theta| over the changes
// above theta; given the midranks all 2^N sign vectors are equally likely. p: P(T+ >= observed) (greater), P(T+ <= observed)
// (less), twice the smaller (two-sided). The estimate is the median of all Walsh averages, zeros included.
//
//   status       estimate  p                      limits                          note
//   no_data      -         -                      -
//   one_pair     yes       exact                  infinite                        unbounded
//   no_variance  yes       exact                  the change, or infinite         unbounded
//   all_zero     yes       1                      as no_variance
//   hull         yes       yes                    hull of the accepted set        hull, beside another status
//   too_large    yes       -                      -

#include <cmath>
#include <vector>

#include "respondr/monte_carlo_p.hpp"
#include "respondr/paired/sides.hpp"
#include "respondr/paired/signed_rank_at.hpp"
#include "respondr/paired/signed_rank_limits.hpp"
#include "respondr/paired/walsh.hpp"
#include "respondr/sign_flips.hpp"

namespace respondr::paired {

struct SignedRankWorkspace {
  WalshSums walsh;
  RanksAt ranks;
  SubsetSum sums;
  SignedRankInversion inversion;
  SignTable signs;
  FlipBlock block;
  std::vector<double> score, drawn;
};

namespace detail {

inline void rank_changes(const Options& options, double theta, SignedRankWorkspace& w) {
  w.ranks.build(w.walsh.tally(), 2.0 * theta, options.zeros);
}

// Steps of an exact p and both limits, which take some thirty more of its kind. w.ranks at the null.
inline double exact_work(SignedRankWorkspace& w) { return 30.0 * w.ranks.work(); }

// w.ranks at the null. Monte Carlo only where exact was the rule and takes too long.
inline Distribution signed_rank_distribution(const Options& options, double n_pairs, SignedRankWorkspace& w) {
  if (options.distribution != Distribution::automatic) {
    return options.distribution;
  }
  const bool clean = w.ranks.n_zeros() == 0.0 && w.ranks.n_ties() == 0.0;
  switch (options.exact_rule) {
    case ExactRule::never: return Distribution::asymptotic;
    case ExactRule::n20: return w.ranks.n() <= 20.0 ? Distribution::exact : Distribution::asymptotic;
    case ExactRule::n25: return w.ranks.n() <= 25.0 ? Distribution::exact : Distribution::asymptotic;
    case ExactRule::n50_no_ties: return n_pairs < 50.0 && clean ? Distribution::exact : Distribution::asymptotic;
    case ExactRule::work: break;
  }
  return exact_work(w) <= options.exact_limit ? Distribution::exact : Distribution::monte_carlo;
}

// Flips of the signed midranks about theta, the observed signs counted as one more draw.
class SignedRankDraws {
 public:
  SignedRankDraws(const Options& options, const Sample& sample, SignedRankWorkspace& w)
      : options_(options), sample_(sample), w_(w) {}

  double replicates() const { return static_cast<double>(options_.replicates); }

  Tails tails(double theta) {
    score(theta);
    double observed = 0.0;
    for (const double s : w_.score) {
      observed += s;
    }
    double at_least = 1.0, at_most = 1.0;
    w_.drawn.resize(flip_block);
    const std::size_t wanted = static_cast<std::size_t>(options_.replicates);
    for (std::size_t b = 0; b * flip_block < wanted; ++b) {
      w_.block.draw(options_.seed, Tag::signed_rank, {sample_.patient.data(), sample_.patient.size()}, b);
      flipped_sums(w_.signs, w_.block, {w_.score.data(), w_.score.size()}, nullptr, w_.drawn.data());
      const std::size_t left = std::min(flip_block, wanted - b * flip_block);
      for (std::size_t r = 0; r < left; ++r) {
        at_least += w_.drawn[r] >= observed ? 1.0 : 0.0;
        at_most += w_.drawn[r] <= observed ? 1.0 : 0.0;
      }
    }
    return {at_least / (replicates() + 1.0), at_most / (replicates() + 1.0)};
  }

 private:
  // Doubled midranks with the sign of change - theta, patient by patient: whole numbers, so that sums are exact.
  void score(double theta) {
    rank_changes(options_, theta, w_);
    w_.score.resize(sample_.size());
    for (std::size_t i = 0; i < sample_.size(); ++i) {
      const double distance = sample_.change[i] - theta;
      const double rank = w_.ranks.twice_rank_of(std::fabs(distance));
      w_.score[i] = distance > 0.0 ? rank : -rank;
    }
  }

  const Options& options_;
  const Sample& sample_;
  SignedRankWorkspace& w_;
};

inline void store_limits(const SignedRankLimits& limits, bool exact, const Sides& s, Row& row) {
  row.conf_low = limits.low;
  row.conf_high = limits.high;
  row.conf_method = exact ? ConfMethod::signed_rank_exact : ConfMethod::signed_rank_asymptotic;
  if (exact) {
    row.conf_attained = 1.0 - limits.outside_low - limits.outside_high;
  }
  if (limits.hole) {
    note_hull(row);
  }
  if (limits.local) {
    row.add(Note::local_scan);
  }
  note_unbounded(s, row);
}

}  // namespace detail

// The keys of the patients must be in sample where the answer may be Monte Carlo.
inline void solve_signed_rank(const Options& options, const Sample& sample, const Shift& shift, SignedRankWorkspace& w,
                              Row& row) {
  status_of_changes(sample, shift, row);
  if (sample.size() == 0) {
    return;
  }
  w.walsh.prepare({sample.change.data(), sample.size()}, change_rounding(sample));
  row.estimate = 0.5 * w.walsh.median();
  detail::rank_changes(options, shift.null, w);
  row.n_zeros = static_cast<int>(w.ranks.n_zeros());
  row.n_ties = static_cast<int>(w.ranks.n_ties());
  const Distribution how = detail::signed_rank_distribution(options, static_cast<double>(sample.size()), w);
  const bool exact = how == Distribution::exact;
  if (exact && detail::exact_work(w) > options.exact_limit) {
    row.status = Status::too_large;
    return;
  }
  const SignedRankTest test{exact, options.continuity, options.approximation, options.zeros};
  detail::SignedRankDraws draws(options, sample, w);
  const CombinedP p = combine_p(options.alternative, shift, [&](double theta) {
    if (how == Distribution::monte_carlo) {
      return draws.tails(theta);
    }
    detail::rank_changes(options, theta, w);
    return exact ? w.ranks.exact(w.sums) : w.ranks.approximate(test.continuity, test.approximation);
  });
  row.p_value = p.value;
  row.distribution = how;
  detail::rank_changes(options, p.theta, w);
  row.statistic = w.ranks.statistic();
  const Sides s = sides(options);
  detail::store_limits(w.inversion.run(w.walsh, test, s, options.exact_limit), exact, s, row);
  row.p_matches = how != Distribution::monte_carlo;
  if (how == Distribution::monte_carlo) {
    row.add(Note::conf_asymptotic);
    monte_carlo_range(p.one_sided, p.doubled, draws.replicates(), row);
  }
}

}  // namespace respondr::paired
