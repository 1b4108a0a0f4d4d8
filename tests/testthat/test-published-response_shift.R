# The thalidomide study: 39 main, 19 minor and 4 non-responders at 3 months (62 patients); at long-term follow-up two of the
# main responders had fallen to minor and four of the minor had risen to main (thalidomide_text: long_term_main_to_minor 2,
# long_term_minor_to_main 4), which makes the 41 of its Table 2.

thalidomide_classes <- c("none", "minor", "main")

thalidomide_long <- function() {
  early <- rep(c("main", "minor", "none"), c(39, 19, 4))
  late <- early
  late[1:2] <- "minor"
  late[40:43] <- "main"
  data.frame(id = rep(sprintf("T%02d", 1:62), 2), visit = factor(rep(c("3 months", "long term"), each = 62)),
    class = factor(c(early, late), levels = thalidomide_classes))
}

test_that("thalidomide: 39 main at 3 months, 41 at long term, 43 at either", {
  x <- response_shift(class ~ visit | id, thalidomide_long())
  main <- x[x$event %in% "main" & x$method == "mcnemar_exact", ]
  expect_identical(c(main$events_reference, main$events, main$n_gained, main$n_lost), c(39L, 41L, 4L, 2L))
  expect_true(any(grepl("main: 39 at 3 months, 41 at long term of 62 patients.*at either 43", paste(format(x,
    width = 500)))))
  moved <- shift_patients(x)$moved
  expect_identical(as.integer(table(moved)[c("rose", "fell", "stayed", "not known")]), c(4L, 2L, 56L, 0L))
})

test_that("thalidomide: a main responder gained or lost is a binomial of 6 with 4, worked on paper", {
  x <- response_shift(class ~ visit | id, thalidomide_long())
  main <- function(m) x[x$event %in% "main" & x$method == m, ]
  expect_equal(main("mcnemar_exact")$p_value, 2 * (15 + 6 + 1) / 64, tolerance = 1e-12)
  expect_equal(main("mcnemar_midp")$p_value, 2 * (15 / 2 + 6 + 1) / 64, tolerance = 1e-12)
  expect_equal(main("mcnemar_exact")$estimate, 2)
  limits <- stats::qbeta(c(0.025, 0.975), c(4, 5), c(3, 2))
  expect_equal(c(main("mcnemar_exact")$conf_low, main("mcnemar_exact")$conf_high), limits / (1 - limits), tolerance = 1e-9)
})
