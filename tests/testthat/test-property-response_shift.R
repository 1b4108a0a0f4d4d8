shift_example <- function(n = 60, seed = 3) {
  set.seed(seed)
  classes <- c("none", "minor", "main")
  d <- expand.grid(id = seq_len(n), visit = c(0, 3, 12))
  d$class <- factor(sample(classes, nrow(d), TRUE), levels = classes)
  d$class[sample(nrow(d), 12)] <- NA
  d$arm <- rep_len(c("a", "b"), n)[d$id]
  d
}
figures <- function(x) x[c("events", "events_reference", "n_pairs", "n_gained", "n_lost", "estimate", "conf_low",
  "conf_high",
  "statistic", "p_value")]

test_that("rows of a shift do not depend on the order of the data", {
  d <- shift_example()
  shuffled <- d[sample(nrow(d)), ]
  expect_identical(figures(as.data.frame(response_shift(class ~ visit | id, d))),
    figures(as.data.frame(response_shift(class ~ visit | id, shuffled))))
})

test_that("a shift is compare_paired_rates() of the classes and of each cut, pair by pair", {
  d <- shift_example()
  x <- response_shift(class ~ visit | id, d)
  for (visits in list(c(0, 3), c(0, 12), c(3, 12))) {
    two <- d[d$visit %in% visits, ]
    here <- x[x$level == visits[2] & x$reference == visits[1], ]
    whole <- compare_paired_rates(class ~ visit | id, two, method = c("bowker", "stuart_maxwell"))
    expect_equal(here$p_value[is.na(here$event)], whole$p_value, tolerance = 1e-12)
    main <- compare_paired_rates(class ~ visit | id, two, event = "main", method = c("mcnemar_exact", "mcnemar_midp"))
    expect_equal(here$p_value[here$event %in% "main"], main$p_value, tolerance = 1e-12)
    some <- compare_paired_rates(class ~ visit | id, two, event = c("minor", "main"), method = "mcnemar_exact")
    expect_equal(here$conf_low[here$event %in% "at least minor" & here$method == "mcnemar_exact"], some$conf_low,
      tolerance = 1e-12)
  }
})

test_that("with groups each group has the rows it has alone", {
  d <- shift_example()
  x <- response_shift(class ~ visit | id, d, by = arm)
  alone <- response_shift(class ~ visit | id, d[d$arm == "b", ])
  expect_equal(figures(as.data.frame(x[x$arm == "b", ])), figures(as.data.frame(alone)), ignore_attr = TRUE)
})

test_that("turning the classes round turns gained and lost and inverts the odds ratio of a cut", {
  d <- shift_example()
  turned <- d
  turned$class <- factor(d$class, levels = rev(levels(d$class)))
  x <- as.data.frame(response_shift(class ~ visit | id, d))
  y <- as.data.frame(response_shift(class ~ visit | id, turned))
  a <- x[x$event %in% "main" & x$method == "mcnemar_exact", ]
  b <- y[y$event %in% "at least minor" & y$method == "mcnemar_exact", ]
  expect_identical(a$n_gained, b$n_lost)
  expect_equal(a$estimate, 1 / b$estimate, tolerance = 1e-12)
  expect_equal(a$conf_low, 1 / b$conf_high, tolerance = 1e-9)
  expect_equal(a$p_value, b$p_value, tolerance = 1e-12)
})
