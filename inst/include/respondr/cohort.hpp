#pragma once
// Patient rows that reproduce printed figures.

#include "respondr/cohort/conflict.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/cohort/solve.hpp"
