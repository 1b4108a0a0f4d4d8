#pragma once
// Memory for numbers that are written before they are read: not cleared, kept from one fit to the next.

#include <cstddef>
#include <memory>

namespace respondr::logistic {

class Buffer {
 public:
  void resize(std::size_t n) {
    if (n > capacity_) {
      data_.reset(new double[n]);
      capacity_ = n;
    }
  }
  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }
  double& operator[](std::size_t i) { return data_[i]; }
  double operator[](std::size_t i) const { return data_[i]; }

 private:
  std::unique_ptr<double[]> data_;
  std::size_t capacity_ = 0;
};

}  // namespace respondr::logistic
