// The map over problems: every problem once, the error of the lowest, cancelling, progress, threads that cannot start.

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "respondr/parallel.hpp"

using namespace respondr;

namespace {

std::atomic<int> threads_left{1 << 30};  // what the system still gives
std::atomic<int> threads_begun{0};

}  // namespace

// Stands before the library's: a system out of threads.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument) {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  const Create create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  if (threads_left.fetch_sub(1) <= 0) {
    return EAGAIN;
  }
  ++threads_begun;
  return create(thread, attributes, start, argument);
}

namespace {

struct NoWorkspace {};
NoWorkspace nothing() { return {}; }

// The system has n more threads to give, until the end of the scope.
class Threads {
 public:
  explicit Threads(int n) {
    threads_left = n;
    threads_begun = 0;
  }
  ~Threads() { threads_left = 1 << 30; }
  static int begun() { return threads_begun; }
};

std::vector<int> visits(std::size_t n, int threads, const Hooks& hooks = {}) {
  std::vector<int> count(n, 0);
  parallel_map(n, threads, hooks, nothing, [&](std::size_t i, NoWorkspace&) { ++count[i]; });
  return count;
}

void sleep_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

// What a map throws, as text.
template <class Solve>
std::string error_of(std::size_t n, int threads, Solve solve) {
  try {
    parallel_map(n, threads, {}, nothing, solve);
  } catch (const std::exception& e) {
    return e.what();
  }
  return "none";
}

}  // namespace

TEST(Parallel, EveryProblemIsSolvedOnce) {
  for (const std::size_t n : {0, 1, 2, 3, 15, 16, 17, 255, 256, 1000, 4097}) {
    for (const int threads : {-1, 0, 1, 2, 3, 8}) {
      EXPECT_EQ(visits(n, threads), std::vector<int>(n, 1)) << n << " " << threads;
    }
  }
}

TEST(Parallel, ResultsDoNotDependOnTheNumberOfThreads) {
  const auto run = [](int threads) {
    std::vector<double> out(3000);
    parallel_map(
        out.size(), threads, {}, [] { return 0.0; },
        [&](std::size_t i, double& scratch) {
          scratch = static_cast<double>(i);
          for (int k = 0; k < 50; ++k) {
            scratch = 0.5 * (scratch + 1.0 / (1.0 + scratch));
          }
          out[i] = scratch;
        });
    return out;
  };
  EXPECT_EQ(run(2), run(1));
  EXPECT_EQ(run(5), run(1));
}

TEST(Parallel, EachThreadHasAWorkspaceAndNoMoreThanProblems) {
  const auto made = [](std::size_t n, int threads) {
    int count = 0;
    parallel_map(
        n, threads, {}, [&count] { return ++count; }, [](std::size_t, int&) {});
    return count;
  };
  EXPECT_EQ(made(100, 1), 1);
  EXPECT_EQ(made(100, 3), 3);
  EXPECT_EQ(made(2, 8), 2);
  EXPECT_EQ(made(100, 0), 1);
  EXPECT_EQ(made(100, -7), 1);
}

// A workspace that two threads held at once would lose counts.
TEST(Parallel, WorkspacesAreNotShared) {
  std::vector<int*> counters;
  std::vector<std::unique_ptr<int>> owned;
  parallel_map(
      100000, 4, {},
      [&] {
        owned.push_back(std::make_unique<int>(0));
        return owned.back().get();
      },
      [](std::size_t, int* count) { ++*count; });
  int total = 0;
  for (const auto& count : owned) {
    total += *count;
  }
  EXPECT_EQ(owned.size(), 4u);
  EXPECT_EQ(total, 100000);
}

TEST(Parallel, OneThreadIsTheCallersAndGoesInOrder) {
  const Threads system(0);
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<std::size_t> order;
  parallel_map(1000, 1, {}, nothing, [&](std::size_t i, NoWorkspace&) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    order.push_back(i);
  });
  EXPECT_EQ(order.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(threads_left, 0);
}

// Each of the first two problems that different threads meet waits for the other: only two at once can go on.
TEST(Parallel, TwoThreadsWorkAtTheSameTimeEvenOnFewProblems) {
  for (const std::size_t n : {2, 16, 40}) {
    std::mutex mutex;
    std::condition_variable changed;
    std::set<std::thread::id> inside;
    bool met = true;
    parallel_map(n, 2, {}, nothing, [&](std::size_t, NoWorkspace&) {
      std::unique_lock<std::mutex> lock(mutex);
      inside.insert(std::this_thread::get_id());
      changed.notify_all();
      met = changed.wait_for(lock, std::chrono::seconds(20), [&] { return inside.size() == 2; }) && met;
    });
    EXPECT_TRUE(met) << n;
  }
}

TEST(Parallel, AsManyThreadsAsAskedForAreStartedAWave) {
  const Threads system(1000);
  visits(100, 4);
  EXPECT_EQ(Threads::begun(), 3);
}

TEST(Parallel, TheErrorOfTheLowestProblemWins) {
  for (const int threads : {1, 2, 4}) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      const std::string error = error_of(20000, threads, [](std::size_t i, NoWorkspace&) {
        if (i >= 613 && i % 3 == 1) {
          throw std::runtime_error("problem " + std::to_string(i));
        }
      });
      EXPECT_EQ(error, "problem 613");
    }
  }
}

// The higher problem fails first, on another thread, and keeps the lower one from nothing.
TEST(Parallel, ALaterErrorOfALowerProblemStillWins) {
  for (int repeat = 0; repeat < 3; ++repeat) {
    std::atomic<bool> failed{false};
    const std::string error = error_of(16, 2, [&](std::size_t i, NoWorkspace&) {
      if (i == 1) {
        failed = true;
        throw std::runtime_error("high");
      }
      if (i == 0) {
        for (int k = 0; k < 2000 && !failed; ++k) {
          sleep_ms(1);
        }
        sleep_ms(5);
        throw std::runtime_error("low");
      }
    });
    EXPECT_EQ(error, "low");
  }
}

TEST(Parallel, TheFirstErrorKeepsTheLowestAndItsLimit) {
  detail::FirstError first;
  first.rethrow();
  EXPECT_EQ(first.limit(), static_cast<std::size_t>(-1));
  const auto keep = [&first](std::size_t i) { first.keep(i, std::make_exception_ptr(i)); };
  const auto kept = [&first]() -> std::size_t {
    try {
      first.rethrow();
    } catch (std::size_t i) {
      return i;
    }
    return 0;
  };
  keep(7);
  EXPECT_EQ(first.limit(), 7u);
  EXPECT_EQ(kept(), 7u);
  keep(9);
  EXPECT_EQ(first.limit(), 7u);
  EXPECT_EQ(kept(), 7u);
  keep(3);
  EXPECT_EQ(first.limit(), 3u);
  EXPECT_EQ(kept(), 3u);
  keep(0);
  EXPECT_EQ(kept(), 0u);
}

TEST(Parallel, OneThreadBeginsNothingBeyondAFailure) {
  std::vector<std::size_t> begun;
  EXPECT_THROW(parallel_map(5000, 1, {}, nothing,
                            [&](std::size_t i, NoWorkspace&) {
                              begun.push_back(i);
                              if (i == 700) {
                                throw std::logic_error("stop");
                              }
                            }),
               std::logic_error);
  EXPECT_EQ(begun.size(), 701u);
  EXPECT_EQ(begun.back(), 700u);
}

TEST(Parallel, TwoThreadsBeginLittleBeyondAFailure) {
  std::atomic<int> begun{0};
  EXPECT_THROW(parallel_map(100000, 2, {}, nothing,
                            [&](std::size_t i, NoWorkspace&) {
                              ++begun;
                              if (i == 0) {
                                throw std::logic_error("stop");
                              }
                              sleep_ms(1);
                            }),
               std::logic_error);
  EXPECT_LE(begun, 2 * 256);  // what had been handed out
}

TEST(Parallel, ErrorsOfAnyTypeArriveAsTheyAre) {
  EXPECT_THROW(parallel_map(4, 2, {}, nothing, [](std::size_t, NoWorkspace&) { throw 42; }), int);
}

TEST(Parallel, AWorkspaceThatCannotBeMadeStopsTheCall) {
  EXPECT_THROW(parallel_map(
                   4, 2, {}, []() -> int { throw std::bad_alloc(); }, [](std::size_t, int&) {}),
               std::bad_alloc);
}

TEST(Parallel, CancellingStopsAfterTheWave) {
  for (const int threads : {1, 2}) {
    std::atomic<int> solved{0};
    int asked = 0;
    Hooks hooks;
    hooks.cancelled = [&asked] { return ++asked == 2; };
    EXPECT_THROW(parallel_map(400, threads, hooks, nothing,
                              [&](std::size_t, NoWorkspace&) {
                                ++solved;
                                sleep_ms(3);
                              }),
                 cancelled_error);
    EXPECT_EQ(asked, 2);
    EXPECT_GT(solved, 0);
    EXPECT_LT(solved, 400);
  }
}

TEST(Parallel, AnErrorComesBeforeACancellation) {
  Hooks hooks;
  hooks.cancelled = [] { return true; };
  EXPECT_THROW(parallel_map(4, 1, hooks, nothing, [](std::size_t, NoWorkspace&) { throw std::logic_error("stop"); }),
               std::logic_error);
}

TEST(Parallel, HooksRunOnTheCallingThreadWhileNoWorkerDoes) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> working{0};
  int asked = 0;
  std::vector<std::size_t> done;
  Hooks hooks;
  hooks.cancelled = [&] {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_EQ(working, 0);
    ++asked;
    return false;
  };
  hooks.progress = [&](std::size_t now, std::size_t total) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_EQ(working, 0);
    EXPECT_EQ(total, 60u);
    done.push_back(now);
  };
  parallel_map(60, 2, hooks, nothing, [&](std::size_t, NoWorkspace&) {
    ++working;
    sleep_ms(10);
    --working;
  });
  // 300 ms of work in waves of 50; each wave ends with the chunks of 3 that were begun.
  EXPECT_GE(done.size(), 3u);
  EXPECT_LE(done.size(), 10u);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(done.back(), 60u);
  EXPECT_EQ(asked, static_cast<int>(done.size()));
}

TEST(Parallel, ShortWorkIsOneWave) {
  int waves = 0;
  Hooks hooks;
  hooks.progress = [&](std::size_t now, std::size_t total) {
    EXPECT_EQ(now, total);
    ++waves;
  };
  EXPECT_EQ(visits(100, 1, hooks), std::vector<int>(100, 1));
  EXPECT_EQ(waves, 1);
  visits(0, 2, hooks);
  EXPECT_EQ(waves, 1);
}

TEST(Parallel, WhereNoThreadCanStartTheCallerDoesItAll) {
  const Threads system(0);
  EXPECT_EQ(visits(3000, 4), std::vector<int>(3000, 1));
  EXPECT_LT(threads_left, 0);
}

TEST(Parallel, WhereSomeThreadsCannotStartTheOthersDoTheRest) {
  const Threads system(1);
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::vector<int> count(40, 0);
  parallel_map(count.size(), 4, {}, nothing, [&](std::size_t i, NoWorkspace&) {
    ++count[i];
    sleep_ms(1);
    const std::lock_guard<std::mutex> lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(count, std::vector<int>(40, 1));
  EXPECT_LE(seen.size(), 2u);
  EXPECT_EQ(Threads::begun(), 1);
}
