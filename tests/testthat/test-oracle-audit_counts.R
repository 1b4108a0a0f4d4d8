# Evidence: oracle. All orders of a column written out; all data sets of small whole numbers written out; a grid over the
# rounding box of an odds ratio.

all_orders <- function(n) {
  if (n == 1L) return(matrix(1L))
  smaller <- all_orders(n - 1L)
  do.call(rbind, lapply(seq_len(n), function(k) cbind(k, matrix(setdiff(seq_len(n), k)[smaller], nrow(smaller)))))
}

test_that("the chance of a random order is that of all orders written out", {
  set.seed(6)
  for (n in 2:6) {
    fits <- matrix(rbinom(n * n, 1, 0.4), n)
    orders <- all_orders(n)
    explained <- apply(orders, 1, function(o) sum(fits[cbind(seq_len(n), o)]))
    x <- audit_order_solve(fits, list(seed = c(1L, 0L), replicates = 10L))
    expect_identical(x$printed, as.integer(sum(diag(fits))))
    expect_identical(x$most, as.integer(max(explained)))
    expect_equal(x$chance, mean(explained >= x$explained), tolerance = 1e-12)
    expect_identical(as.integer(sum(fits[cbind(seq_len(n), x$at + 1L)])), x$explained)
    expect_setequal(x$at, seq_len(n) - 1L)
  }
})

test_that("beyond 16 rows the chance is drawn, from the seed alone", {
  fits <- diag(20L)[c(2, 1, 3:20), ]
  storage.mode(fits) <- "integer"
  solve <- function(seed) audit_order_solve(fits, list(seed = c(seed, 0L), replicates = 200L))
  x <- solve(1L)
  expect_false(x$exact)
  expect_identical(c(x$kind, x$first, x$last, x$explained), c(1L, 0L, 1L, 20L))
  expect_equal(x$chance, 1 / 201)
  expect_identical(x, solve(1L))
})

test_that("means and SDs that whole numbers have are those of all data sets written out", {
  for (n in 2:4) {
    data <- as.matrix(expand.grid(rep(list(1:5), n)))
    have <- unique(paste(sprintf("%.1f", floor(rowMeans(data) * 10 + 0.5 + 1e-9) / 10), sprintf("%.2f", floor(apply(data,
      1, sd) * 100 + 0.5 + 1e-9) / 100)))
    grid <- do.call(rbind, strsplit(have, " "))
    x <- audit_grim(grid[, 1], grid[, 2], n = n, scale = c(1, 5))
    expect_true(all(x$verdict == "consistent"))
  }
  # two values on a scale from 1 to 5: every SD is half a whole number times sqrt(2)
  sd <- sprintf("%.2f", seq(0, 3, 0.01))
  mean <- rep("3.0", length(sd))
  x <- audit_grim(mean, sd, n = 2, scale = c(1, 5), item = sd)
  fit <- x$item[x$check == "SD" & x$verdict == "consistent"]
  expect_setequal(fit, c("0.00", sprintf("%.2f", c(2, 4) / sqrt(2))))
})

test_that("the range of P over the rounding box is that of a fine grid", {
  x <- audit_odds("1.5", "0.9", "2.6", "0.1")
  ends <- function(v) seq(v - 0.05, v + 0.05, length.out = 401)
  g <- expand.grid(a = log(ends(0.9)), b = log(ends(2.6)))
  g <- g[(g$a + g$b) / 2 >= log(1.45) & (g$a + g$b) / 2 <= log(1.55), ]
  z <- qnorm(0.975) * (g$a + g$b) / (g$b - g$a)
  p <- range(2 * pnorm(-abs(z)))
  row <- x[x$check == "P", ]
  expect_true(row$low <= p[1] + 1e-9 && row$high >= p[2] - 1e-9)
  expect_equal(c(row$low, row$high), p, tolerance = 2e-3)  # the grid leaves out up to a step at each end
})

test_that("counts of a percentage and denominators are those of trial and error", {
  prints <- function(k, n, text, d) abs(100 * k / n - as.double(text)) <= 0.5 * 10^-d + 1e-9
  for (text in c("0.0", "12.5", "33.3", "50.0", "99.9", "100.0")) {
    by_hand <- Filter(function(n) any(prints(0:n, n, text, 1)), 1:80)
    expect_identical(percent_denominators(text, 80), as.integer(by_hand))
  }
})
