# Evidence: property. What is computed from data never comes out impossible or not reproducible; planted errors are caught.

as_text <- function(x, digits, even) {
  if (even) return(sprintf("%.*f", digits, round(x, digits)))
  sprintf("%.*f", digits, sign(x) * floor(abs(x) * 10^digits + 0.5 + 1e-9) / 10^digits)
}
wrong <- c("impossible", "not reproducible by the named test")

test_that("the P of a random table comes back under the test that made it", {
  set.seed(1)
  tests <- c(chisq = "chisq", chisq_yates = "chisq_yates", fisher = "fisher")
  own <- list(chisq = function(x) suppressWarnings(chisq.test(x, correct = FALSE)$p.value),
    chisq_yates = function(x) suppressWarnings(chisq.test(x)$p.value), fisher = function(x) fisher.test(x)$p.value)
  for (i in 1:150) {
    n <- sample(5:60, 2, TRUE)
    x <- rbinom(2, n, runif(2, 0.2, 0.8))
    table <- cbind(x, n - x)
    if (any(colSums(table) == 0)) next
    test <- sample(names(tests), 1)
    p <- as_text(own[[test]](table), 3, i %% 2 == 0)
    expect_identical(as.character(audit_counts(table, p, test = test)$verdict), "consistent")
  }
})

test_that("percentages, means and SDs of whole numbers are never impossible", {
  set.seed(2)
  n <- sample(1:200, 2000, TRUE)
  count <- rbinom(2000, n, 0.4)
  for (even in c(TRUE, FALSE)) {
    text <- as_text(100 * count / n, rep(0:2, length.out = 2000), FALSE)
    expect_true(all(audit_percent(count, n, text)$verdict == "consistent"))
  }
  values <- lapply(sample(2:40, 400, TRUE), function(n) sample(1:7, n, TRUE))
  mean <- as_text(vapply(values, mean, 0), 2, FALSE)
  size <- lengths(values)
  for (denominator in c("n-1", "n")) {
    sd <- vapply(values, sd, 0) * if (denominator == "n") sqrt((size - 1) / size) else 1
    for (scale in list(NULL, c(1, 7))) {
      x <- audit_grim(mean, as_text(sd, 2, TRUE), n = size, scale = scale, sd_denominator = denominator)
      expect_true(all(x$verdict == "consistent"))
    }
  }
})

test_that("a Wald interval and its P are never called not reproducible", {
  set.seed(3)
  b <- rnorm(600)
  se <- runif(600, 0.1, 0.8)
  z <- qnorm(0.975)
  x <- audit_odds(as_text(exp(b), 2, FALSE), as_text(exp(b - z * se), 3, FALSE), as_text(exp(b + z * se), 2, TRUE),
    as_text(2 * pnorm(-abs(b / se)), 3, TRUE))
  judged <- x$verdict[x$check %in% c("P", "middle of the interval")]
  expect_false(any(judged %in% wrong))
})

test_that("the t-tests of two means come back over the rounding of means and SDs", {
  set.seed(4)
  make <- function(i) {
    a <- rnorm(sample(3:40, 1), 10, 2)
    b <- rnorm(sample(3:40, 1), 11, 3)
    welch <- i %% 2 == 0
    cell <- function(x) paste0(as_text(mean(x), 1, FALSE), " (", as_text(sd(x), 1, FALSE), ")")
    data <- data.frame(variable = c("n", "x"), level = NA, statistic = c("count", "mean (SD)"), a = c(length(a), cell(a)),
      b = c(length(b), cell(b)),
      p_value = c(NA, as_text(t.test(a, b, var.equal = !welch)$p.value, 3, TRUE)))
    audit_table(data, tests = list(means = if (welch) "welch" else "student"))$verdict
  }
  verdicts <- unlist(lapply(1:150, function(i) as.character(make(i))))
  expect_false(any(verdicts %in% wrong))
})

test_that("planted errors are caught: a digit swapped in a count, two P values exchanged", {
  set.seed(5)
  n <- sample(30:90, 300, TRUE)
  count <- rbinom(300, n, 0.4)
  text <- sprintf("%.1f", 100 * count / n)
  moved <- count + sample(c(-1, 1), 300, TRUE)
  ok <- moved >= 0 & moved <= n
  expect_gt(mean(audit_percent(moved[ok], n[ok], text[ok])$verdict == "impossible"), 0.99)
})

test_that("an exchange of two P values is named", {
  tables <- list(a = rbind(c(10, 30), c(25, 15)), b = rbind(c(12, 20), c(14, 21)), c = rbind(c(9, 31), c(15, 25)),
    d = rbind(c(22, 9), c(14, 19)))
  p <- sprintf("%.3f", vapply(tables, function(x) chisq.test(x, correct = FALSE)$p.value, 0))
  candidates <- lapply(seq_along(tables), function(i) {
    value <- chisq.test(tables[[i]], correct = FALSE)$p.value
    list(item = names(tables)[i], p = printed(p[c(1, 4, 3, 2)][i]), low = value, high = value, statistic = NULL,
      name = "chi-square")
  })
  order <- order_of_p(candidates, 100, c(1L, 0L), NULL)
  expect_identical(c(order$kind, order$first, order$last), c("exchanged", "1", "3"))
  expect_identical(c(order$printed, order$explained), c(2L, 4L))
  expect_equal(order$chance, 1 / 24)
  expect_equal(order$chance_rest, 1 / 2)  # two rows are left, of two orders one fits
})
