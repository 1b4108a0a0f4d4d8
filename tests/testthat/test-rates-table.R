# rates_table(): values of other programs (published), R's own tests as a second program (oracle), properties and words.

table_case <- function(name) {
  all <- utils::read.csv(system.file("validation", "tables_strata", "tables.csv", package = "respondr"))
  one <- all[all$case == name, ]
  array(one$count[order(one$stratum, one$response, one$arm)], c(max(one$arm), max(one$response), max(one$stratum)))
}
table_printed <- function(case) {
  all <- utils::read.csv(system.file("validation", "tables_strata", "expected.csv", package = "respondr"))
  all[all$case == case, ]
}
expect_printed <- function(case, values) {
  printed <- table_printed(case)
  for (name in names(values)) {
    row <- printed[printed$name == name, ]
    expect_true(abs(values[[name]] - row$value) <= row$tolerance, label = paste(case, name, values[[name]]))
  }
}

test_that("printed values of R, SAS, JASP and StatXact are met", {
  one <- function(case, ...) rates_table(table_case(case)[, , 1], ...)
  expect_printed("job", c(p_fisher = one("job", "fisher")$p_value))
  asymptotic <- one("lung", c("chisq", "g", "n1_chisq"))
  expect_printed("lung", c(
    chisq = asymptotic$statistic[1], p_chisq = asymptotic$p_value[1], g = asymptotic$statistic[2],
    p_g = asymptotic$p_value[2],
    n1_chisq = asymptotic$statistic[3], p_n1_chisq = asymptotic$p_value[3], cramer_v = asymptotic$effect[1],
    p_fisher = one("lung", "fisher")$p_value
  ))
  jasp <- one("jasp", "chisq")
  expect_printed("jasp", c(chisq = jasp$statistic, p_chisq = jasp$p_value))
  expect_printed("davis", c(
    p_exact_pearson = one("davis", "chisq", distribution = "exact")$p_value,
    midp_pearson = one("davis", "chisq", distribution = "exact", mid_p = TRUE)$p_value
  ))
  equal <- one("malformation", "linear", distribution = "asymptotic")
  middle <- c(0, 0.5, 1.5, 4, 7)
  midpoint <- one("malformation", "linear", scores = middle, distribution = "asymptotic")
  expect_printed("malformation", c(
    z_equal = equal$statistic, p_equal = equal$p_value, z_midpoint = midpoint$statistic, p_midpoint = midpoint$p_value,
    p_exact_one_sided = one("malformation", "trend", scores = middle, alternative = "greater")$p_value
  ))
})

test_that("Fisher's exact p is that of fisher.test on random tables", {
  set.seed(1)
  for (k in 1:40) {
    x <- matrix(stats::rmultinom(1, sample(5:40, 1), stats::rexp(k %% 3 * 3 + 6)), ncol = 3)
    if (min(dim(x)) < 2 || sum(rowSums(x) > 0) < 2 || sum(colSums(x) > 0) < 2) next
    # fisher.test is right to some 1e-7: its hash table holds rounded paths.
    expect_equal(rates_table(x, "fisher")$p_value, stats::fisher.test(x)$p.value, tolerance = 1e-6)
  }
})

test_that("asymptotic tests are those of chisq.test and prop.trend.test", {
  x <- table_case("job")[, , 1]
  old <- suppressWarnings(stats::chisq.test(x))
  new <- rates_table(x, "chisq")
  expect_equal(new$statistic, old$statistic[[1]], tolerance = 1e-12)
  expect_equal(new$p_value, old$p.value, tolerance = 1e-12)
  expect_equal(new$df, old$parameter[[1]])
  events <- c(83, 90, 129, 70)
  patients <- c(86, 93, 136, 82)
  trend <- stats::prop.trend.test(events, patients, score = c(1, 2, 4, 9))
  ours <- rates_table(cbind(patients - events, events), "trend", scores = c(1, 2, 4, 9), distribution = "asymptotic")
  expect_equal(ours$statistic^2, trend$statistic[[1]], tolerance = 1e-10)
  expect_equal(ours$p_value, trend$p.value, tolerance = 1e-10)
  slope <- stats::lm(events / patients ~ c(1, 2, 4, 9), weights = patients)
  expect_equal(ours$estimate, stats::coef(slope)[[2]], tolerance = 1e-12)
})

test_that("drawn tables are those of r2dtable in law: the p agrees with simulate.p.value", {
  x <- table_case("job")[, , 1]
  set.seed(3)
  old <- stats::chisq.test(x, simulate.p.value = TRUE, B = 20000)$p.value
  new <- rates_table(x, "chisq", distribution = "monte_carlo", replicates = 20000, seed = 1)
  expect_true(abs(old - new$p_value) < 5 * sqrt(2 * old * (1 - old) / 20000))
  expect_true(new$p_low < new$p_value && new$p_value < new$p_high)
})

test_that("a batch gives each problem what it gets alone, on one thread and on three", {
  set.seed(2)
  x <- array(stats::rpois(3 * 4 * 20, 2), c(3, 4, 20))
  one <- rates_table(x, c("fisher", "chisq", "linear"))
  expect_identical(one, rates_table(x, c("fisher", "chisq", "linear"), threads = 3))
  alone <- vapply(1:20, function(k) rates_table(x[, , k], "fisher")$p_value, 0)
  expect_identical(one$p_value[one$method == "fisher"], alone)
  expect_identical(one$problem, rep(1:20, each = 3))
})

test_that("draws depend on the label of the problem and the seed, not on the other problems", {
  x <- array(c(table_case("job"), table_case("job")[4:1, , ]), c(4, 4, 2))
  both <- rates_table(x, "fisher", distribution = "monte_carlo", seed = 7, labels = c("a", "b"))
  only <- rates_table(x[, , 2], "fisher", distribution = "monte_carlo", seed = 7, labels = "b")
  expect_identical(both$p_value[2], only$p_value)
  other <- rates_table(x[, , 2], "fisher", distribution = "monte_carlo", seed = 8, labels = "b")
  expect_false(identical(other$p_value, only$p_value))
})

test_that("the seed of R is taken only where something was drawn", {
  set.seed(5)
  before <- .Random.seed
  rates_table(table_case("job")[, , 1], "fisher")
  expect_identical(.Random.seed, before)
  drawn <- rates_table(table_case("job")[, , 1], "fisher", distribution = "monte_carlo", replicates = 100)
  expect_false(identical(.Random.seed, before))
  expect_length(attr(drawn, "seed"), 2)
})

test_that("beyond the limit fisher draws and says so, and exact says that it is too much", {
  x <- matrix(20L, 5, 7)
  drawn <- rates_table(x, "fisher", seed = 1)
  expect_identical(as.character(drawn$distribution), "monte_carlo")
  expect_identical(as.character(rates_table(x, "fisher", distribution = "exact")$status), "too_large")
})

test_that("tables that cannot be tested get a status and whatever is still true", {
  status <- function(x, method = "fisher") as.character(rates_table(x, method)$status)
  expect_identical(status(matrix(0, 2, 3)), "no_data")
  expect_identical(status(rbind(c(3, 4), 0)), "one_group_empty")
  expect_identical(status(cbind(c(3, 4), 0)), "one_level")
  expect_identical(rates_table(cbind(c(3, 4), 0), "fisher")$p_value, 1)
  expect_identical(rates_table(cbind(c(3, 4), 0), "trend")$events, 0L)
  expect_identical(as.character(rates_table(rbind(c(3, 1), c(2, 2)), "trend", scores = c(1, 1))$status), "no_variance")
})

test_that("words that do not fit are refused by name", {
  x <- table_case("job")[, , 1]
  expect_error(rates_table(x, "pearson"), class = "respondr_error_word")
  expect_error(rates_table(x, "trend"), "two responses", class = "respondr_error_method")
  expect_error(rates_table(x, "chisq", alternative = "less"), class = "respondr_error_alternative")
  expect_error(rates_table(x, "linear", scores = 1:3), "4 numbers", class = "respondr_error_scores")
  expect_error(rates_table(x - 1.5), "whole numbers", class = "respondr_error_counts")
  expect_error(rates_table(c(1, 2)), "array", class = "respondr_error_counts")
  x[1] <- NA
  expect_error(rates_table(x), "Missing counts", class = "respondr_error_counts")
})
