#pragma once
// Repeated cross-validation with folds stratified by class: the procedure is run on all folds but one and predicts that one.
// AUC is the mean over folds (pairs are compared within a fold only: predictions of different models are not comparable,
// and a
// pooled AUC is biased downwards); Brier score, intercept and slope are those of all n predictions of a repetition.
// Folds are
// at most as many as the patients of the smaller class, so that each holds both.

#include <numeric>

#include "respondr/validate/bootstrap.hpp"

namespace respondr::validate {

struct FoldOptions {
  int folds = 10, repeats = 20;
  double conf_level = 0.95;
  std::uint64_t seed = 0;
};

namespace detail {

// Fold of each patient: dealt in turn in random order within the class, the second class from where the first stopped.
inline void deal(Stream& stream, std::size_t events, std::size_t size, int folds, std::vector<int>& fold) {
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0u);
  const auto permute = [&](std::size_t first, std::size_t last) {
    for (std::size_t k = last; k > first + 1; --k) {
      std::swap(order[k - 1], order[first + stream.bounded(static_cast<std::uint32_t>(k - first))]);
    }
  };
  permute(0, events);
  permute(events, size);
  fold.resize(size);
  for (std::size_t k = 0; k < size; ++k) {
    fold[order[k]] = static_cast<int>(k % static_cast<std::size_t>(folds));
  }
}

template <class Procedure>
void repeat_folds(const Patients& patients, const Resampler& resampler, const Procedure& procedure,
  const FoldOptions& options,
                  int folds, std::size_t r, BootstrapSpace<Procedure>& w, Replicate& out) {
  Stream stream(options.seed, static_cast<std::uint64_t>(Tag::folds), 0, r);
  std::vector<int> fold;
  deal(stream, resampler.events(), resampler.size(), folds, fold);
  // A row of several patients may lie in several folds: predictions are kept by patient.
  const std::size_t size = resampler.size();
  std::vector<double> eta(size), event(size), count(size);
  CompensatedSum areas;
  w.inside.resize(patients.n);
  w.outside.resize(patients.n);
  w.eta.resize(patients.n);
  out.refit.ok = true;
  for (int f = 0; f < folds; ++f) {
    w.drawn.assign(size, 1);
    for (std::size_t k = 0; k < size; ++k) {
      w.drawn[k] = fold[k] == f ? 0 : 1;
    }
    resampler.weights(w.drawn, w.inside.data(), w.outside.data());
    list_drawn(resampler, w.drawn, w.index);
    const Refit refit = procedure(Resample{w.inside.data(), w.index.data(), w.index.size()}, w.procedure, w.eta.data());
    out.refit.ok = out.refit.ok && refit.ok;
    out.refit.penalised = out.refit.penalised || refit.penalised;
    out.refit.aliased = out.refit.aliased || refit.aliased;
    if (!refit.ok) {
      return;
    }
    areas.add(assess({patients.n, patients.event, w.outside.data()}, w.eta.data(), false, w.assessor).value[auc]);
    for (std::size_t k = 0; k < size; ++k) {
      if (fold[k] == f) {
        eta[k] = w.eta[resampler.row(k)];
        event[k] = patients.event[resampler.row(k)];
        count[k] = resampler.count(k);
      }
    }
  }
  out.left_out = assess({size, event.data(), count.data()}, eta.data(), true, w.assessor);
  out.left_out.value[auc] = areas.value() / folds;
}

}  // namespace detail

// corrected: mean over repetitions; optimism: apparent less that. low and high are not computed.
template <class Procedure>
Validation validate_folds(const Patients& patients, const Procedure& procedure, const FoldOptions& options, int threads,
                          const Hooks& hooks, int& folds) {
  Validation out;
  const Resampler resampler(patients);
  std::vector<double> eta;
  out.status = detail::apparent_model(patients, resampler, procedure, eta, out);
  folds = static_cast<int>(std::min<std::size_t>({static_cast<std::size_t>(options.folds), resampler.events(),
                                                  resampler.others()}));
  if (out.status == Status::ok && folds < 2) {
    out.status = Status::too_few;
  }
  if (out.status != Status::ok) {
    return out;
  }
  std::vector<detail::Replicate> done(static_cast<std::size_t>(options.repeats));
  const auto make = [&] { return detail::BootstrapSpace<Procedure>{procedure.make(), {}, {}, {}, {}, {}, {}}; };
  parallel_map(done.size(), threads, hooks, make, [&](std::size_t r, detail::BootstrapSpace<Procedure>& w) {
    detail::repeat_folds(patients, resampler, procedure, options, folds, r, w, done[r]);
  });
  out.replicates = options.repeats;
  detail::count_replicates(done, out);
  for (std::size_t m = 0; m < measures; ++m) {
    MeasureSummary& s = out.measure[m];
    std::vector<double> values;
    for (const detail::Replicate& r : done) {
      if (r.refit.ok && std::isfinite(r.left_out.value[m])) {
        values.push_back(r.left_out.value[m]);
      }
    }
    s.used = static_cast<int>(values.size());
    s.corrected = s.left_out = detail::mean_of(values);
    s.optimism = s.apparent - s.corrected;
  }
  return out;
}

}  // namespace respondr::validate
