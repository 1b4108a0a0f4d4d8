# Evidence: published. Printed by clinfun; inst/validation/clinfun_simon/README.md says where.

test_that("two-stage designs are those that clinfun prints", {
  printed <- read.csv(system.file("validation", "clinfun_simon", "expected.csv", package = "respondr", mustWork = TRUE))
  for (i in seq_len(nrow(printed))) {
    one <- printed[i, ]
    ours <- power_two_stage(one$p0, one$p1, one$alpha, 1 - one$beta, one$most)
    ours <- ours[ours$design == one$design, ]
    expect_equal(unlist(ours[c("r1", "n1", "r", "n")]), unlist(one[c("r1", "n1", "r", "n")]))
    expect_equal(round(ours$n_expected, 2), one$n_expected)
    expect_equal(round(ours$stop_early, 4), one$stop_early)
  }
})
