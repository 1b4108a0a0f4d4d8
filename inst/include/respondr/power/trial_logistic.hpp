#pragma once
// Simulated trials of a logistic regression.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/logistic/tests.hpp"
#include "respondr/power/draws.hpp"

namespace respondr::power {

enum class LogisticTest : int { lr = 0, wald, firth };
enum class Predictor : int { normal = 0, binary };

struct LogisticDesign {
  Predictor predictor = Predictor::normal;
  double rate = 0.5;        // at the mean of a normal predictor, at 0 of a binary one
  double prevalence = 0.5;  // of a binary predictor
  double r2 = 0.0;          // share of the predictor that a covariate explains, which has no effect of its own; 0: none
  double alpha = 0.05;
  Alternative alternative = Alternative::two_sided;
};

class LogisticTrial {
 public:
  struct Workspace {
    std::vector<double> x, y;
    logistic::Workspace fit;
    logistic::Fit result;
  };

  // effect: log odds ratio of one standard deviation, or of 1 against 0.
  LogisticTrial(const LogisticDesign& design, const std::vector<LogisticTest>& tests, int n, double effect)
      : design_(design), tests_(tests), n_(static_cast<std::size_t>(n)), effect_(effect) {
    intercept_ = std::log(design.rate / (1.0 - design.rate));
    chisq_ = std::pow(special::normal_quantile(design.alternative == Alternative::two_sided ? 0.5 * design.alpha
                                                                                            : design.alpha), 2);
  }

  std::size_t tests() const { return tests_.size(); }
  std::size_t columns() const { return design_.r2 > 0.0 ? 3 : 2; }

  void draw(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    Draws draws(seed, trial, Shape::normal);
    w.x.assign(n_ * columns(), 1.0);
    w.y.resize(n_);
    const double sd = std::sqrt(design_.prevalence * (1.0 - design_.prevalence));
    for (std::size_t i = 0; i < n_; ++i) {
      const bool normal = design_.predictor == Predictor::normal;
      const double x = normal ? draws.normal() : draws.uniform() < design_.prevalence ? 1.0 : 0.0;
      w.x[n_ + i] = x;
      if (columns() == 3) {
        const double standard = normal ? x : (x - design_.prevalence) / sd;
        w.x[2 * n_ + i] = std::sqrt(design_.r2) * standard + std::sqrt(1.0 - design_.r2) * draws.normal();
      }
      w.y[i] = draws.uniform() < 1.0 / (1.0 + std::exp(-intercept_ - effect_ * x)) ? 1.0 : 0.0;
    }
  }

  std::uint32_t run(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    draw(seed, trial, w);
    std::uint32_t out = 0;
    bool fitted = false;
    for (std::size_t k = 0; k < tests_.size(); ++k) {
      const bool firth = tests_[k] == LogisticTest::firth;
      logistic::Options options;
      options.leverage = false;
      options.tolerance = 1e-8;
      options.estimator = firth ? logistic::Estimator::firth : logistic::Estimator::ml;
      if (firth || !fitted) {
        logistic::fit({w.x.data(), n_, columns(), w.y.data(), nullptr, nullptr}, options, w.fit, w.result);
      }
      fitted = !firth;
      const logistic::TestKind kind = tests_[k] == LogisticTest::wald ? logistic::TestKind::wald : logistic::TestKind::lr;
      const logistic::ColumnTest test = logistic::test_columns(options, w.result, {1}, nullptr, kind, w.fit);
      if (test.statistic >= chisq_ && right_side(w.result.beta[1])) out |= 1u << k;
    }
    return out;
  }

 private:
  bool right_side(double beta) const {
    return design_.alternative == Alternative::two_sided || (design_.alternative == Alternative::greater) == (beta > 0.0);
  }

  LogisticDesign design_;
  std::vector<LogisticTest> tests_;
  std::size_t n_;
  double effect_, intercept_ = 0.0, chisq_ = 0.0;
};

}  // namespace respondr::power
