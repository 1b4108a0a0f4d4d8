#pragma once
// Errors of the core. The glue turns them into classed R conditions that carry the user's call.

#include <stdexcept>
#include <string>
#include <utility>

namespace respondr {

// A word or a value of the caller that makes the whole call impossible.
class input_error : public std::runtime_error {
 public:
  input_error(std::string argument, const std::string& what) : std::runtime_error(what), argument_(std::move(argument)) {}
  const std::string& argument() const noexcept { return argument_; }

 private:
  std::string argument_;
};

// A computation that cannot be completed although the words were right; a fault of the core if it reaches the user.
class numeric_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace respondr
