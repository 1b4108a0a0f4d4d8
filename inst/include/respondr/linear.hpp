#pragma once
// Least squares, correlation, pooled studies and change against baseline.

#include "respondr/linear/baseline.hpp"
#include "respondr/linear/cluster_terms.hpp"
#include "respondr/linear/correlate_solve.hpp"
#include "respondr/linear/covariance.hpp"
#include "respondr/linear/fit.hpp"
#include "respondr/linear/pool.hpp"
#include "respondr/linear/tests.hpp"
