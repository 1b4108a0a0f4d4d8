#pragma once
// Logistic regression.

#include "respondr/logistic/fit.hpp"
