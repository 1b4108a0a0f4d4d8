#pragma once
// What a whole procedure is worth: bootstrap samples drawn within the classes of response go through all of it, and what each model
// loses from its own sample to the data is the optimism of the apparent figures (Efron 1983, J Am Stat Assoc 78:316; Harrell 2015,
// section 5.3). A replicate's figures count only where all of them exist.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/parallel.hpp"
#include "respondr/random.hpp"
#include "respondr/screen/procedure.hpp"

namespace respondr::screen {

// AUC, Brier score, and the coefficients of the response on the linear predictor: calibration intercept (slope held at 1) and slope.
struct Performance {
  double auc = missing, brier = missing, intercept = missing, slope = missing;
  bool complete() const { return auc == auc && brier == brier && intercept == intercept && slope == slope; }
};

struct Replicate {
  Performance own, data;  // of the model of the sample: on the sample, on the data
  std::vector<unsigned char> chosen;
  bool firth = false, failed = false;
};

namespace detail {

struct Scored {
  double value, y, weight;
};

// Weighted share of pairs in which the event has the larger value, ties a half; values equal to rounding count as ties.
inline double auc(std::vector<Scored>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Scored& a, const Scored& b) { return a.value < b.value; });
  double below = 0.0, wins = 0.0, events = 0.0;
  for (std::size_t i = 0; i < rows.size();) {
    double event = 0.0, other = 0.0;
    std::size_t j = i;
    const double slack = 1e-12 * (1.0 + std::fabs(rows[i].value));
    for (; j < rows.size() && rows[j].value <= rows[i].value + slack; ++j) {
      event += rows[j].weight * rows[j].y;
      other += rows[j].weight * (1.0 - rows[j].y);
    }
    wins += event * (below + 0.5 * other);
    below += other;
    events += event;
    i = j;
  }
  return wins / (events * below);
}

}  // namespace detail

struct PerformanceWorkspace {
  std::vector<detail::Scored> rows;
  std::vector<double> x, y, weight, offset;
  logistic::Workspace fit;
  logistic::Fit result;
};

// Of linear predictors eta for responses y with weights.
inline Performance measure(const std::vector<double>& eta, const std::vector<double>& y, const std::vector<double>& weight,
                           PerformanceWorkspace& w) {
  Performance out;
  const std::size_t n = eta.size();
  CompensatedSum brier, total;
  w.rows.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    w.rows[i] = {eta[i], y[i], weight[i]};
    const double p = 1.0 / (1.0 + std::exp(-eta[i]));
    brier.add(weight[i] * (y[i] * (1.0 - p) * (1.0 - p) + (1.0 - y[i]) * p * p));
    total.add(weight[i]);
  }
  out.brier = brier.value() / total.value();
  out.auc = detail::auc(w.rows);
  logistic::Options o;
  o.leverage = false;
  o.tolerance = 1e-8;
  w.x.assign(n, 1.0);
  const logistic::Problem level{w.x.data(), n, 1, y.data(), weight.data(), eta.data()};
  logistic::fit(level, o, w.fit, w.result);
  if (w.result.status == Status::ok) out.intercept = w.result.beta[0];
  w.x.insert(w.x.end(), eta.begin(), eta.end());
  const logistic::Problem line{w.x.data(), n, 2, y.data(), weight.data(), nullptr};
  logistic::fit(line, o, w.fit, w.result);
  if (w.result.status == Status::ok) out.slope = w.result.beta[1];  // aliased where all predictions are equal: missing
  return out;
}

class Optimism {
 public:
  Optimism(const Procedure& procedure, std::uint64_t seed) : procedure_(procedure), seed_(seed) {
    const logistic::Problem& d = procedure.data();
    for (std::size_t i = 0; i < d.n; ++i) {
      whole_.push_back(static_cast<std::uint32_t>(i));
      classes_[d.y[i] > 0.5 ? 1 : 0].push_back(static_cast<std::uint32_t>(i));
    }
  }

  struct Workspace {
    Procedure::Workspace procedure;
    PerformanceWorkspace performance;
    Model model;
    std::vector<std::uint32_t> rows;
    std::vector<double> eta, y, weight;
  };

  // The procedure on the data themselves; its figures there are the apparent ones.
  Replicate apparent(Workspace& w) const {
    Replicate out;
    procedure_.run(whole_.data(), whole_.size(), w.procedure, w.model);
    out.own = out.data = on(whole_, w);
    describe(w.model, out);
    return out;
  }

  Replicate draw(std::uint64_t replicate, Workspace& w) const {
    Stream stream(seed_, static_cast<std::uint64_t>(Tag::screen), 0, replicate);
    w.rows.clear();
    for (const auto& rows : classes_) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        w.rows.push_back(rows[stream.bounded(static_cast<std::uint32_t>(rows.size()))]);
      }
    }
    Replicate out;
    procedure_.run(w.rows.data(), w.rows.size(), w.procedure, w.model);
    out.own = on(w.rows, w);
    out.data = on(whole_, w);
    describe(w.model, out);
    return out;
  }

 private:
  Performance on(const std::vector<std::uint32_t>& rows, Workspace& w) const {
    const logistic::Problem& d = procedure_.data();
    w.eta.resize(rows.size());
    w.y.resize(rows.size());
    w.weight.resize(rows.size());
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::size_t i = rows[k];
      double eta = d.offset ? d.offset[i] : 0.0;
      for (std::size_t j = 0; j < d.p; ++j) eta += w.model.beta[j] * d.x[j * d.n + i];
      w.eta[k] = eta;
      w.y[k] = d.y[i];
      w.weight[k] = d.weight ? d.weight[i] : 1.0;
    }
    return measure(w.eta, w.y, w.weight, w.performance);
  }

  static void describe(const Model& model, Replicate& out) {
    out.chosen = model.chosen;
    out.firth = model.firth;
    out.failed = model.failed;
  }

  const Procedure& procedure_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> whole_, classes_[2];
};

inline std::vector<Replicate> bootstrap(const Optimism& optimism, std::size_t replicates, int threads, const Hooks& hooks) {
  std::vector<Replicate> out(replicates);
  parallel_map(replicates, threads, hooks, [] { return Optimism::Workspace{}; },
               [&](std::size_t b, Optimism::Workspace& w) { out[b] = optimism.draw(b, w); });
  return out;
}

}  // namespace respondr::screen
