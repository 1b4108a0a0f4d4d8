// A planted fault: a doubled rank beyond the range of int.

#include <limits>

int main(int argc, char**) {
  const int ranks = std::numeric_limits<int>::max() - 1 + argc;
  return ranks + argc > 0 ? 0 : 1;
}
