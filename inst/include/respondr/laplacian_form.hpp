#pragma once
// A quadratic form in sums whose covariance is the Laplacian of a graph: Skillings and Mack's test, the
// Cochran-Mantel-Haenszel statistic with the patient as stratum, and Stuart and Maxwell's test.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace respondr {

// x' S^- x for the Laplacian S of a weighted graph and x that adds to 0 in each connected part: one vertex of each part is
// left out and S is inverted on the rest (Cholesky), which gives the same form whatever vertex is left out. The vertices
// are visits joined by the patients who have both, or levels of a response joined by the patients who moved between them.
class LaplacianForm {
 public:
  // joint: k x k, symmetric; the weight that joins two vertices, 0 where none does.
  void factor(const std::vector<double>& joint, std::size_t k) {
    k_ = k;
    visits_ = parts_ = 0;
    find_parts(joint);
    rank_ = kept_.size();
    root_.assign(rank_ * rank_, 0.0);
    for (std::size_t a = 0; a < rank_; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        double s = -joint[kept_[a] * k + kept_[b]];
        if (a == b) {
          s = 0.0;
          for (std::size_t j = 0; j < k; ++j) {
            s += j == kept_[a] ? 0.0 : joint[kept_[a] * k + j];
          }
        }
        for (std::size_t c = 0; c < b; ++c) {
          s -= root_[a * rank_ + c] * root_[b * rank_ + c];
        }
        root_[a * rank_ + b] = a == b ? std::sqrt(s) : s / root_[b * rank_ + b];
      }
    }
    solved_.resize(rank_);
  }

  double operator()(const double* x) {
    double form = 0.0;
    for (std::size_t a = 0; a < rank_; ++a) {
      double s = x[kept_[a]];
      for (std::size_t c = 0; c < a; ++c) {
        s -= root_[a * rank_ + c] * solved_[c];
      }
      solved_[a] = s / root_[a * rank_ + a];
      form += solved_[a] * solved_[a];
    }
    return form;
  }

  std::size_t rank() const { return rank_; }
  std::size_t visits() const { return visits_; }  // that are joined to another
  std::size_t parts() const { return parts_; }

 private:
  // Every vertex but the first of each part.
  void find_parts(const std::vector<double>& joint) {
    std::vector<std::size_t> part(k_, 0), stack;
    kept_.clear();
    for (std::size_t first = 0; first < k_; ++first) {
      const auto joins = [&](std::size_t a, std::size_t b) { return a != b && joint[a * k_ + b] > 0.0; };
      bool alone = true;
      for (std::size_t j = 0; j < k_; ++j) {
        alone = alone && !joins(first, j);
      }
      visits_ += alone ? 0 : 1;
      if (alone || part[first] != 0) {
        continue;
      }
      part[first] = ++parts_;
      stack.assign(1, first);
      while (!stack.empty()) {
        const std::size_t at = stack.back();
        stack.pop_back();
        for (std::size_t j = 0; j < k_; ++j) {
          if (part[j] == 0 && joins(at, j)) {
            part[j] = parts_;
            kept_.push_back(j);
            stack.push_back(j);
          }
        }
      }
    }
    std::sort(kept_.begin(), kept_.end());
  }

  std::size_t k_ = 0, rank_ = 0, visits_ = 0, parts_ = 0;
  std::vector<std::size_t> kept_;
  std::vector<double> root_, solved_;
};

}  // namespace respondr
