test_that("a long table gives one row per outcome, group, visit and method, in that order", {
  x <- compare_paired(~ month | id, thal_like(), outcomes = c("hb", "hbf"), by = arm, method = c("t", "sign"))
  expect_s3_class(x, c("respondr_paired", "respondr_result", "data.frame"), exact = TRUE)
  expect_equal(nrow(x), 2 * 2 * 2 * 2)
  expect_equal(as.character(x$outcome[c(1, 9)]), c("hb", "hbf"))
  expect_equal(as.character(x$arm[c(1, 5)]), c("a", "b"))
  expect_equal(as.character(x$contrast[c(1, 3)]), c("3 - 0", "12 - 0"))
  expect_equal(as.character(x$method[1:2]), c("t", "sign"))
})

test_that("each visit has its own pairs and counts the patients it lost", {
  x <- compare_paired(hb ~ month | id, thal_like())
  expect_equal(x$n_pairs, c(6L, 5L))
  expect_equal(x$n_dropped, c(0L, 1L))
})

test_that("the contrast is after minus before and agrees with t.test on the same patients", {
  d <- thal_like()
  wide <- merge(d[d$month == 0, ], d[d$month == 3, ], by = "id")
  ref <- t.test(wide$hb.y, wide$hb.x, paired = TRUE)
  x <- compare_paired(hb ~ month | id, d[sample(nrow(d)), ])[1, ]
  expect_equal(x$estimate, unname(ref$estimate), tolerance = 1e-12)
  expect_equal(x$p_value, ref$p.value, tolerance = 1e-12)
  expect_equal(c(x$conf_low, x$conf_high), as.vector(ref$conf.int), tolerance = 1e-12)
})

test_that("long, wide, vectors, a change column and a matrix give the same row", {
  d <- thal_like()
  d <- d[d$month < 12, ]
  w <- merge(d[d$month == 0, c("id", "hb")], d[d$month == 3, c("id", "hb")], by = "id", suffixes = c("0", "3"))
  w$chg <- round(w$hb3 - w$hb0, 1)
  for (method in paired_methods[1:4]) {
    rows <- list(
      compare_paired(hb ~ month | id, d, method = method),
      compare_paired(hb3 ~ 1, baseline = hb0, data = w, method = method),
      compare_paired(w$hb0, w$hb3, method = method),
      compare_paired(chg ~ 1, w, method = method),
      compare_paired(cbind(hb = w$hb0), cbind(hb = w$hb3), method = method)
    )
    keep <- c("n_pairs", "estimate", "conf_low", "conf_high", "statistic", "p_value", "effect", "effect_low")
    for (other in rows[-1]) {
      expect_equal(as.data.frame(other)[keep], as.data.frame(rows[[1]])[keep], tolerance = 1e-12)
    }
  }
})

test_that("summary figures end in the same row as the patients they come from", {
  d <- thal_like()
  w <- merge(d[d$month == 0, ], d[d$month == 3, ], by = "id")
  x <- compare_paired(hb ~ month | id, d, effect = c("d_z", "d_av", "d_rm", "d_b"))
  x <- x[x$contrast == "3 - 0", ]
  y <- compare_paired(
    n = 6, mean_before = mean(w$hb.x), sd_before = sd(w$hb.x), mean_after = mean(w$hb.y), sd_after = sd(w$hb.y),
    r = cor(w$hb.x, w$hb.y), effect = c("d_z", "d_av", "d_rm", "d_b")
  )
  keep <- c("n_pairs", "estimate", "std_error", "conf_low", "conf_high", "statistic", "df", "p_value", "effect",
    "effect_low", "effect_high")
  expect_equal(as.data.frame(y)[keep], as.data.frame(x)[keep], tolerance = 1e-10, ignore_attr = TRUE)
})

test_that("the order of rows changes no bit", {
  d <- thal_like()
  d$id <- sprintf("P%02d", d$id)
  for (method in paired_methods) {
    one <- compare_paired(cbind(hb, hbf) ~ month | id, d, method = method, by = arm, seed = 1, replicates = 500)
    two <- compare_paired(cbind(hb, hbf) ~ month | id, d[18:1, ], method = method, by = arm, seed = 1, replicates = 500)
    expect_identical(as.data.frame(one), as.data.frame(two))
  }
})

test_that("one thread and two give the same bits", {
  set.seed(3)
  b <- matrix(rnorm(20 * 300), 20)
  a <- b + matrix(rnorm(20 * 300, 0.2), 20)
  for (method in paired_methods) {
    one <- compare_paired(b, a, method = method, seed = 1, replicates = 300, threads = 1)
    two <- compare_paired(b, a, method = method, seed = 1, replicates = 300, threads = 2)
    expect_identical(as.data.frame(one), as.data.frame(two))
  }
})

test_that("a call that draws nothing leaves R's generator alone, and one that does keeps its seed", {
  set.seed(4)
  before <- .Random.seed
  compare_paired(hb ~ month | id, thal_like(), method = c("t", "signed_rank", "sign", "permutation"))
  expect_identical(.Random.seed, before)
  x <- compare_paired(hb ~ month | id, thal_like(), method = "bootstrap", replicates = 200)
  expect_false(identical(.Random.seed, before))
  y <- compare_paired(hb ~ month | id, thal_like(), method = "bootstrap", replicates = 200,
    seed = attr(x, "settings")$seed)
  expect_identical(as.data.frame(x), as.data.frame(y))
})

test_that("subsetting outcomes changes no random number of the others", {
  both <- compare_paired(cbind(hb, hbf) ~ month | id, thal_like(), method = "bootstrap", seed = 9, replicates = 200)
  one <- compare_paired(hbf ~ month | id, thal_like(), method = "bootstrap", seed = 9, replicates = 200)
  expect_identical(both$conf_low[3:4], one$conf_low)
})

test_that("equivalence prints the larger one-sided p and the 1 - 2 alpha interval", {
  d <- thal_like()
  w <- merge(d[d$month == 0, ], d[d$month == 3, ], by = "id")
  x <- compare_paired(hb ~ month | id, d, alternative = "equivalence", margins = c(-2, 2))[1, ]
  low <- t.test(w$hb.y, w$hb.x, paired = TRUE, mu = -2, alternative = "greater")$p.value
  high <- t.test(w$hb.y, w$hb.x, paired = TRUE, mu = 2, alternative = "less")$p.value
  ci <- t.test(w$hb.y, w$hb.x, paired = TRUE, conf.level = 0.9)$conf.int
  expect_equal(x$p_value, max(low, high), tolerance = 1e-12)
  expect_equal(c(x$conf_low, x$conf_high), as.vector(ci), tolerance = 1e-12)
  expect_equal(x$conf_level, 0.9)
})

test_that("p_adjust works within the families that adjust_over names", {
  d <- thal_like()
  x <- compare_paired(cbind(hb, hbf) ~ month | id, d, p_adjust = "holm", adjust_over = "outcome")
  for (k in levels(x$contrast)) {
    rows <- x$contrast == k
    expect_equal(x$p_adjusted[rows], p.adjust(x$p_value[rows], "holm"))
  }
})

test_that("Bonferroni alone has simultaneous limits, at level 1 - alpha / m", {
  x <- compare_paired(hb ~ month | id, thal_like(), p_adjust = "bonferroni")
  y <- compare_paired(hb ~ month | id, thal_like(), conf_level = 1 - 0.05 / 2)
  expect_equal(x$conf_low_adjusted, y$conf_low)
  z <- compare_paired(hb ~ month | id, thal_like(), p_adjust = "holm")
  expect_true(all(is.na(z$conf_low_adjusted)))
})

test_that("max-T by complete enumeration agrees with a loop over all sign flips", {
  d <- thal_like()
  d <- d[d$month < 12, ]
  w <- merge(d[d$month == 0, ], d[d$month == 3, ], by = "id")
  change <- cbind(w$hb.y - w$hb.x, w$hbf.y - w$hbf.x)
  t_of <- function(x) abs(mean(x) / (sd(x) / sqrt(length(x))))
  observed <- apply(change, 2, t_of)
  flips <- as.matrix(expand.grid(rep(list(c(-1, 1)), 6)))
  null <- t(apply(flips, 1, function(s) apply(change * s, 2, t_of)))
  first <- order(-observed)[1]
  second <- order(-observed)[2]
  p1 <- mean(pmax(null[, 1], null[, 2]) >= observed[first] - 1e-9)
  p2 <- max(p1, mean(null[, second] >= observed[second] - 1e-9))
  x <- compare_paired(cbind(hb, hbf) ~ month | id, d, p_adjust = "max_t", seed = 1)
  expect_equal(x$p_adjusted[c(first, second)], c(p1, p2), tolerance = 1e-12)
})

test_that("conventions print what the other program prints", {
  b <- c(125, 115, 130, 140, 140, 115, 140, 125, 140, 135)
  a <- c(110, 122, 125, 120, 140, 124, 123, 137, 135, 145)
  r <- suppressWarnings(wilcox.test(a, b, paired = TRUE))
  x <- compare_paired(b, a, method = "signed_rank", convention = "r")
  expect_equal(x$p_value, r$p.value, tolerance = 1e-12)
  expect_equal(as.character(x$distribution), "asymptotic")
  expect_equal(as.character(compare_paired(b, a, method = "signed_rank", convention = "sas")$distribution), "exact")
  spss <- compare_paired(b, a, method = "signed_rank", convention = "spss")
  d <- (a - b)[a != b]
  s <- rank(abs(d))
  z <- (sum(s[d > 0]) - sum(s) / 2) / sqrt(sum(s^2) / 4)
  expect_equal(spss$p_value, 2 * pnorm(-abs(z)), tolerance = 1e-12)
})

test_that("decimals that tie on paper tie here", {
  x <- compare_paired(c(7.1, 6.3, 5.2), c(9.1, 8.3, 7.2), method = c("t", "signed_rank"))
  expect_equal(x$n_ties, c(3L, 3L))
  expect_equal(as.character(x$status), c("no_variance", "no_variance"))
  expect_identical(x$estimate, c(2, 2))
})

test_that("describe_paired gives the figures of both visits and the change", {
  d <- thal_like()
  w <- merge(d[d$month == 0, ], d[d$month == 12, ], by = "id")
  w <- w[!is.na(w$hb.y), ]
  x <- describe_paired(hb ~ month | id, d)[2, ]
  expect_equal(x$mean_before, mean(w$hb.x))
  expect_equal(x$sd_after, sd(w$hb.y))
  expect_equal(x$median_change, median(w$hb.y - w$hb.x))
  expect_equal(c(x$q1_before, x$q3_before), unname(quantile(w$hb.x, c(0.25, 0.75))))
  expect_equal(x$percent_mean, mean(100 * (w$hb.y - w$hb.x) / w$hb.x))
  expect_equal(x$correlation, cor(w$hb.x, w$hb.y))
})
