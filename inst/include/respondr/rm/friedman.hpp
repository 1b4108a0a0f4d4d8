#pragma once
// Rank tests of repeated measures.

#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_draws.hpp"
#include "respondr/rm/friedman_effect.hpp"
#include "respondr/rm/friedman_exact.hpp"
#include "respondr/rm/friedman_page.hpp"
#include "respondr/rm/friedman_pairs.hpp"
#include "respondr/rm/friedman_skillings_mack.hpp"
#include "respondr/rm/friedman_solve.hpp"
#include "respondr/rm/friedman_tests.hpp"
