#pragma once
// Tests conditional on the number of patients who changed: of m, x gained the event, binomial with share odds / (1 +
// odds), odds the ratio gained / lost (Cox 1958, Biometrika 45:562). Exact: McNemar's exact test and the transformed
// Clopper-Pearson interval; mid-p: half the probability of the result itself (Fagerland, Lydersen and Laake 2013, BMC Med
// Res Methodol 13:91).
//
// Two-sided rules: central doubles the smaller tail; minlike adds all results no likelier than x (relative tolerance 1e-7,
// as R); blaker (2000, Can J Stat 28:783) adds the largest opposite tail that does not exceed the smaller. Without change
// as hypothesis the three are one number. The interval inverts the rule; under minlike and blaker the accepted odds may
// have a gap.
//
// Everything is done on the log odds, so that limits keep their relative precision however small.

#include <algorithm>
#include <cmath>

#include "respondr/paired_rates/score.hpp"
#include "respondr/paired_rates/types.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired_rates {

// The binomial distribution of the gains.
struct Gains {
  double m = 0.0, log_odds = 0.0;

  // P(X <= x)
  double at_most(double x) const {
    if (x < 0.0 || x >= m) {
      return x < 0.0 ? 0.0 : 1.0;
    }
    return log_odds > 0.0 ? special::beta_cdf(share(-1.0), m - x, x + 1.0)
                          : special::beta_cdf(share(1.0), x + 1.0, m - x, special::Tail::upper);
  }
  double at_least(double x) const { return Gains{m, -log_odds}.at_most(m - x); }
  double log_at(double x) const {
    const double lost = log_odds > 0.0 ? -log_odds - std::log1p(std::exp(-log_odds)) : -std::log1p(std::exp(log_odds));
    return special::ln_choose(m, x) + x * log_odds + m * lost;
  }
  double at(double x) const { return std::exp(log_at(x)); }

 private:
  double share(double sign) const { return 1.0 / (1.0 + std::exp(-sign * log_odds)); }
};

inline Tails gain_tails(double x, const Gains& g, bool midp) {
  const double less = g.at_most(x), greater = g.at_least(x);
  if (!midp) {
    return {less, greater};
  }
  return {0.5 * (less + g.at_most(x - 1.0)), 0.5 * (greater + g.at_least(x + 1.0))};
}

namespace detail {

constexpr double likelihood_slack = 1e-7;  // relative; as fisher.test and binom.test of R

inline double minlike_p(double x, const Gains& g) {
  const double mode = std::fmin(g.m, std::floor((g.m + 1.0) / (1.0 + std::exp(-g.log_odds))));
  const double bound = g.log_at(x) + likelihood_slack;
  if (g.log_at(mode) <= bound) {
    return 1.0;
  }
  const bool low = x < mode;
  double likelier = mode, other = low ? g.m + 1.0 : -1.0;  // the first value beyond the mode that is no likelier than x
  while (std::fabs(other - likelier) > 1.0) {
    const double y = std::floor(0.5 * (likelier + other));
    (g.log_at(y) <= bound ? other : likelier) = y;
  }
  return std::fmin(1.0, low ? g.at_most(x) + g.at_least(other) : g.at_least(x) + g.at_most(other));
}

inline double blaker_p(double x, const Gains& g) {
  const double less = g.at_most(x), greater = g.at_least(x), least = std::fmin(less, greater) * (1.0 + likelihood_slack);
  const bool low = less <= greater;
  double in = low ? g.m + 1.0 : -1.0, out = x;  // `in`: its tail is no larger than that of x
  while (std::fabs(in - out) > 1.0) {
    const double y = std::floor(0.5 * (in + out));
    ((low ? g.at_least(y) : g.at_most(y)) <= least ? in : out) = y;
  }
  const double other = low ? g.at_least(in) : g.at_most(in);
  return std::fmin(1.0, std::fmin(less, greater) + other);
}

}  // namespace detail

// p of x gains of m; `midp` goes with central only.
inline double conditional_p(Alternative alternative, TwoSided rule, bool midp, double x, const Gains& g) {
  if (g.m <= 0.0) {
    return 1.0;
  }
  if (alternative != Alternative::two_sided || rule == TwoSided::central || midp || g.log_odds == 0.0) {
    return gain_tails(x, g, midp).p(alternative);
  }
  return rule == TwoSided::minlike ? detail::minlike_p(x, g) : detail::blaker_p(x, g);
}

namespace detail {

// Root of a function of the log odds that rises through 0; `start` is a first guess.
template <class F>
double rising_root(F&& f, double start) {
  double low = start, high = start, f_low = f(low), f_high = f_low;
  for (double step = 0.125; f_low > 0.0 && step < 1e4; step *= 2.0) {
    high = low;
    f_high = f_low;
    low -= step;
    f_low = f(low);
  }
  for (double step = 0.125; f_high < 0.0 && step < 1e4; step *= 2.0) {
    low = high;
    f_low = f_high;
    high += step;
    f_high = f(high);
  }
  return f_low == 0.0 ? low : f_high == 0.0 ? high : special::detail::bracketed_root(f, low, f_low, high, f_high, 1e-15);
}

// Log odds at which the upper tail of x has probability alpha; -Inf where it is always larger.
inline double lower_log_odds(double x, double m, double alpha, bool midp) {
  if (x <= 0.0) {
    return -infinity;
  }
  const double log_alpha = std::log(alpha);
  const auto excess = [&](double log_odds) {
    const Gains g{m, log_odds};
    const double tail = midp ? 0.5 * (g.at_least(x) + g.at_least(x + 1.0)) : g.at_least(x);
    return std::log(std::fmax(tail, 1e-300)) - log_alpha;
  };
  // Near the answer: Wilson's limit, half a patient lower for the exact tail.
  const double share = std::fmin(1.0 - 1e-9, wilson(midp ? x : x - 0.5, m, -special::normal_quantile(alpha)).low);
  return rising_root(excess, std::log(share / (1.0 - share)));
}

// Lower limit of the odds accepted by minlike or blaker. Below the estimate p is the upper tail of x plus P(X <= y), y
// stepping up at log odds start(0) < start(1) < ...; between steps it falls and then rises, so that its supremum is at an
// end.
class TwoSidedLower {
 public:
  TwoSidedLower(TwoSided rule, double x, double m, double alpha) : rule_(rule), x_(x), m_(m), alpha_(alpha) {}

  double find(bool& hull) {
    const double first = start(0.0);
    if (Gains{m_, first}.at_least(x_) > alpha_) {
      const double limit = lower_log_odds(x_, m_, alpha_, false);
      hull = dips_beyond(0.0);
      return limit;
    }
    double from = first, upper = Gains{m_, first}.at_least(x_);
    for (double y = 0.0; y < x_; y += 1.0) {
      const double at_from = upper + Gains{m_, from}.at_most(y), to = start(y + 1.0);
      if (at_from > alpha_) {
        hull = dips_beyond(y);
        return from;
      }
      upper = y + 1.0 < x_ ? Gains{m_, to}.at_least(x_) : 1.0;
      const double at_to = y + 1.0 < x_ ? upper + Gains{m_, to}.at_most(y) : 0.0;
      if (at_to > alpha_) {
        const auto excess = [&](double log_odds) { return p(y, log_odds) - alpha_; };
        hull = dips_beyond(y + 1.0);
        return special::detail::bracketed_root(excess, from, at_from - alpha_, to, at_to - alpha_, 1e-15);
      }
      from = to;
    }
    return start(x_ - 1.0);
  }

 private:
  double p(double y, double log_odds) const {
    const Gains g{m_, log_odds};
    return g.at_least(x_) + g.at_most(y);
  }

  // Log odds from which P(X <= y) belongs to the p of x.
  double start(double y) const {
    if (y >= x_) {
      return infinity;
    }
    if (y == m_ - x_) {
      return 0.0;  // mirror images tie at even odds, exactly
    }
    if (rule_ == TwoSided::minlike) {
      return (special::ln_choose(m_, y) - special::ln_choose(m_, x_)) / (x_ - y);
    }
    const auto excess = [&](double log_odds) {
      const Gains g{m_, log_odds};
      return std::log(std::fmax(g.at_least(x_), 1e-300)) - std::log(std::fmax(g.at_most(y), 1e-300));
    };
    const double share = (0.5 * (x_ + y) + 0.25) / (m_ + 0.5);
    return rising_root(excess, std::log(share / (1.0 - share)));
  }

  bool dips(double y, double from, double to) const {
    if (y + 1.0 >= x_) {
      return false;  // the last piece is 1
    }
    const double least = (special::ln_choose(m_ - 1.0, y) - special::ln_choose(m_ - 1.0, x_ - 1.0)) / (x_ - 1.0 - y);
    const double at = std::fmin(to, std::fmax(from, least));
    return p(y, at) < alpha_ * (1.0 - 1e-9);
  }

  // The upper tail alone keeps p above alpha from where it is above it.
  bool dips_beyond(double y) const {
    double from = start(y);
    while (y + 1.0 < x_ && Gains{m_, from}.at_least(x_) <= alpha_) {
      const double to = start(y + 1.0);
      if (dips(y, from, to)) {
        return true;
      }
      from = to;
      y += 1.0;
    }
    return false;
  }

  TwoSided rule_;
  double x_, m_, alpha_;
};

inline double lower_odds(const Options& o, TwoSided rule, const Sides& s, bool midp, double x, double m, bool& hull) {
  if (o.alternative != Alternative::two_sided || rule == TwoSided::central || midp) {
    return std::exp(lower_log_odds(x, m, s.alpha, midp));
  }
  return x <= 0.0 ? 0.0 : std::exp(TwoSidedLower(rule, x, m, 2.0 * s.alpha).find(hull));
}

}  // namespace detail

// Limits of the odds gained / lost. Nobody changed: 0 to infinity.
inline Limits conditional_limits(const Options& o, TwoSided rule, const PairCounts& c, const Sides& s, bool midp) {
  Limits out{0.0, infinity};
  const double m = c.discordant();
  if (m <= 0.0) {
    return out;
  }
  bool low = false, high = false;
  if (s.low) {
    out.low = detail::lower_odds(o, rule, s, midp, c.gained, m, low);
  }
  if (s.high) {
    out.high = 1.0 / detail::lower_odds(o, rule, s, midp, c.lost, m, high);
  }
  out.hull = low || high;
  return out;
}

}  // namespace respondr::paired_rates
