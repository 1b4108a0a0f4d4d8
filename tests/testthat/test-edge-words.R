# Evidence: edges of words. A word that is passed over would answer another question than the one asked.

words_data <- function() {
  data.frame(
    id = rep(1:6, 2), visit = rep(0:1, each = 6), hb = c(7, 8, 9, 7, 8, 9.5, 8, 9, 9, 9, 8, 10), fer = NA_real_,
    arm = rep(c("a", "b"), 6)
  )
}

test_that("what `by` cannot name stops the call", {
  d <- words_data()
  expect_error(compare_paired(hb ~ visit | id, d, by = factor(arm)), class = "respondr_error_column")
  expect_error(compare_paired(hb ~ visit | id, d, by = ~nope), class = "respondr_error_column")
  expect_error(compare_paired(hb ~ visit | id, d, by = visit), class = "respondr_error_by")
  d$arm <- NA
  expect_error(compare_paired(hb ~ visit | id, d, by = arm), class = "respondr_error_by")
  d$arm <- as.list(rep(1:2, 6))
  expect_error(compare_paired(hb ~ visit | id, d, by = arm), class = "respondr_error_by")
})

test_that("an embraced argument and a grouped data frame name their groups", {
  inner <- function(data, group) compare_paired(hb ~ visit | id, data, by = {{ group }})
  expect_equal(nrow(inner(words_data(), arm)), 2L)
  grouped <- structure(words_data(), class = c("grouped_df", "data.frame"),
    groups = data.frame(arm = c("a", "b"), .rows = 1:2))
  expect_equal(as.character(compare_paired(hb ~ visit | id, grouped)$arm), c("a", "b"))
})

test_that("words of a formula are refused beside vectors and figures", {
  expect_error(compare_paired(1:3, 2:4, by = "arm"), class = "respondr_error_argument")
  expect_error(compare_paired(1:3, 2:4, data = words_data()), class = "respondr_error_argument")
  expect_error(
    compare_paired(n = 9, mean_before = 1, sd_before = 1, mean_after = 2, sd_after = 1, r = 0.5, subset = TRUE),
    class = "respondr_error_argument"
  )
})

test_that("a formula of more than one term on a side is named", {
  d <- words_data()
  expect_error(compare_paired(hb ~ visit + arm | id, d), class = "respondr_error_formula")
  expect_error(compare_paired(hb ~ visit | id + arm, d), class = "respondr_error_formula")
  expect_error(compare_paired(hb ~ visit | id | arm, d), class = "respondr_error_formula")
  expect_error(compare_paired(cbind(a = hb, a = fer) ~ visit | id, d), class = "respondr_error_outcomes")
  expect_equal(as.character(compare_paired(hb + fer ~ visit | id, d)$outcome), c("hb", "fer"))
  expect_equal(as.character(compare_paired(I(hb + 1) ~ visit | id, d)$outcome), "I(hb + 1)")
})

test_that("rows that do not exist or belong to nobody are said", {
  d <- words_data()
  expect_error(compare_paired(hb ~ visit | id, d[0, ]), class = "respondr_error_no_rows")
  expect_error(compare_paired(hb ~ visit | id, d, subset = nope > 1), class = "respondr_error_subset")
  d$arm[1:2] <- NA
  expect_match(format(compare_paired(hb ~ visit | id, d, by = arm)), "left out: 2 without a group", all = FALSE)
})

test_that("one reference, finite nulls and margins", {
  d <- words_data()
  expect_error(compare_paired(hb ~ visit | id, d, reference = c(0, 1)), class = "respondr_error_reference")
  cnd <- expect_error(compare_paired(hb ~ visit | id, d, visits = 0), class = "respondr_error_visits")
  expect_equal(cnd$argument, "visits")
  expect_error(compare_paired(1:8, 2:9, null = Inf), class = "respondr_error_number")
  expect_error(compare_paired(1:8, 2:9, alternative = "equivalence", margins = c(-Inf, 1)), class = "respondr_error_margins")
  expect_error(compare_paired(1:8, 2:9, method = "permutation", distribution = "asymptotic"), class = "respondr_error_word")
})

test_that("several effect sizes of a test count as one test", {
  d <- words_data()
  one <- compare_paired(hb ~ visit | id, d, by = arm, p_adjust = "bonferroni")
  two <- compare_paired(hb ~ visit | id, d, by = arm, p_adjust = "bonferroni", effect = c("d_z", "d_av"))
  expect_equal(unique(two$p_adjusted), one$p_adjusted)
  expect_match(format(two), "Tests: 2", all = FALSE)
})

test_that("simultaneous intervals stand beside their own method", {
  d <- words_data()
  both <- compare_paired(hb ~ visit | id, d, by = arm, p_adjust = "bonferroni", method = c("t", "sign"), effect = c("d_z", "d_av"))
  apart <- lapply(c("t", "sign"), function(m) compare_paired(hb ~ visit | id, d, by = arm, method = m, conf_level = 0.975))
  for (k in 1:2) {
    rows <- both[both$method == c("t", "sign")[k] & both$effect_name == "d_z", ]
    expect_equal(rows$conf_low_adjusted, apart[[k]]$conf_low)
    expect_equal(rows$conf_high_adjusted, apart[[k]]$conf_high)
  }
})

test_that("columns of the same names are matched by name", {
  before <- cbind(a = c(1, 2, 3, 5), b = c(10, 20, 30, 50))
  x <- compare_paired(before, before[, 2:1] + 1)
  expect_equal(x$estimate, c(1, 1))
  expect_equal(as.character(x$outcome), c("b", "a"))
})

test_that("arrays, matrices in a formula and tables without columns are refused", {
  expect_error(compare_paired(array(1:8, c(2, 2, 2)), array(1:8, c(2, 2, 2))), class = "respondr_error_outcome")
  expect_error(compare_paired(matrix(0, 3, 0), matrix(0, 3, 0)), class = "respondr_error_outcome")
  d <- words_data()
  d$m <- matrix(1:24, 12)
  expect_error(compare_paired(m ~ visit | id, d), class = "respondr_error_column")
})

test_that("figures that contradict each other or count half patients stop the call", {
  figures <- function(...) compare_paired(mean_before = 1, mean_after = 2, ...)
  expect_error(figures(n = 10.5, sd_change = 1), class = "respondr_error_figures")
  expect_error(figures(n = 10, sd_change = 1, sd_before = 2, sd_after = 2, r = 0), class = "respondr_error_figures")
  expect_equal(nrow(figures(n = 10, sd_change = 2.83, sd_before = 2, sd_after = 2, r = 0)), 1L)
})

test_that("a result whose columns were changed prints as the table it is", {
  x <- compare_paired(hb ~ visit | id, words_data())
  y <- x
  y$status <- as.character(y$status)
  expect_match(format(y)[1], "outcome contrast")
  expect_false(inherits(rbind(x, x), "respondr_result"))
})

test_that("there is a classed error where there is nothing to draw", {
  x <- compare_paired(hb ~ visit | id, words_data())
  expect_error(plot(x[0, ]), class = "respondr_error_plot")
  expect_error(plot_change(compare_paired(c(NA, 1), c(1, NA))), class = "respondr_error_plot")
})

test_that("long names that share their beginning are cut in the middle", {
  cut <- respondr:::shorten_text(c("ferritin_by_method_A", "ferritin_by_method_B"), 12L)
  expect_equal(cut, c("ferri..hod_A", "ferri..hod_B"))
})

test_that("a description holds the comparisons of the rows it is given", {
  x <- compare_paired(hb ~ visit | id, words_data(), by = arm)
  expect_equal(as.character(describe_paired(x[2, ])$arm), "b")
})

test_that("a call that stops leaves R's generator alone", {
  set.seed(1)
  before <- .Random.seed
  expect_error(compare_paired(c(1, Inf), c(2, 3), method = "bootstrap"), class = "respondr_error")
  expect_identical(.Random.seed, before)
})

test_that("patients of the same names are matched by name", {
  before <- c(p1 = 10, p2 = 20, p3 = 30, p4 = 43)
  after <- c(p4 = 44, p3 = 31, p2 = 22, p1 = 10.5)
  expect_equal(compare_paired(before, after)$p_value, stats::t.test(after[names(before)] - before)$p.value)
  m <- cbind(before)
  expect_equal(compare_paired(m, cbind(before = after))$estimate, mean(after[names(before)] - before))
})

test_that("every + between outcomes separates outcomes", {
  d <- words_data()
  expect_equal(as.character(compare_paired(log(hb) + hb ~ visit | id, d)$outcome), c("log(hb)", "hb"))
  expect_error(compare_paired(hb + 1 ~ visit | id, d), class = "respondr_error_outcomes")
  expect_equal(as.character(compare_paired(~ visit | id, d, outcomes = c(hb, fer))$outcome), c("hb", "fer"))
})

test_that("baseline and figures beside a long formula stop the call", {
  d <- words_data()
  expect_error(compare_paired(hb ~ visit | id, d, baseline = fer), class = "respondr_error_argument")
  expect_error(compare_paired(hb ~ visit | id, d, n = 12), class = "respondr_error_argument")
})

test_that("wrappers may hand NULL and dots on", {
  inner <- function(a, b, by = NULL, subset = NULL) compare_paired(a, b, by = by, subset = subset)
  expect_equal(inner(1:4, c(2, 3, 5, 9))$n_pairs, 4L)
  dots <- function(...) describe_paired(...)
  expect_equal(nrow(dots(hb ~ visit | id, words_data(), by = "arm")), 2L)
})

test_that("numbers of things are whole", {
  expect_error(compare_paired(1:4, 2:5, threads = 1.5), class = "respondr_error_number")
  expect_error(compare_paired(1:4, 2:5, replicates = 2.7), class = "respondr_error_number")
  expect_error(compare_paired(1:4, 2:5, method = "bootstrap", seed = 1.5), class = "respondr_error_number")
})

test_that("a factor in the order of the alphabet that puts the baseline last is warned of", {
  d <- words_data()
  d$visit <- factor(c("pre", "post")[d$visit + 1])
  expect_warning(compare_paired(hb ~ visit | id, d), class = "respondr_warning_visit_order")
  expect_silent(compare_paired(hb ~ visit | id, d, reference = "pre"))
})

test_that("nested ids that read alike are different patients of the random streams", {
  columns <- list(c("s1", "s1/x"), c("x/1", "1"))
  expect_equal(anyDuplicated(respondr:::id_text(columns, 1:2, "\r")), 0L)
})
