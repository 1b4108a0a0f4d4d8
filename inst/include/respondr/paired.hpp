#pragma once
// The paired family.

#include "respondr/paired/adjust.hpp"
#include "respondr/paired/bootstrap.hpp"
#include "respondr/paired/describe.hpp"
#include "respondr/paired/effect.hpp"
#include "respondr/paired/flip.hpp"
#include "respondr/paired/load.hpp"
#include "respondr/paired/sample.hpp"
#include "respondr/paired/sign.hpp"
#include "respondr/paired/signed_rank.hpp"
#include "respondr/paired/solve.hpp"
#include "respondr/paired/t.hpp"
