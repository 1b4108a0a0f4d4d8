# Separation by linear programming: verdicts, coefficients that run away, terms to blame.

test_that("the verdict and the infinite coefficients of every hard data set are those worked out for it", {
  cases <- predictor_cases()
  for (name in names(cases)) {
    d <- case_design(cases[[name]])
    found <- respondr:::lib_separation(`colnames<-`(d$x, d$names), d$y, d$weight)
    expect_identical(found$verdict, cases[[name]]$separation, info = name)
    if (found$verdict != "none") {
      expect_setequal(names(found$runs_to)[respondr:::runs(found$runs_to)], cases[[name]]$columns)
    }
  }
})

test_that("linear programming, a listing of all planes and the direction of recession agree on small random data", {
  seen <- c(none = 0, quasi = 0, complete = 0)
  for (k in 1:120) {
    n <- 6 + k %% 23
    x <- cbind(1, round(case_normal(n, 1 + k %% 5) + k / 60, k %% 2), as.numeric(case_uniform(n, 1 + k %% 6) < .3 + k / 300))
    y <- as.numeric((seq_len(n) * (k + 0.5) * sqrt(2)) %% 1 < 0.4)
    if (k %% 10 == 0) y <- as.numeric(x[, 2] > sort(x[, 2])[3])
    if (length(unique(y)) == 1L || qr(x)$rank < 3L) next
    ours <- respondr:::lib_separation(x, y)
    expect_identical(ours$verdict, respondr:::logistic_recession(list(x = x, y = y))$separated, info = k)
    expect_identical(ours$verdict, unname(oracle_separation(x, y)$verdict), info = k)
    seen[ours$verdict] <- seen[ours$verdict] + 1
  }
  expect_true(all(seen >= 2))
})

test_that("separation is found whatever the scale and place of a predictor", {
  base <- c(1, 2, 3, 4, 4, 5, 6, 7)
  y <- c(0, 0, 0, 0, 1, 1, 1, 1)
  for (x in list(base * 1e150, base * 1e-150, base + 1e8, -base)) {
    found <- respondr:::lib_separation(cbind(1, x), y)
    expect_identical(found$verdict, "quasi")
    expect_equal(found$runs_to[[2]], if (x[1] < 0) -Inf else Inf)
    expect_equal(found$rows, base != 4)
  }
})

test_that("the intercept runs where the border of the predictor as given asks for it", {
  base <- c(1, 2, 3, 4, 4, 5, 6, 7)
  y <- c(0, 0, 0, 0, 1, 1, 1, 1)
  expect_identical(unname(respondr:::lib_separation(cbind(1, base), y)$runs_to), c(-Inf, Inf))
  expect_identical(unname(respondr:::lib_separation(cbind(1, base - 100), y)$runs_to), c(Inf, Inf))
  expect_identical(unname(respondr:::lib_separation(cbind(1, base - 4), y)$runs_to), c(0, Inf))
})

test_that("58 against 4 with an empty cell: the spleen is named, with its cell, and nothing else", {
  d <- case_spleen()
  found <- check_separation(response ~ hbf + spleen + age, d)
  expect_identical(found$verdict, "quasi")
  expect_identical(found$terms, "spleen")
  expect_identical(found$columns$runs_to, c(0, 0, Inf, 0))
  expect_identical(found$cells, "no `0` where spleen is removed")
  expect_identical(found$rows, which(d$spleen == "removed"))
  text <- paste(format(found, width = 200), collapse = "\n")
  expect_match(text, "event 1, 58 of 62 patients", fixed = TRUE)
  expect_match(text, "spleenremoved (to Inf)", fixed = TRUE)
})

test_that("in complete separation the smallest set of terms is named, not every column", {
  d <- data.frame(y = rep(0:1, each = 6), x = 1:12, noise = sin(1:12), other = cos(3 * (1:12)))
  found <- check_separation(y ~ noise + x + other, d)
  expect_identical(found$verdict, "complete")
  expect_identical(found$terms, "x")
  expect_true(all(respondr:::runs(found$columns$runs_to)))
  expect_identical(found$columns$runs_to[3], Inf)
})

test_that("the term of several columns is named once, and an interaction by its own name", {
  d <- data.frame(g = factor(rep(c("a", "b", "c"), c(8, 7, 5))), z = sin(1:20),
    y = c(0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1))
  expect_identical(check_separation(y ~ g + z, d)$terms, "g")
  e <- data.frame(a = rep(0:1, each = 10), b = rep(rep(0:1, each = 5), 2),
    y = c(1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1))
  expect_identical(check_separation(y ~ a * b, e)$terms, "a:b")
})

test_that("rows of weight 0 do not keep data from being separated, and grouped counts count", {
  d <- data.frame(x = c(1, 2, 3, 4, 10), y = c(0, 0, 1, 1, 0))
  expect_identical(check_separation(y ~ x, d)$verdict, "none")
  expect_identical(check_separation(y ~ x, d, weights = c(1, 1, 1, 1, 0))$verdict, "complete")
  counts <- data.frame(x = 0:2, events = c(0, 2, 5), others = c(5, 2, 0))
  expect_identical(check_separation(cbind(events, others) ~ x, counts)$verdict, "quasi")
})

test_that("above the limit of the programme the direction of recession gives the same verdict", {
  x <- cbind(1, c(1, 2, 3, 4, 4, 5, 6, 7))
  y <- c(0, 0, 0, 0, 1, 1, 1, 1)
  large <- respondr:::large_separation(list(x = x, y = y))
  expect_identical(large$verdict, "quasi")
  expect_identical(large$runs_to, c(-Inf, Inf))
  expect_identical(large$rows, x[, 2] != 4)
  seen <- 0
  for (k in 1:80) {  # some take several directions, one after the other
    n <- 12 + k %% 7
    set.seed(k)
    x <- cbind(1, matrix(as.numeric(stats::runif(4 * n) < 0.3), n))
    y <- as.numeric(stats::runif(n) < 0.3)
    if (length(unique(y)) == 1L || qr(x)$rank < 5L) next
    small <- respondr:::lib_separation(x, y)
    large <- respondr:::large_separation(list(x = x, y = y))
    expect_identical(large$verdict, small$verdict, info = k)
    expect_identical(large$rows, small$rows, info = k)
    expect_identical(respondr:::runs(large$runs_to), respondr:::runs(unname(small$runs_to)), info = k)
    one_way <- is.infinite(small$runs_to) & is.infinite(large$runs_to)
    expect_identical(large$runs_to[one_way], unname(small$runs_to)[one_way], info = k)
    seen <- seen + (small$verdict == "quasi")
  }
  expect_gt(seen, 20)
})

test_that("maximum likelihood on separated data warns, names what is infinite and keeps what is not", {
  d <- case_spleen()
  expect_warning(fit <- fit_logistic(response ~ hbf + spleen + age, d, method = "ml"), class = "respondr_warning_separated")
  expect_identical(fit$status, "separated")
  expect_identical(coef(fit)[["spleenremoved"]], Inf)
  rest <- d[d$spleen == "present", ]
  limit <- glm(response ~ hbf + age, binomial, rest, epsilon = 1e-14)
  expect_equal(unname(coef(fit)[c(1, 2, 4)]), unname(coef(limit)), tolerance = 1e-9)
  expect_equal(unname(vcov(fit)[c(1, 2, 4), c(1, 2, 4)]), unname(vcov(limit)), tolerance = 1e-6) # the last step of glm
  expect_equal(as.numeric(logLik(fit)), as.numeric(logLik(limit)), tolerance = 1e-12)
  expect_equal(fitted(fit), ifelse(d$spleen == "removed", 1, predict(limit, d, type = "response")), tolerance = 1e-9,
    ignore_attr = TRUE)
  new <- data.frame(hbf = 20, age = 25, spleen = c("removed", "present"))
  expect_equal(predict(fit, new), c(Inf, unname(predict(limit, new[2, ]))), tolerance = 1e-9)
  expect_identical(predict(fit, new, "response")[1], 1)
  design <- case_design(predictor_cases()$spleen_58_4)
  odds <- odds_ratios(fit)
  expect_identical(odds$conf_high[2], Inf)
  far <- oracle_limits(design$x, design$y, column = 3, start = 8, step = 1)  # from where the likelihood is flat
  expect_equal(log(odds$conf_low[2]), far[["low"]], tolerance = 1e-6) # the oracle starts at 8, not Inf
  expect_identical(as.character(odds$status), c("ok", "separated", "ok"))
  expect_match(as.character(odds$note[2]), "a limit is infinite", fixed = TRUE)
})

test_that("after complete separation what cannot be told is missing, not a number", {
  d <- data.frame(y = rep(0:1, each = 6), x = 1:12, noise = sin(1:12))
  expect_warning(fit <- fit_logistic(y ~ noise + x, d, method = "ml"), class = "respondr_warning_separated")
  expect_identical(coef(fit)[["x"]], Inf)
  expect_true(is.na(coef(fit)[["noise"]]))
  expect_equal(fitted(fit), as.numeric(d$y))
  expect_identical(as.numeric(logLik(fit)), 0)
  expect_identical(suppressMessages(fit_logistic(y ~ noise + x, d))$method, "firth")
})
