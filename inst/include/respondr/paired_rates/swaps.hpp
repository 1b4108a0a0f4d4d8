#pragma once
// The null distribution of square tables: each patient who moved between two levels did so in either direction with
// probability one half, independently. Given how many moved between each pair of levels, the moves upwards are independent
// binomials.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/laplacian_form.hpp"
#include "respondr/paired_rates/types.hpp"
#include "respondr/random.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired_rates {

// The levels that some patient has, in their order; `kept` are their numbers.
inline void used_levels(const SquareTable& all, SquareTable& used, std::vector<std::size_t>& kept) {
  kept.clear();
  for (std::size_t i = 0; i < all.k; ++i) {
    double margin = 0.0;
    for (std::size_t j = 0; j < all.k; ++j) {
      margin += all.moved(i, j);
    }
    if (margin > 0.0) {
      kept.push_back(i);
    }
  }
  used.clear(kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    for (std::size_t j = 0; j < kept.size(); ++j) {
      used(i, j) = all(kept[i], kept[j]);
    }
  }
}

struct LevelPair {
  std::size_t low = 0, high = 0;
  double moved = 0.0, up = 0.0;  // patients who moved between the two, and those from low to high
};

class Swaps {
 public:
  void prepare(const SquareTable& table) {
    k_ = table.k;
    pairs_.clear();
    joint_.assign(k_ * k_, 0.0);
    for (std::size_t i = 0; i < k_; ++i) {
      for (std::size_t j = i + 1; j < k_; ++j) {
        const double moved = table.moved(i, j);
        joint_[i * k_ + j] = joint_[j * k_ + i] = moved;
        if (moved > 0.0) {
          pairs_.push_back({i, j, moved, table(i, j)});
        }
      }
    }
    form_.factor(joint_, k_);
    margin_.assign(k_, 0.0);
  }

  const std::vector<LevelPair>& pairs() const { return pairs_; }
  std::size_t k() const { return k_; }
  std::size_t rank() const { return form_.rank(); }

  // Sum over the pairs of levels of (up - down)^2 / moved.
  static double bowker(const std::vector<LevelPair>& pairs) {
    double sum = 0.0;
    for (const LevelPair& p : pairs) {
      const double excess = 2.0 * p.up - p.moved;
      sum += excess * excess / p.moved;
    }
    return sum;
  }

  // d' S^- d, d the change of the margins, S its covariance when moves up and down are equally likely.
  double stuart(const std::vector<LevelPair>& pairs) {
    std::fill(margin_.begin(), margin_.end(), 0.0);
    for (const LevelPair& p : pairs) {
      const double excess = 2.0 * p.up - p.moved;
      margin_[p.high] += excess;
      margin_[p.low] -= excess;
    }
    return form_(margin_.data());
  }

  // All combinations of moves, the last pair fastest.
  double combinations() const {
    double all = 1.0;
    for (const LevelPair& p : pairs_) {
      all *= p.moved + 1.0;
    }
    return all;
  }

  // Steps of one replicate of draw().
  double draw_steps() const {
    double steps = static_cast<double>(k_ * k_);
    for (const LevelPair& p : pairs_) {
      steps += 1.0 + p.moved / 8.0;
    }
    return steps;
  }

  // P(statistic(pairs) >= least) over all combinations.
  template <class Statistic>
  double enumerate(Statistic&& statistic, double least) {
    std::vector<LevelPair> now = pairs_;
    std::vector<double> weight(now.size() + 1, 1.0);
    const auto set = [&](std::size_t at, double up) {
      now[at].up = up;
      weight[at + 1] = weight[at] * std::exp(special::ln_choose(now[at].moved, up) - 0.6931471805599453 * now[at].moved);
    };
    for (std::size_t at = 0; at < now.size(); ++at) {
      set(at, 0.0);
    }
    double reached = 0.0;
    for (;;) {
      if (statistic(now) >= least) {
        reached += weight.back();
      }
      std::size_t at = now.size();
      while (at > 0 && now[at - 1].up >= now[at - 1].moved) {
        --at;
      }
      if (at == 0) {
        return std::fmin(1.0, reached);
      }
      set(at - 1, now[at - 1].up + 1.0);
      for (; at < now.size(); ++at) {
        set(at, 0.0);
      }
    }
  }

  // Replicates whose statistic reaches `least`.
  template <class Statistic>
  double draw(const Options& options, std::uint64_t problem, Statistic&& statistic, double least) {
    std::vector<LevelPair> now = pairs_;
    double reached = 0.0;
    for (int replicate = 0; replicate < options.replicates; ++replicate) {
      Stream stream(options.seed, static_cast<std::uint64_t>(Tag::pair_swap), problem,
                    static_cast<std::uint64_t>(replicate));
      for (LevelPair& p : now) {
        p.up = coins(stream, static_cast<std::uint64_t>(p.moved));
      }
      reached += statistic(now) >= least ? 1.0 : 0.0;
    }
    return reached;
  }

 private:
  // Heads among n fair coins.
  static double coins(Stream& stream, std::uint64_t n) {
    std::uint64_t heads = 0;
    for (; n >= 64; n -= 64) {
      heads += ones(stream.next());
    }
    if (n > 0) {
      heads += ones(stream.next() >> (64 - n));
    }
    return static_cast<double>(heads);
  }
  static std::uint64_t ones(std::uint64_t x) {
    x -= (x >> 1) & 0x5555555555555555ULL;
    x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
    return (x * 0x0101010101010101ULL) >> 56;
  }

  std::size_t k_ = 0;
  std::vector<LevelPair> pairs_;
  std::vector<double> joint_, margin_;
  LaplacianForm form_;
};

}  // namespace respondr::paired_rates
