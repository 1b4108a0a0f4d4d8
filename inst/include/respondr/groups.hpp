#pragma once
// Comparison of independent groups.

#include "respondr/groups/two_solve.hpp"
