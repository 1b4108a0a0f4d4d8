#pragma once
// Bootstrap of standardised risks. In every replicate the patients of each arm are drawn again among themselves, the
// logistic model is fitted to them, each is given every arm in turn, and the mean probabilities are the risks of the arms
// (g-computation: Robins 1986, Math Modelling 7:1393; stratified resampling: Davison and Hinkley 1997, section 3.2).
// Maximum likelihood that separates or does not converge is refitted by Firth with the intercept correction FLIC, and
// counted; a replicate without any estimate (one class only) is left out, and counted. Patients drawn several times are one
// row of that weight, which for all estimators here is the same likelihood.
//
//   percentile  order statistics of the replicates (bootstrap.hpp)
//   basic       2 theta - those, for the ratio on the log scale (Davison and Hinkley 1997, eq. 5.6)

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/bootstrap.hpp"
#include "respondr/logistic/correct.hpp"
#include "respondr/logistic/fit.hpp"
#include "respondr/parallel.hpp"
#include "respondr/random.hpp"

namespace respondr::response {

enum class RiskModel : int { ml = 0, flic, flac };

// x by column, the intercept first; columns `first` to `last` are those of the arm.
struct RiskProblem {
  const double* x = nullptr;
  std::size_t n = 0, p = 0;
  const double* y = nullptr;
  const int* arm = nullptr;  // from 0
  std::size_t arms = 0, first = 0, last = 0;
  const double* code = nullptr;  // arms x (last - first): the columns of each arm
};

struct RiskOptions {
  RiskModel model = RiskModel::ml;
  int replicates = 2000, threads = 1;
  double conf_level = 0.95;
  std::uint64_t seed = 0, problem = 0;
};

struct RiskReplicate {
  std::vector<double> risk;  // of each arm; NaN where the replicate has no estimate
  bool refitted = false, failed = false;
};

class RiskBootstrap {
 public:
  struct Workspace {
    logistic::Workspace fit;
    logistic::Fit result, augmented;
    std::vector<std::uint32_t> count, row;
    std::vector<double> x, y, weight;
  };

  explicit RiskBootstrap(const RiskProblem& problem) : data_(problem), members_(problem.arms) {
    for (std::size_t i = 0; i < data_.n; ++i) {
      members_[static_cast<std::size_t>(data_.arm[i])].push_back(static_cast<std::uint32_t>(i));
    }
  }

  // The risks of the patients themselves, as of one replicate that draws each once.
  void observed(RiskModel model, Workspace& w, RiskReplicate& out) const {
    w.count.assign(data_.n, 1);
    answer(model, w, out);
  }

  void replicate(const RiskOptions& options, std::size_t b, Workspace& w, RiskReplicate& out) const {
    Stream stream(options.seed, static_cast<std::uint64_t>(Tag::standardised_rate), options.problem, b);
    w.count.assign(data_.n, 0);
    for (const std::vector<std::uint32_t>& arm : members_) {
      const auto n = static_cast<std::uint32_t>(arm.size());
      for (std::uint32_t i = 0; i < n; ++i) ++w.count[arm[stream.bounded(n)]];
    }
    answer(options.model, w, out);
  }

 private:
  void answer(RiskModel model, Workspace& w, RiskReplicate& out) const {
    out.risk.assign(data_.arms, missing);
    out.refitted = false;
    take_rows(w);
    const std::vector<double>* beta = fit(model, w, out.refitted);
    out.failed = beta == nullptr;
    if (beta) standardise(*beta, w, out.risk);
  }

  void take_rows(Workspace& w) const {
    w.row.clear();
    for (std::size_t i = 0; i < data_.n; ++i) {
      if (w.count[i] > 0) w.row.push_back(static_cast<std::uint32_t>(i));
    }
    const std::size_t m = w.row.size();
    w.x.resize(m * data_.p);
    w.y.resize(m);
    w.weight.resize(m);
    for (std::size_t j = 0; j < data_.p; ++j) {
      const double* from = data_.x + j * data_.n;
      for (std::size_t i = 0; i < m; ++i) w.x[j * m + i] = from[w.row[i]];
    }
    for (std::size_t i = 0; i < m; ++i) {
      w.y[i] = data_.y[w.row[i]];
      w.weight[i] = w.count[w.row[i]];
    }
  }

  // Coefficients, or nullptr.
  const std::vector<double>* fit(RiskModel model, Workspace& w, bool& refitted) const {
    const logistic::Problem problem{w.x.data(), w.row.size(), data_.p, w.y.data(), w.weight.data(), nullptr};
    logistic::Options options;
    options.tolerance = 1e-8;
    options.leverage = model == RiskModel::flac;
    if (model == RiskModel::ml) {
      logistic::fit(problem, options, w.fit, w.result);
      if (w.result.status == Status::ok) return &w.result.beta;
      if (w.result.status != Status::separated && w.result.status != Status::not_converged) return nullptr;
      refitted = true;
    }
    options.estimator = logistic::Estimator::firth;
    logistic::fit(problem, options, w.fit, w.result);
    if (w.result.status != Status::ok) return nullptr;
    if (model == RiskModel::flac) return fit_augmented(problem, options, w);
    logistic::correct_intercept(problem, options, w.fit, w.result);
    return w.result.status == Status::ok ? &w.result.beta : nullptr;
  }

  const std::vector<double>* fit_augmented(const logistic::Problem& problem, logistic::Options options, Workspace& w) const {
    const logistic::Augmented data = logistic::augment(problem, w.result.leverage);
    options.estimator = logistic::Estimator::ml;
    options.leverage = false;
    logistic::fit(data.problem(), options, w.fit, w.augmented);
    return w.augmented.status == Status::ok ? &w.augmented.beta : nullptr;
  }

  // A column that depends on others adds nothing.
  void standardise(const std::vector<double>& beta, Workspace& w, std::vector<double>& risk) const {
    const std::size_t m = w.row.size(), codes = data_.last - data_.first;
    const auto slope = [&](std::size_t j) { return beta[j] == beta[j] ? beta[j] : 0.0; };
    std::vector<double>& eta = w.y;  // the responses are no longer needed
    std::fill(eta.begin(), eta.end(), 0.0);
    for (std::size_t j = 0; j < data_.p; ++j) {
      if (j >= data_.first && j < data_.last) continue;
      const double b = slope(j);
      for (std::size_t i = 0; i < m; ++i) eta[i] += b * w.x[j * m + i];
    }
    for (std::size_t a = 0; a < data_.arms; ++a) {
      double shift = 0.0, sum = 0.0, total = 0.0;
      for (std::size_t j = 0; j < codes; ++j) shift += slope(data_.first + j) * data_.code[a + j * data_.arms];
      for (std::size_t i = 0; i < m; ++i) {
        sum += w.weight[i] / (1.0 + std::exp(-(eta[i] + shift)));
        total += w.weight[i];
      }
      risk[a] = sum / total;
    }
  }

  RiskProblem data_;
  std::vector<std::vector<std::uint32_t>> members_;
};

struct RiskLimits {
  double std_error = missing;  // of the ratio: of its logarithm
  double low = missing, high = missing, basic_low = missing, basic_high = missing;
};

struct RiskAnswer {
  std::vector<double> risk;                  // of each arm
  std::vector<RiskLimits> difference, ratio;  // arm 1, 2, ... against arm 0
  int refitted = 0, failed = 0;
};

namespace detail {

inline RiskLimits risk_limits(std::vector<double> replicates, double estimate, double alpha, bool ratio) {
  RiskLimits out;
  Bootstrap bootstrap;
  bootstrap.take({replicates.data(), replicates.size()});
  if (!(bootstrap.replicates() > 1.0) || !(estimate == estimate)) return out;
  const double low = bootstrap.limit(0.5 * alpha, true), high = bootstrap.limit(0.5 * alpha, false);
  out.std_error = bootstrap.std_error();
  out.low = ratio ? std::exp(low) : low;
  out.high = ratio ? std::exp(high) : high;
  out.basic_low = ratio ? std::exp(2.0 * estimate - high) : 2.0 * estimate - high;
  out.basic_high = ratio ? std::exp(2.0 * estimate - low) : 2.0 * estimate - low;
  return out;
}

}  // namespace detail

inline RiskAnswer bootstrap_risks(const RiskProblem& problem, const RiskOptions& options, const Hooks& hooks) {
  const RiskBootstrap bootstrap(problem);
  RiskAnswer out;
  RiskReplicate whole;
  RiskBootstrap::Workspace work;
  bootstrap.observed(options.model, work, whole);
  out.risk = whole.risk;
  std::vector<RiskReplicate> replicates(static_cast<std::size_t>(options.replicates));
  parallel_map(
      replicates.size(), options.threads, hooks, [] { return RiskBootstrap::Workspace(); },
      [&](std::size_t b, RiskBootstrap::Workspace& w) { bootstrap.replicate(options, b, w, replicates[b]); });
  for (const RiskReplicate& r : replicates) {
    out.refitted += r.refitted && !r.failed ? 1 : 0;
    out.failed += r.failed ? 1 : 0;
  }
  const double alpha = rounded_alpha(options.conf_level);
  std::vector<double> difference(replicates.size()), ratio(replicates.size());
  for (std::size_t a = 1; a < problem.arms; ++a) {
    for (std::size_t b = 0; b < replicates.size(); ++b) {
      const std::vector<double>& risk = replicates[b].risk;
      difference[b] = risk[a] - risk[0];
      ratio[b] = std::log(risk[a]) - std::log(risk[0]);
    }
    out.difference.push_back(detail::risk_limits(difference, out.risk[a] - out.risk[0], alpha, false));
    out.ratio.push_back(detail::risk_limits(ratio, std::log(out.risk[a]) - std::log(out.risk[0]), alpha, true));
  }
  return out;
}

}  // namespace respondr::response
