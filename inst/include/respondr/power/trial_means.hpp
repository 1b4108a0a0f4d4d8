#pragma once
// Simulated trials of means: changes of the same patients, or two arms. Which tests reject is what the tests of the package
// would say of the same values; a t of values without spread has no answer there and does not reject here. Unrounded values
// have no ties, so that the critical values of the exact rank tests are found once for all trials; values rounded to decimals
// go through the tests themselves.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/groups/two_solve.hpp"
#include "respondr/paired/solve.hpp"
#include "respondr/power/draws.hpp"
#include "respondr/power/rank_tests.hpp"

namespace respondr::power {

struct MeansDesign {
  Shape shape = Shape::normal;
  int decimals = -1;
  double sd = 1.0, sd_level = 1.0;  // of the change, or of the reference and the other arm
  double null = 0.0, alpha = 0.05;
  Alternative alternative = Alternative::two_sided;

  double tail() const { return alternative == Alternative::two_sided ? 0.5 * alpha : alpha; }
};

enum class PairedTest : int { t = 0, signed_rank };  // the sign test: sign.hpp
enum class GroupsTest : int { student = 0, welch, mann_whitney };

namespace detail {

struct MeanAndSquares {
  double mean = 0.0, ss = 0.0;
};

// About the first value, so that values all alike have squares of 0 and no other.
inline MeanAndSquares mean_and_squares(const std::vector<double>& x) {
  MeanAndSquares out;
  for (const double v : x) out.mean += v - x[0];
  out.mean = x[0] + out.mean / static_cast<double>(x.size());
  for (const double v : x) out.ss += (v - out.mean) * (v - out.mean);
  return out;
}

}  // namespace detail

class PairedTrial {
 public:
  struct Workspace {
    std::vector<double> change, sorted;
    paired::Workspace solve;
  };

  PairedTrial(const MeansDesign& design, const std::vector<PairedTest>& tests, int n, double effect)
      : design_(design), tests_(tests), n_(n), effect_(effect) {
    t_ = -special::t_quantile(design.tail(), n - 1.0);
    for (const PairedTest test : tests) {
      detail::Region region;
      if (test == PairedTest::signed_rank) region = detail::signed_rank_region(n, design.tail());
      region_.push_back(region);
    }
  }

  std::size_t tests() const { return tests_.size(); }

  void draw(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    Draws draws(seed, trial, design_.shape);
    w.change.resize(static_cast<std::size_t>(n_));
    for (double& x : w.change) x = measured(effect_ + design_.sd * draws.value(), design_.decimals);
  }

  // Bit k: test k rejects.
  std::uint32_t run(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    draw(seed, trial, w);
    std::uint32_t out = 0;
    for (std::size_t k = 0; k < tests_.size(); ++k) {
      const bool tied = tests_[k] == PairedTest::signed_rank && design_.decimals >= 0;
      if (tied ? by_kernel(w) : rejects(k, w)) out |= 1u << k;
    }
    return out;
  }

 private:
  bool rejects(std::size_t k, Workspace& w) const {
    if (tests_[k] == PairedTest::t) {
      const detail::MeanAndSquares m = detail::mean_and_squares(w.change);
      if (m.ss == 0.0) return false;
      const double t = (m.mean - design_.null) / std::sqrt(m.ss / (n_ - 1.0) / n_);
      return detail::Region{-t_, t_}.holds(t, design_.alternative);
    }
    for (double& x : w.change) x -= design_.null;
    const double statistic = detail::positive_walsh_sums(w.change, w.sorted);
    for (double& x : w.change) x += design_.null;
    return region_[k].holds(statistic, design_.alternative);
  }

  bool by_kernel(Workspace& w) const {
    paired::Plan plan;
    plan.before = {nullptr};
    plan.after = {w.change.data()};
    plan.rows_before = {nullptr};
    plan.rows_after = {nullptr};
    plan.group_start = {0, w.change.size()};
    plan.options.method = paired::Method::signed_rank;
    plan.options.alternative = design_.alternative;
    plan.options.null = design_.null;
    Row row;
    paired::solve(plan, 0, w.solve, row);
    return row.p_value <= design_.alpha * (1.0 + 1e-12);
  }

  MeansDesign design_;
  std::vector<PairedTest> tests_;
  std::vector<detail::Region> region_;
  int n_;
  double effect_, t_;
};

class GroupsTrial {
 public:
  struct Workspace {
    std::vector<double> reference, level, both, sorted;
    std::vector<int> order;
    groups::TwoWorkspace solve;
  };

  // n patients of the reference, m of the other arm; effect: level minus reference.
  GroupsTrial(const MeansDesign& design, const std::vector<GroupsTest>& tests, int n, int m, double effect)
      : design_(design), tests_(tests), n_(n), m_(m), effect_(effect) {
    t_ = -special::t_quantile(design.tail(), n + m - 2.0);
    for (const GroupsTest test : tests) {
      if (test == GroupsTest::mann_whitney) rank_sum_ = detail::rank_sum_region(m, n, design.tail());
    }
  }

  std::size_t tests() const { return tests_.size(); }

  // Patients of the arms in turn, so that a larger trial adds patients to a smaller one.
  void draw(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    Draws draws(seed, 2 * trial, design_.shape), other(seed, 2 * trial + 1, design_.shape);
    w.reference.resize(static_cast<std::size_t>(n_));
    w.level.resize(static_cast<std::size_t>(m_));
    for (double& x : w.reference) x = measured(design_.sd * draws.value(), design_.decimals);
    for (double& x : w.level) x = measured(effect_ + design_.sd_level * other.value(), design_.decimals);
  }

  std::uint32_t run(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    draw(seed, trial, w);
    std::uint32_t out = 0;
    for (std::size_t k = 0; k < tests_.size(); ++k) {
      if (rejects(tests_[k], w)) out |= 1u << k;
    }
    return out;
  }

 private:
  bool rejects(GroupsTest test, Workspace& w) const {
    if (test == GroupsTest::mann_whitney) {
      if (design_.decimals >= 0) return by_kernel(w);
      const double below = detail::pairs_above(w.reference, w.level, design_.null, w.sorted);
      const double pairs = static_cast<double>(n_) * m_;
      return rank_sum_.holds(pairs - below, design_.alternative);
    }
    const detail::MeanAndSquares x = detail::mean_and_squares(w.level), y = detail::mean_and_squares(w.reference);
    const double difference = x.mean - y.mean - design_.null;
    if (x.ss + y.ss == 0.0) return false;
    if (test == GroupsTest::student) {
      const double t = difference / std::sqrt((x.ss + y.ss) / (n_ + m_ - 2.0) * (1.0 / n_ + 1.0 / m_));
      return detail::Region{-t_, t_}.holds(t, design_.alternative);
    }
    const double e1 = x.ss / (m_ - 1.0) / m_, e0 = y.ss / (n_ - 1.0) / n_;
    const double df = (e1 + e0) * (e1 + e0) / (e1 * e1 / (m_ - 1.0) + e0 * e0 / (n_ - 1.0));
    const double t = difference / std::sqrt(e1 + e0);
    const double toward = design_.alternative == Alternative::two_sided ? std::fabs(t)
                          : design_.alternative == Alternative::less    ? -t
                                                                        : t;
    return special::t_cdf(toward, df, special::Tail::upper) <= design_.tail();
  }

  bool by_kernel(Workspace& w) const {
    w.both = w.reference;
    w.both.insert(w.both.end(), w.level.begin(), w.level.end());
    w.order.resize(w.both.size());
    for (std::size_t i = 0; i < w.order.size(); ++i) w.order[i] = static_cast<int>(i) + 1;
    groups::TwoPlan plan;
    plan.outcomes = {w.both.data()};
    plan.arms = groups::arm_rows({w.order.data(), w.order.size()}, {0, w.reference.size(), w.both.size()});
    plan.contrasts = {groups::TwoContrast()};
    plan.options.method = groups::TwoMethod::mann_whitney;
    plan.options.alternative = design_.alternative;
    plan.options.null = design_.null;
    groups::TwoRow row;
    groups::solve_two(plan, 0, w.solve, row);
    return row.p_value <= design_.alpha * (1.0 + 1e-12);
  }

  MeansDesign design_;
  std::vector<GroupsTest> tests_;
  detail::Region rank_sum_;
  int n_, m_;
  double effect_, t_;
};

}  // namespace respondr::power
