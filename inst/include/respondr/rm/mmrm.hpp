#pragma once
// Mixed models for repeated measures.

#include "respondr/rm/mmrm_solve.hpp"
