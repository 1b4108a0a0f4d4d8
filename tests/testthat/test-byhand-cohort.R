# Evidence: byhand. Specs small enough to work out on paper: who is left, what the bounds and the grid allow.

small <- function(patients, figures, ..., limits = NULL, seed = 1, time_limit = 5) {
  reconstruct_cohort(cohort_spec(patients, list(...), figures, limits), seed = seed, time_limit = time_limit)
}

conflict_of <- function(...) {
  tryCatch(small(...), respondr_error_impossible = function(cnd) cnd)
}

test_that("two patients with mean 5 and range 4 to 6 are 4 and 6", {
  x <- small(2, cohort_figure(c("min", "max"), "x", c("4", "6")), x = cohort_measure(0))
  expect_equal(sort(x$x), c(4, 6))
  expect_true(all(x$synthetic))
})

test_that("the third patient is what the whole leaves: 9 - 2 x 2 = 5", {
  x <- small(3, rbind(cohort_figure("count", "g == in", "2"), cohort_figure("mean", "x", "3.00"),
    cohort_figure("mean", "x", "2.00", "g == in")), x = cohort_measure(0), g = cohort_category(c("in", "out")))
  expect_equal(x$x[x$g == "out"], 5)
})

test_that("an SD of 0 makes all values one", {
  x <- small(6, rbind(cohort_figure("mean", "x", "7.0"), cohort_figure("sd", "x", "0.00")), x = cohort_measure(1))
  expect_equal(x$x, rep(7, 6))
})

test_that("a mean outside the bounds, a count above n, an SD of one patient and a mean off the grid are proved impossible", {
  expect_equal(conflict_of(10, cohort_figure("mean", "x", "12.0"), x = cohort_measure(1, 0, 10))$figures, "mean x")
  expect_equal(conflict_of(10, cohort_figure("count", "s == a", "12"), s = cohort_category(c("a", "b")))$figures, "count s == a")
  expect_equal(conflict_of(1, cohort_figure("sd", "x", "1.0"), x = cohort_measure(1))$figures, "sd x")
  expect_equal(conflict_of(10, cohort_figure("mean", "x", "5.25"), x = cohort_measure(0))$figures, "mean x")
})

test_that("whole numbers of mean 5.20 cannot have SD 2.33 at n = 10 (GRIMMER): 48.9 to 49.1 holds no square sum of the right parity", {
  found <- conflict_of(10, rbind(cohort_figure("mean", "x", "5.20"), cohort_figure("sd", "x", "2.33")), x = cohort_measure(0, 0, 20))
  expect_setequal(found$figures, c("mean x", "sd x"))
  expect_true(all(found$met_without))
})

test_that("three of four patients whose fourth would lie near 0 cannot have so small an SD together", {
  # 4 x 2.3 - 3 x 3.1 = -0.1 (0.25 at most): its distance from the others' mean is at least 2.8, SS >= 3.64 + 3/4 2.8^2 = 9.5,
  # SD >= 1.78.
  figures <- rbind(cohort_figure("count", "g == in", "3"), cohort_figure(c("mean", "sd"), "x", c("2.3", "1.6")),
    cohort_figure(c("mean", "sd"), "x", c("3.1", "1.4"), "g == in"))
  found <- conflict_of(4, figures, g = cohort_category(c("in", "out")), x = cohort_measure(2, 0.01, 50))
  expect_setequal(found$figures, figures_names(figures))
})

test_that("a P that needs a correlation above 1 is proved impossible with its means and SDs", {
  figures <- rbind(cohort_figure("mean", c("hb@0", "hb@24"), c("4.8", "9.9")), cohort_figure("sd", c("hb@0", "hb@24"), c("2.0", "1.1")),
    cohort_figure("p_paired", "hb@24 - hb@0", "<0.0005"))
  found <- conflict_of(4, figures, hb = cohort_measure(1, 2, 17, visits = c(0, 24)))
  expect_setequal(found$figures, figures_names(figures))
  expect_true(all(found$met_without))
})
