#pragma once
// Resamples of patients within their class (events, others), so that a rare response survives in each of them.
// Whole weights are that many patients, each drawn on its own; other weights stay with their row.

#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/random.hpp"
#include "respondr/validate/types.hpp"

namespace respondr::validate {

class Resampler {
 public:
  explicit Resampler(const Patients& patients) : patients_(patients) {
    double total = 0.0;
    for (std::size_t i = 0; i < patients.n; ++i) {
      whole_ = whole_ && patients.count(i) == std::floor(patients.count(i));
      total += patients.count(i);
    }
    whole_ = whole_ && total < 5e7;
    for (std::size_t i = 0; i < patients.n; ++i) {
      const double times = whole_ ? patients.count(i) : (patients.count(i) > 0.0 ? 1.0 : 0.0);
      for (double k = 0.0; k < times; k += 1.0) {
        (patients.event[i] > 0.5 ? events_ : others_).push_back(static_cast<std::uint32_t>(i));
      }
    }
  }

  std::size_t events() const { return events_.size(); }
  std::size_t others() const { return others_.size(); }
  std::size_t size() const { return events_.size() + others_.size(); }
  bool whole() const { return whole_; }
  // Row of a patient; events first.
  std::uint32_t row(std::size_t patient) const {
    return patient < events_.size() ? events_[patient] : others_[patient - events_.size()];
  }
  // What one patient counts.
  double count(std::size_t patient) const { return whole_ ? 1.0 : patients_.count(row(patient)); }

  // drawn[patient]: how often; stratified: as many events and others as there are.
  void draw(Stream& stream, bool stratified, std::vector<std::uint32_t>& drawn) const {
    drawn.assign(size(), 0);
    const auto some = [&](std::size_t first, std::size_t n) {
      for (std::size_t k = 0; k < n; ++k) {
        ++drawn[first + stream.bounded(static_cast<std::uint32_t>(n))];
      }
    };
    if (stratified) {
      some(0, events());
      some(events(), others());
    } else {
      some(0, size());
    }
  }

  // Weights of the rows in the resample and, if asked for, of those left out of it; n each.
  void weights(const std::vector<std::uint32_t>& drawn, double* inside, double* outside) const {
    std::fill(inside, inside + patients_.n, 0.0);
    if (outside) {
      std::fill(outside, outside + patients_.n, 0.0);
    }
    for (std::size_t k = 0; k < drawn.size(); ++k) {
      inside[row(k)] += count(k) * drawn[k];
      if (outside && drawn[k] == 0) {
        outside[row(k)] += count(k);
      }
    }
  }

 private:
  Patients patients_;
  bool whole_ = true;
  std::vector<std::uint32_t> events_, others_;
};

}  // namespace respondr::validate
