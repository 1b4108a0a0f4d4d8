#pragma once
// Response rates of arms over all cut-offs of a continuous change, and bands that hold at all cut-offs together.
//
// A patient responds at cut-off c with change >= c (or <= c). The rate over c is an empirical distribution function, so
//   rate        p(c) +- sqrt(log(2 / alpha) / (2 n)) holds for all c with probability 1 - alpha or more
//               (Dvoretzky, Kiefer and Wolfowitz 1956, doi:10.1214/aoms/1177728174; constant of Massart 1990,
//               Ann Probab 18:1269, doi:10.1214/aop/1176990746)
//   difference  the two bands at alpha / 2 each, added: sqrt(log(4 / alpha) / (2 n1)) + sqrt(log(4 / alpha) / (2 n0))
//   sup-t       d(c) +- q s(c), s^2 = p1 q1 / n1 + p0 q0 / n0, which is the variance of the resampled difference, q the
//               1 - alpha quantile over resamples (each arm apart) of max |d*(c) - d(c)| / s(c) (Montiel Olea and
//               Plagborg-Moller 2019, J Appl Econom 34:1, doi:10.1002/jae.2656). No band where s = 0: nothing varies
//               there.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/bootstrap.hpp"
#include "respondr/parallel.hpp"
#include "respondr/random.hpp"
#include "respondr/types.hpp"

namespace respondr::response {

// Cut-offs ascending. The place of a patient is how many of them he meets, from the easiest on.
struct Cutoffs {
  const double* value = nullptr;
  std::size_t size = 0;
  bool at_least = true;  // false: change <= cut-off

  std::uint32_t place(double x) const {
    const double* end = value + size;
    const auto met = at_least ? std::upper_bound(value, end, x) - value : end - std::lower_bound(value, end, x);
    return static_cast<std::uint32_t>(met);
  }
  // Where the k-th easiest cut-off stands.
  std::size_t at(std::size_t k) const { return at_least ? k : size - 1 - k; }
};

// Places of an arm, ascending: the same for any order of its patients.
inline std::vector<std::uint32_t> places(const Cutoffs& cutoffs, Span<double> change) {
  std::vector<std::uint32_t> out(change.size);
  std::transform(change.begin(), change.end(), out.begin(), [&](double x) { return cutoffs.place(x); });
  std::sort(out.begin(), out.end());
  return out;
}

// tally[j]: patients of place j, j = 0 to m. Becomes the responders at the j-th easiest cut-off, j = 0 to m - 1.
inline void responders(std::vector<std::uint32_t>& tally) {
  std::uint32_t sum = 0;
  for (std::size_t j = tally.size(); j-- > 0;) {
    const std::uint32_t here = tally[j];
    tally[j] = sum;
    sum += here;
  }
}

inline std::vector<std::uint32_t> responders_of(const std::vector<std::uint32_t>& places, std::size_t cutoffs) {
  std::vector<std::uint32_t> out(cutoffs + 1, 0);
  for (const std::uint32_t place : places) ++out[place];
  responders(out);
  return out;
}

inline double dkw_half(std::size_t n, double alpha) {
  return n == 0 ? missing : std::sqrt(std::log(2.0 / alpha) / (2.0 * static_cast<double>(n)));
}

struct BandLimits {
  double low = missing, high = missing;
};

inline BandLimits rate_band(std::size_t events, std::size_t n, double alpha) {
  if (n == 0) return {};
  const double p = static_cast<double>(events) / static_cast<double>(n), half = dkw_half(n, alpha);
  return {std::fmax(0.0, p - half), std::fmin(1.0, p + half)};
}

inline BandLimits difference_band(double difference, double half) {
  if (!(difference == difference && half == half)) return {};
  return {std::fmax(-1.0, difference - half), std::fmin(1.0, difference + half)};
}

// Level and reference at the cut-offs, easiest first.
struct DifferenceCurve {
  std::vector<double> difference, std_error;

  DifferenceCurve(const std::vector<std::uint32_t>& level, std::size_t n1, const std::vector<std::uint32_t>& reference,
                  std::size_t n0) {
    for (std::size_t k = 0; k + 1 < level.size(); ++k) {
      const double m1 = static_cast<double>(n1), m0 = static_cast<double>(n0);
      const double p1 = level[k] / m1, p0 = reference[k] / m0;
      difference.push_back(p1 - p0);
      std_error.push_back(std::sqrt(p1 * (1.0 - p1) / m1 + p0 * (1.0 - p0) / m0));
    }
  }
};

struct SupT {
  double critical = missing;  // infinite: too few replicates for the level
  int used = 0;
};

namespace detail {

struct ThresholdSpace {
  std::vector<std::uint32_t> level, reference;
};

inline void resample(const std::vector<std::uint32_t>& places, Stream& stream, std::vector<std::uint32_t>& tally) {
  std::fill(tally.begin(), tally.end(), 0u);
  const auto n = static_cast<std::uint32_t>(places.size());
  for (std::uint32_t i = 0; i < n; ++i) ++tally[places[stream.bounded(n)]];
  responders(tally);
}

inline double largest_deviation(const DifferenceCurve& curve, const ThresholdSpace& w, double n1, double n0) {
  double largest = missing;
  for (std::size_t k = 0; k < curve.difference.size(); ++k) {
    if (!(curve.std_error[k] > 0.0)) continue;
    const double d = w.level[k] / n1 - w.reference[k] / n0;
    largest = std::fmax(largest, std::fabs(d - curve.difference[k]) / curve.std_error[k]);
  }
  return largest;
}

}  // namespace detail

struct SupTOptions {
  double conf_level = 0.95;
  int replicates = 2000;
  std::uint64_t seed = 0, problem = 0;
  int threads = 1;
};

inline SupT sup_t(const std::vector<std::uint32_t>& level, const std::vector<std::uint32_t>& reference,
                  const DifferenceCurve& curve, const SupTOptions& options, const Hooks& hooks) {
  SupT out;
  if (level.empty() || reference.empty()) return out;
  const double n1 = static_cast<double>(level.size()), n0 = static_cast<double>(reference.size());
  const std::size_t slots = curve.difference.size() + 1;
  std::vector<double> largest(static_cast<std::size_t>(options.replicates), missing);
  parallel_map(
      largest.size(), options.threads, hooks,
      [&] { return detail::ThresholdSpace{std::vector<std::uint32_t>(slots), std::vector<std::uint32_t>(slots)}; },
      [&](std::size_t b, detail::ThresholdSpace& w) {
        Stream stream(options.seed, static_cast<std::uint64_t>(Tag::threshold_band), options.problem, b);
        detail::resample(reference, stream, w.reference);
        detail::resample(level, stream, w.level);
        largest[b] = detail::largest_deviation(curve, w, n1, n0);
      });
  Bootstrap bootstrap;
  bootstrap.take({largest.data(), largest.size()});
  out.used = static_cast<int>(bootstrap.replicates());
  if (out.used > 0) out.critical = bootstrap.limit(rounded_alpha(options.conf_level), false);
  return out;
}

}  // namespace respondr::response
