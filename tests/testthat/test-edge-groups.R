# Evidence: edge. What a hurried user writes: columns in the wrong place, arms without anybody, one row, nothing but NA.

edge_groups <- data.frame(
  id = 1:12, arm = factor(rep(c("ctl", "drug"), 6), levels = c("ctl", "drug", "gone")),
  y = c(9.1, 10.2, 8.7, 11, 9.9, 10.4, 8.2, 9.6, 10.1, 10.8, 9, 11.3), g = rep(c("m", "f"), each = 6), word = rep(c("a", "b"), 6)
)
every_method <- c("welch", "student", "mann_whitney", "brunner_munzel", "permutation", "bootstrap")

expect_stop <- function(expression, argument, class = "respondr_error") {
  cnd <- expect_error(expression, class = class)
  expect_equal(cnd$argument, argument)
}

test_that("a column that is the arm or the outcome already is no group", {
  expect_stop(compare_groups(y ~ arm, edge_groups, by = "arm"), "by", "respondr_error_overlap")
  expect_stop(compare_groups(y ~ arm, edge_groups, by = y), "by", "respondr_error_overlap")
  expect_stop(compare_variances(y ~ arm, edge_groups, by = c(g, arm)), "by", "respondr_error_overlap")
  expect_stop(compare_groups(y ~ y, edge_groups), "formula")
  long <- data.frame(id = rep(1:6, 2), week = rep(0:1, each = 6), arm = rep(c("a", "b"), 6), y = 1:12)
  expect_stop(compare_groups(y ~ arm * week | id, long, by = arm), "by", "respondr_error_overlap")
  expect_stop(compare_paired(y ~ week | id, long, by = week), "by", "respondr_error_overlap")
})

test_that("words in the wrong place stop with the argument's name", {
  expect_stop(compare_groups(arm ~ y, edge_groups), "outcome")
  expect_stop(compare_groups(word ~ arm, edge_groups), "outcome")
  expect_stop(compare_groups(y ~ arm, as.matrix(edge_groups)), "data")
  expect_stop(compare_groups(y ~ arm, as.list(edge_groups)), "data")
  expect_stop(compare_groups(y ~ arm, edge_groups, reference = "gone"), "reference")
  expect_stop(compare_groups(y ~ arm, edge_groups, subset = arm == "drug"), "arm")
  expect_stop(compare_groups(y ~ arm, edge_groups[1, ]), "arm")
  expect_stop(compare_groups(y ~ arm, edge_groups[0, ]), "data")
  expect_stop(compare_groups(y ~ arm, transform(edge_groups, y = replace(y, 3, Inf))), "outcome")
  cnd <- expect_error(compare_groups(formula = y ~ arm, data = edge_groups), class = "respondr_error_argument")
  expect_match(conditionMessage(cnd), "first argument")
})

test_that("a vector beside a formula is not passed over", {
  y <- edge_groups$y
  arm <- edge_groups$arm
  expect_stop(compare_groups(y ~ arm, 1:3), "data")
})

test_that("nothing but missing values is no data, in every method", {
  for (y in list(NA, NA_real_)) {
    edge_groups$y <- y
    x <- compare_groups(y ~ arm, edge_groups, method = every_method, seed = 1)
    expect_true(all(x$status == "no_data"))
    expect_true(all(is.na(x$p_value)))
    expect_equal(x$n_dropped, rep(12, 6))
  }
})

test_that("one patient an arm gives the difference and no p from the t family", {
  x <- compare_groups(y ~ arm, edge_groups[1:2, ], method = every_method[1:5], seed = 1)
  expect_equal(x$estimate[c(1, 2, 3, 5)], rep(1.1, 4))
  expect_equal(as.character(x$status[1:2]), c("too_few", "too_few"))
  expect_equal(x$p_value[c(3, 5)], c(1, 1))
  expect_true(all(is.na(x$p_value[1:2])))
})

test_that("values that are all equal have no spread, and ranks that all tie have p = 1", {
  x <- compare_groups(y ~ arm, transform(edge_groups, y = 5), method = every_method[1:5], seed = 1)
  expect_true(all(x$status == "no_variance"))
  expect_equal(x$p_value, c(NA, NA, 1, NA, 1))
  v <- compare_variances(y ~ arm, transform(edge_groups, y = 5), method = c("brown_forsythe", "levene", "f", "fligner"))
  expect_true(all(v$status == "no_variance" & is.na(v$p_value)))
})

test_that("figures of empty arms and of single patients carry a status, wrong ones stop", {
  x <- compare_groups(n = c(0, 10), mean = c(NA, 2), sd = c(NA, 1))
  expect_equal(as.character(x$status), "one_group_empty")
  expect_equal(as.character(compare_groups(n = c(0, 0), mean = c(NA, NA), sd = c(NA, NA))$status), "no_data")
  expect_equal(as.character(compare_groups(n = c(5, 9), mean = c(3, NA), sd = c(1, 1))$status), "not_estimable")
  one <- compare_groups(n = c(1, 1), mean = c(1, 2), sd = c(NA, NA))
  expect_equal(one$estimate, 1)
  expect_equal(as.character(one$status), "too_few")
  expect_stop(compare_groups(n = c(10, 20), mean = c(1, 2), sd = c(1, -1)), "sd")
  expect_stop(compare_groups(n = c(10.5, 20), mean = c(1, 2), sd = c(1, 1)), "n")
  expect_stop(compare_groups(n = c(10, Inf), mean = c(1, 2), sd = c(1, 1)), "n")
  expect_stop(compare_groups(n = c(10, 20), mean = c("1", "2"), sd = c(1, 1)), "mean")
  huge <- compare_groups(n = c(1e9, 1e9), mean = c(1, 1.0001), sd = c(1, 1))
  expect_equal(huge$statistic, 1e-4 / sqrt(2e-9), tolerance = 1e-9)
})

test_that("tibbles, labelled arms, text arms and unused levels answer as plain factors do", {
  plain <- as.data.frame(compare_groups(y ~ arm, edge_groups))
  same <- function(data) {
    x <- as.data.frame(compare_groups(y ~ arm, data))
    expect_equal(x[c("estimate", "p_value", "conf_low")], plain[c("estimate", "p_value", "conf_low")])
  }
  same(structure(edge_groups, class = c("tbl_df", "tbl", "data.frame")))
  same(transform(edge_groups, arm = droplevels(arm)))
  same(transform(edge_groups, arm = as.character(arm)))
  labelled <- structure(as.numeric(edge_groups$arm), labels = c(control = 1, drug = 2), class = "haven_labelled")
  edge_groups$arm <- labelled
  same(edge_groups)
})

test_that("a level .999 and a one-sided interval hold what the usual ones hold", {
  for (method in every_method[1:5]) {
    usual <- compare_groups(y ~ arm, edge_groups, method = method, effect = "none")
    wide <- compare_groups(y ~ arm, edge_groups, method = method, conf_level = 0.999, effect = "none")
    expect_lte(wide$conf_low, usual$conf_low)
    expect_gte(wide$conf_high, usual$conf_high)
    less <- compare_groups(y ~ arm, edge_groups, method = method, alternative = "less", effect = "none")
    expect_lte(less$conf_high, usual$conf_high)
    expect_equal(less$conf_low, if (method == "brunner_munzel") 0 else -Inf)
  }
})

test_that("print, sentence, tidy and plot stand what could not be computed", {
  x <- compare_groups(y ~ arm, transform(edge_groups, y = NA), method = every_method[1:5], seed = 1)
  expect_match(format(x), "no_data", all = FALSE)
  expect_length(report_text(x), 5)
  expect_equal(nrow(tidy(x)), 5)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_error(plot(x), class = "respondr_error")
})

test_that("a baseline is another column than outcome and group, and stands where there are no visits", {
  wide <- data.frame(arm = rep(c("a", "b"), 6), start = c(9, 8, 7, 9, 10, 8, 9, 7, 8, 9, 10, 11), after = edge_groups$y)
  expect_stop(compare_groups(after ~ arm, wide, baseline = after), "baseline", "respondr_error_overlap")
  expect_stop(compare_groups(after ~ arm, wide, baseline = start, by = start), "by", "respondr_error_overlap")
  long <- data.frame(id = rep(1:12, 2), week = rep(0:1, each = 12), arm = rep(c("a", "b"), 12), y = c(wide$start, wide$after))
  expect_stop(compare_groups(y ~ arm * week | id, long, baseline = start), "baseline", "respondr_error_argument")
  same <- compare_groups(y ~ arm * week | id, long[c(24:1), ])
  expect_equal(same$p_value, compare_groups(after ~ arm, wide, baseline = start)$p_value)
})

test_that("rows of visits without an id are counted in the header", {
  long <- data.frame(id = c(NA, 2:12, NA, 2:12), week = rep(0:1, each = 12), arm = rep(c("a", "b"), 12), y = 1:24 + rep(0:3, 6))
  expect_match(format(compare_groups(y ~ arm * week | id, long)), "left out: 2 without an id", all = FALSE)
})

test_that("an arm of one patient has a pooled d and no effect that needs its own spread", {
  x <- compare_groups(c(1, 4, 6, 9), 3, method = "student", effect = c("d", "d_av", "glass_delta"))
  expect_equal(x$effect, c(-2 / sd(c(1, 4, 6, 9)), NA, NA))
  expect_equal(as.character(x$status), rep("ok", 3))
})
