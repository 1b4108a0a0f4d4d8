#pragma once
// The values of one problem, arm after arm. Arm 0 is the reference.

#include <cstddef>
#include <vector>

namespace respondr::groups {

struct Sample {
  std::vector<double> values;      // by arm, without missing ones
  std::vector<std::size_t> start;  // k + 1 offsets into values
};

}  // namespace respondr::groups
