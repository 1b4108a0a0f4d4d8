#pragma once
// The map of a solver over problems. Threads start with the call and are joined before it returns. Workers never call back:
// between waves of about 50 ms only the calling thread asks the hooks whether to stop and reports progress.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace respondr {

struct Hooks {
  std::function<bool()> cancelled;                                  // true: stop
  std::function<void(std::size_t done, std::size_t total)> progress;
};

struct cancelled_error : std::runtime_error {
  cancelled_error() : std::runtime_error("cancelled") {}
};

namespace detail {

// Keeps the error of the lowest problem, whichever thread met it.
class FirstError {
 public:
  void keep(std::size_t problem, std::exception_ptr error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!error_ || problem < problem_) {
      problem_ = problem;
      error_ = error;
    }
    limit_.store(problem_);
  }
  std::size_t limit() const { return limit_.load(std::memory_order_relaxed); }
  void rethrow() const {
    if (error_) {
      std::rethrow_exception(error_);
    }
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  std::size_t problem_ = 0;
  std::atomic<std::size_t> limit_{static_cast<std::size_t>(-1)};
};

}  // namespace detail

// Calls solve(i, workspace) once for each i below n; make() gives each thread its workspace. solve must write only to what
// belongs to problem i. Throws the error of the lowest problem that failed, or cancelled_error.
template <class MakeWorkspace, class Solve>
void parallel_map(std::size_t n, int threads, const Hooks& hooks, MakeWorkspace make, Solve solve) {
  using clock = std::chrono::steady_clock;
  constexpr auto wave = std::chrono::milliseconds(50);
  const std::size_t workers = std::max<std::size_t>(1, std::min<std::size_t>(n, threads < 1 ? 1 : threads));
  const std::size_t chunk = std::max<std::size_t>(1, std::min<std::size_t>(256, n / (8 * workers)));
  std::atomic<std::size_t> next{0};
  detail::FirstError failure;
  using Workspace = decltype(make());
  std::vector<Workspace> workspaces;
  workspaces.reserve(workers);
  for (std::size_t k = 0; k < workers; ++k) {
    workspaces.push_back(make());
  }
  const auto work = [&](std::size_t k, clock::time_point end) {
    while (clock::now() < end) {
      const std::size_t first = next.fetch_add(chunk);
      const std::size_t last = std::min({n, first + chunk, failure.limit()});
      if (first >= last) {
        return;
      }
      for (std::size_t i = first; i < last; ++i) {
        try {
          solve(i, workspaces[k]);
        } catch (...) {
          failure.keep(i, std::current_exception());
          return;
        }
      }
    }
  };
  while (next.load() < n) {
    const clock::time_point end = clock::now() + wave;
    std::vector<std::thread> started;
    for (std::size_t k = 1; k < workers; ++k) {
      try {
        started.emplace_back(work, k, end);
      } catch (const std::system_error&) {
        break;  // the system gives no more threads: the others do the rest
      }
    }
    work(0, end);
    for (std::thread& thread : started) {
      thread.join();
    }
    failure.rethrow();
    if (hooks.cancelled && hooks.cancelled()) {
      throw cancelled_error();
    }
    if (hooks.progress) {
      hooks.progress(std::min(n, next.load()), n);
    }
  }
}

constexpr std::size_t no_problem = static_cast<std::size_t>(-1);

// The lowest of the problems that met some obstacle, whichever thread met it first.
class LowestProblem {
 public:
  void meet(std::size_t i) {
    std::size_t before = lowest_.load();
    while (i < before && !lowest_.compare_exchange_weak(before, i)) {
    }
  }
  std::size_t get() const { return lowest_.load(); }

 private:
  std::atomic<std::size_t> lowest_{no_problem};
};

}  // namespace respondr
