#pragma once
// What a whole modelling procedure is worth on new patients: it is run again in every resample.
//
//   optimism    mean over resamples of (measure in the resample - measure of the same model on the original patients);
//               corrected = apparent - optimism (Harrell, Lee and Mark 1996, Stat Med 15:361)
//   low, high   percentiles of the measure in the resamples, less the optimism (Noma, Shinozaki, Iba, Teramukai and Furukawa
//               2021, Stat Med 40:5691, doi:10.1002/sim.9148): a little narrow, for the model itself varies more. None for
//               intercept and slope, which a model has at 0 and 1 in its own resample by construction
//   .632+       measures.hpp. Brier: the loss of each patient averaged over the resamples without him, then over patients.
//               AUC (as 1 - AUC, 1/2 without information), slope (1 - slope, 0 without information): mean over resamples of
//               the patients left out, where both classes are among them. Intercept: plain .632, as no information is 0 too.
// A procedure is
//   auto make() const                                       its workspace, one a thread
//   Refit operator()(const Resample&, Workspace&, double* eta) const     log odds of all n rows by the model of the resample
// Replicates whose model does not converge, or whose measure does not exist (a constant prediction has no slope), are
// left out
// of that measure and counted.

#include <cstdint>
#include <vector>

#include "respondr/bootstrap.hpp"
#include "respondr/parallel.hpp"
#include "respondr/validate/measures.hpp"
#include "respondr/validate/resample.hpp"

namespace respondr::validate {

// A resample both ways: weight of each row (0: left out), and the row of each patient drawn (size of them).
struct Resample {
  static constexpr std::size_t all = static_cast<std::size_t>(-1);  // as `replicate`: all patients
  const double* weight = nullptr;
  const std::uint32_t* index = nullptr;
  std::size_t size = 0;
  std::size_t replicate = all;
};

struct Refit {
  bool ok = false;
  bool penalised = false;  // separated, so refitted by Firth with FLIC
  bool aliased = false;    // a column of the model depends on the others in this resample
};

struct BootstrapOptions {
  int replicates = 2000;
  bool stratified = true;
  double conf_level = 0.95;
  std::uint64_t seed = 0;
};

struct MeasureSummary {
  double apparent = missing, optimism = missing, corrected = missing, low = missing, high = missing;
  double left_out = missing, plus632 = missing;
  double simulation_error = missing;  // Monte Carlo standard error of the optimism
  int used = 0;                       // replicates
};

template <class F>
void visit_columns(const MeasureSummary*, F&& f) {
  f("apparent", [](const MeasureSummary& s) -> const double& { return s.apparent; });
  f("optimism", [](const MeasureSummary& s) -> const double& { return s.optimism; });
  f("corrected", [](const MeasureSummary& s) -> const double& { return s.corrected; });
  f("corrected_low", [](const MeasureSummary& s) -> const double& { return s.low; });
  f("corrected_high", [](const MeasureSummary& s) -> const double& { return s.high; });
  f("left_out", [](const MeasureSummary& s) -> const double& { return s.left_out; });
  f("plus632", [](const MeasureSummary& s) -> const double& { return s.plus632; });
  f("simulation_error", [](const MeasureSummary& s) -> const double& { return s.simulation_error; });
  f("used", [](const MeasureSummary& s) -> const int& { return s.used; });
}

struct Validation {
  Status status = Status::ok;
  std::array<MeasureSummary, measures> measure;
  int replicates = 0, failed = 0, penalised = 0, aliased = 0, slope_penalised = 0, left_out_used = 0;
};

namespace detail {

struct Replicate {
  Refit refit;
  Performance inside, original, left_out;
};

template <class Procedure>
struct BootstrapSpace {
  decltype(std::declval<const Procedure&>().make()) procedure;
  Assessor assessor;
  std::vector<std::uint32_t> drawn, index;
  std::vector<double> inside, outside, eta;
};

inline void list_drawn(const Resampler& resampler, const std::vector<std::uint32_t>& drawn,
  std::vector<std::uint32_t>& index) {
  index.clear();
  for (std::size_t k = 0; k < drawn.size(); ++k) {
    index.insert(index.end(), drawn[k], resampler.row(k));
  }
}

// Loss of the patients left out, by row.
struct LeftOut {
  std::vector<double> loss, count;
};

inline void add_left_out(const Patients& patients, const std::vector<double>& outside, const double* eta, LeftOut& sum) {
  for (std::size_t i = 0; i < patients.n; ++i) {
    if (outside[i] > 0.0) {
      const double d = event_probability(eta[i]) - patients.event[i];
      sum.loss[i] += outside[i] * d * d;
      sum.count[i] += outside[i];
    }
  }
}

template <class Procedure>
void replicate(const Patients& patients, const Resampler& resampler, const Procedure& procedure,
               const BootstrapOptions& options, std::size_t b, BootstrapSpace<Procedure>& w, Replicate& out, LeftOut& sum) {
  Stream stream(options.seed, static_cast<std::uint64_t>(Tag::validation), 0, b);
  resampler.draw(stream, options.stratified, w.drawn);
  w.inside.resize(patients.n);
  w.outside.resize(patients.n);
  w.eta.resize(patients.n);
  resampler.weights(w.drawn, w.inside.data(), w.outside.data());
  list_drawn(resampler, w.drawn, w.index);
  const Patients inside{patients.n, patients.event, w.inside.data()}, outside{patients.n, patients.event, w.outside.data()};
  if (class_status(count_classes(inside)) != Status::ok) {
    return;
  }
  out.refit = procedure(Resample{w.inside.data(), w.index.data(), w.index.size(), b}, w.procedure, w.eta.data());
  if (!out.refit.ok) {
    return;
  }
  out.inside = assess(inside, w.eta.data(), true, w.assessor);
  out.original = assess(patients, w.eta.data(), true, w.assessor);
  out.left_out = assess(outside, w.eta.data(), true, w.assessor);
  add_left_out(patients, w.outside, w.eta.data(), sum);
}

inline double mean_of(const std::vector<double>& x) { return Moments::of({x.data(), x.size()}).mean; }

inline void summarise(const std::vector<Replicate>& replicates, const BootstrapOptions& options, std::size_t m,
                      MeasureSummary& out) {
  std::vector<double> optimism, inside, left_out;
  for (const Replicate& r : replicates) {
    const double a = r.inside.value[m], b = r.original.value[m], c = r.left_out.value[m];
    if (std::isfinite(a) && std::isfinite(b)) {
      optimism.push_back(a - b);
      inside.push_back(a);
    }
    if (std::isfinite(c)) {
      left_out.push_back(c);
    }
  }
  out.used = static_cast<int>(optimism.size());
  out.left_out = mean_of(left_out);
  if (optimism.empty() || !std::isfinite(out.apparent)) {
    return;
  }
  out.optimism = mean_of(optimism);
  out.corrected = out.apparent - out.optimism;
  out.simulation_error = Moments::of({optimism.data(), optimism.size()}).sd() / std::sqrt(static_cast<double>(out.used));
  if (m == intercept || m == slope) {
    return;  // in its own resample a model has 0 and 1 by construction: no spread to shift
  }
  Bootstrap bootstrap;
  bootstrap.take({inside.data(), inside.size()});
  const double alpha = 0.5 * rounded_alpha(options.conf_level);
  out.low = bootstrap.limit(alpha, true) - out.optimism;
  out.high = bootstrap.limit(alpha, false) - out.optimism;
}

inline void limit_ranges(Validation& out) {
  for (const std::size_t m : {auc, brier_score, scaled_brier_score}) {
    MeasureSummary& s = out.measure[m];
    if (s.high == s.high) {
      s.high = std::fmin(1.0, s.high);
    }
    if (m != scaled_brier_score && s.low == s.low) {
      s.low = std::fmax(0.0, s.low);
    }
  }
}

inline void plus_632(const Patients& patients, const double* eta, const LeftOut& sum, Validation& out) {
  const Classes classes = count_classes(patients);
  CompensatedSum loss, count;
  for (std::size_t i = 0; i < patients.n; ++i) {
    if (sum.count[i] > 0.0) {
      loss.add(patients.count(i) * sum.loss[i] / sum.count[i]);
      count.add(patients.count(i));
    }
  }
  MeasureSummary& b = out.measure[brier_score];
  b.left_out = loss.value() / count.value();
  b.plus632 = err_632_plus(b.apparent, b.left_out, brier_without_information(patients, eta, classes));
  out.measure[scaled_brier_score].left_out = scaled_brier(b.left_out, classes);
  out.measure[scaled_brier_score].plus632 = scaled_brier(b.plus632, classes);
  MeasureSummary& a = out.measure[auc];
  a.plus632 = 1.0 - err_632_plus(1.0 - a.apparent, 1.0 - a.left_out, 0.5);
  MeasureSummary& s = out.measure[slope];
  s.plus632 = 1.0 - err_632_plus(1.0 - s.apparent, 1.0 - s.left_out, 1.0);
  MeasureSummary& i = out.measure[intercept];
  i.plus632 = 0.368 * i.apparent + 0.632 * i.left_out;
}

inline void count_replicates(const std::vector<Replicate>& replicates, Validation& out) {
  for (const Replicate& r : replicates) {
    out.failed += r.refit.ok ? 0 : 1;
    out.penalised += r.refit.ok && r.refit.penalised ? 1 : 0;
    out.aliased += r.refit.ok && r.refit.aliased ? 1 : 0;
    out.slope_penalised += r.inside.penalised || r.original.penalised ? 1 : 0;
    out.left_out_used += std::isfinite(r.left_out.value[auc]) ? 1 : 0;
  }
}

// The procedure on all patients: its log odds and their apparent measures.
template <class Procedure>
Status apparent_model(const Patients& patients, const Resampler& resampler, const Procedure& procedure,
                      std::vector<double>& eta, Validation& out) {
  const Status status = class_status(count_classes(patients));
  if (status != Status::ok) {
    return status;
  }
  BootstrapSpace<Procedure> w{procedure.make(), {}, {}, {}, {}, {}, {}};
  w.drawn.assign(resampler.size(), 1);
  w.inside.resize(patients.n);
  eta.resize(patients.n);
  resampler.weights(w.drawn, w.inside.data(), nullptr);
  list_drawn(resampler, w.drawn, w.index);
  if (!procedure(Resample{w.inside.data(), w.index.data(), w.index.size()}, w.procedure, eta.data()).ok) {
    return Status::not_converged;
  }
  const Performance apparent = assess(patients, eta.data(), true, w.assessor);
  for (std::size_t m = 0; m < measures; ++m) {
    out.measure[m].apparent = apparent.value[m];
  }
  return Status::ok;
}

}  // namespace detail

template <class Procedure>
Validation validate_bootstrap(const Patients& patients, const Procedure& procedure, const BootstrapOptions& options,
                              int threads, const Hooks& hooks) {
  Validation out;
  const Resampler resampler(patients);
  std::vector<double> eta;
  out.status = detail::apparent_model(patients, resampler, procedure, eta, out);
  if (out.status != Status::ok) {
    return out;
  }
  // Units of several replicates, each with its own sums of losses, merged in their order: the same bits for any threads.
  const std::size_t replicates = static_cast<std::size_t>(options.replicates);
  const std::size_t units = std::min<std::size_t>(replicates, 32);
  std::vector<detail::Replicate> done(replicates);
  std::vector<detail::LeftOut> sums(units);
  const auto make = [&] { return detail::BootstrapSpace<Procedure>{procedure.make(), {}, {}, {}, {}, {}, {}}; };
  parallel_map(units, threads, hooks, make, [&](std::size_t u, detail::BootstrapSpace<Procedure>& w) {
    sums[u].loss.assign(patients.n, 0.0);
    sums[u].count.assign(patients.n, 0.0);
    for (std::size_t b = u * replicates / units; b < (u + 1) * replicates / units; ++b) {
      detail::replicate(patients, resampler, procedure, options, b, w, done[b], sums[u]);
    }
  });
  for (std::size_t u = 1; u < units; ++u) {
    for (std::size_t i = 0; i < patients.n; ++i) {
      sums[0].loss[i] += sums[u].loss[i];
      sums[0].count[i] += sums[u].count[i];
    }
  }
  out.replicates = options.replicates;
  detail::count_replicates(done, out);
  for (std::size_t m = 0; m < measures; ++m) {
    detail::summarise(done, options, m, out.measure[m]);
  }
  detail::plus_632(patients, eta.data(), sums[0], out);
  detail::limit_ranges(out);
  return out;
}

}  // namespace respondr::validate
