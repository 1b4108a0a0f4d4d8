# Evidence: property. Every hypothesis that the exact signed-rank test can tell apart is asked, near the limits and far from
# them, against the interval of the same call. Wide: run by tools/slow.sh.


# Walsh averages and the middles of the gaps between them.
hypotheses <- function(d) {
  points <- sort(unique(oracle_walsh(d)))
  c(points[1] - 1, points, (points[-1] + points[-length(points)]) / 2, points[length(points)] + 1)
}

test_that("the exact interval is the hull of all hypotheses that the test accepts, for tied data of 10 to 45 pairs", {
  wide_proof()
  set.seed(81)
  for (k in 1:150) {
    n <- sample(10:45, 1)
    d <- sample(-6:(10 + 3 * (k %% 40)), n, TRUE)
    zeros <- c("wilcoxon", "pratt")[k %% 2 + 1]
    x <- compare_paired(d, method = "signed_rank", zeros = zeros, effect = "none")
    theta <- hypotheses(d)
    p <- vapply(theta, function(t) {
      compare_paired(d, method = "signed_rank", zeros = zeros, null = t, effect = "none")$p_value
    }, 0)
    accepted <- range(theta[p > 0.05])
    info <- paste(c(k, zeros, d), collapse = " ")
    expect_true(all(p[theta < x$conf_low | theta > x$conf_high] <= 0.05 + 1e-12), info = info)
    inside <- theta > x$conf_low & theta < x$conf_high
    if (x$status == "ok") expect_true(all(p[inside] > 0.05), info = info)
    expect_true(accepted[1] >= x$conf_low && accepted[2] <= x$conf_high, info = info)
  }
})

test_that("the local search of hundreds of pairs ends where the full search would", {
  wide_proof()
  set.seed(82)
  for (n in c(210, 260, 320)) {
    for (k in 1:3) {
      d <- round(rnorm(n, 1), c(1, 2, 6)[k])
      x <- compare_paired(d, method = "signed_rank", distribution = "exact", effect = "none")
      near <- sort(unique(round(oracle_walsh(d), 9)))
      for (limit in c(x$conf_low, x$conf_high)) {
        at <- which.min(abs(near - limit)) + (-40:40)
        theta <- (near[at][-1] + near[at][-81]) / 2
        p <- vapply(theta, function(t) {
          compare_paired(d, method = "signed_rank", distribution = "exact", null = t, effect = "none")$p_value
        }, 0)
        outside <- theta < x$conf_low - 1e-9 | theta > x$conf_high + 1e-9
        expect_identical(p <= 0.05, outside)
      }
    }
  }
})
