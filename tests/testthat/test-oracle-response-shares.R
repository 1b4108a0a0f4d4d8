test_that("limits of Sison and Glaz are those of moments summed term by term", {
  for (count in list(c(23, 12, 44), c(0, 3, 9), c(150, 1, 1, 0), c(5, 5), rep(2, 9))) {
    for (level in c(0.9, 0.95, 0.99)) {
      expect_equal(share_limits(count, simultaneous = "sison_glaz", conf_level = level), naive_sison_glaz(count, level),
        tolerance = 1e-10)
    }
  }
})

test_that("limits of Quesenberry and Hurst and of Goodman are the roots of their quadratics", {
  count <- c(23, 0, 12, 44)
  expect_equal(share_limits(count, simultaneous = "quesenberry_hurst"),
    naive_score_limits(count, stats::qchisq(0.95, 3)), tolerance = 1e-10)
  expect_equal(share_limits(count, simultaneous = "goodman"), naive_score_limits(count, stats::qchisq(1 - 0.05 / 4, 1)),
    tolerance = 1e-10)
})
