# Evidence: oracle. The core of rm_anova() against base R (aov, anova.mlm, mauchly.test, pf with ncp, lm on contrasts)
# and against the naive second program of helper-oracle-rm_anova.R.

long_of <- function(y, ...) {
  data.frame(y = as.vector(y), patient = factor(row(y)), visit = factor(col(y)), ...)
}

test_that("one factor within is aov() with patients as error strata", {
  y <- rm_mixed()$y
  fit <- summary(stats::aov(y ~ visit + Error(patient / visit), long_of(y)))[["Error: patient:visit"]][[1]]
  out <- matrix_tests(y)
  expect_equal(c(out$ss, out$ss_error), fit[, 2], tolerance = 1e-10)
  expect_equal(c(out$df, out$df_error), fit[, 1])
  expect_equal(out$f, fit[1, 4], tolerance = 1e-10)
  expect_equal(out$p, fit[1, 5], tolerance = 1e-10)
})

test_that("type 1 with a group is aov() in the order of the terms", {
  d <- rm_mixed()
  long <- long_of(d$y, group = d$group[row(d$y)])
  fit <- summary(stats::aov(y ~ group * visit + Error(patient / visit), long))
  between <- fit[["Error: patient"]][[1]]
  within <- fit[["Error: patient:visit"]][[1]]
  out <- matrix_tests(d$y, data.frame(group = d$group), type = 1L)
  expect_equal(out$f, c(between[1, 4], within[1:2, 4]), tolerance = 1e-10)
  expect_equal(out$p, c(between[1, 5], within[1:2, 5]), tolerance = 1e-10)
})

test_that("epsilons and corrected p are those of anova.mlm(), whose Huynh-Feldt is Lecoutre's", {
  d <- rm_mixed()
  fit <- stats::lm(d$y ~ d$group)
  ref <- stats::anova(fit, X = ~1, test = "Spherical")
  out <- matrix_tests(d$y, data.frame(group = d$group), type = 1L)
  last <- out[3, ]
  expect_equal(last$f, ref[2, "F"], tolerance = 1e-10)
  expect_equal(last$p_gg, ref[2, "G-G Pr"], tolerance = 1e-9)
  expect_equal(last$p_hf_lecoutre, ref[2, "H-F Pr"], tolerance = 1e-9)
  heading <- paste(attr(ref, "heading"), collapse = "\n")
  printed <- as.numeric(sub(".*Huynh-Feldt epsilon: *([0-9.]+).*", "\\1", heading))
  expect_lt(abs(last$epsilon_hf_lecoutre - printed), 5.1e-5)
})

test_that("Mauchly's W is that of mauchly.test(), and so is its p but for a slip of R in the second term", {
  d <- rm_mixed()
  for (fit in list(stats::lm(d$y ~ 1), stats::lm(d$y ~ d$group))) {
    ref <- stats::mauchly.test(fit, X = ~1)
    out <- if (length(fit$assign) == 1L) matrix_tests(d$y) else matrix_tests(d$y, data.frame(group = d$group))[2, ]
    expect_equal(out$mauchly_w, unname(ref$statistic), tolerance = 1e-10)
    # R writes 3 p, p the visits, where Anderson (2003, section 10.7.4) has 3 d, d the contrasts: some 1e-4 of p.
    expect_equal(out$mauchly_p, ref$p.value, tolerance = 1e-3)
    e <- crossprod(core_helmert(5), crossprod(stats::residuals(fit))) %*% core_helmert(5)
    naive <- oracle_mauchly(e, fit$df.residual)
    expect_equal(out$mauchly_p, naive[["p_second"]], tolerance = 1e-10)
    expect_equal(out$mauchly_p_first, naive[["p"]], tolerance = 1e-10)
  }
})

test_that("the four multivariate tests of an interaction with three groups are those of anova.mlm()", {
  y <- rm_mixed()$y
  group <- factor(rep(c("a", "b", "c"), c(5, 6, 5)))
  fit <- stats::lm(y ~ group)
  out <- matrix_tests(y, data.frame(group = group))[3, ]
  for (test in c("Pillai", "Wilks", "Hotelling-Lawley", "Roy")) {
    ref <- stats::anova(fit, X = ~1, test = test)[2, ]
    ours <- tolower(sub("-.*", "", test))
    expect_equal(out[[ours]], ref[[2]], tolerance = 1e-10)
    expect_equal(out[[paste0(ours, "_f")]], ref[["approx F"]], tolerance = 1e-10)
    expect_equal(out[[paste0(ours, "_df1")]], ref[["num Df"]], tolerance = 1e-10)
    expect_equal(out[[paste0(ours, "_df2")]], ref[["den Df"]], tolerance = 1e-10)
    expect_equal(out[[paste0(ours, "_p")]], ref[["Pr(>F)"]], tolerance = 1e-9)
  }
})

test_that("every column agrees with the naive program, for each type, two factors between and a covariate", {
  d <- rm_factorial()
  between <- cbind(data.frame(weight = (seq_len(nrow(d$y)) * 7) %% 11), d$between)
  within <- list(core_constant(ncol(d$y)), core_helmert(ncol(d$y)))
  for (type in 1:3) {
    ref <- oracle_rm_anova(d$y, d$between, type, covariates = between["weight"])
    out <- matrix_tests(d$y, between, type = type, within = within)
    key <- function(x) paste(x$within_is, x$term_is)
    out$within_is <- out$within > 1
    out$term_is <- ifelse(out$term == "", "(Intercept)", out$term)
    ref$within_is <- ref$within != "(Intercept)"
    ref$term_is <- ref$between
    out <- out[match(key(ref), key(out)), ]
    expect_false(anyNA(out$ss))
    for (column in c("ss", "ss_error", "df", "df_error", "f", "p", "eta2", "eta2_low", "eta2_high", "eta2_generalised",
      "omega2_generalised")) {
      # Limits: uniroot() in the naive program stops at about 1e-9.
      tolerance <- if (grepl("low|high", column)) 1e-6 else 1e-9
      expect_equal(out[[column]], ref[[column]], tolerance = tolerance, info = column)
    }
  }
})

test_that("two factors within are tested as by aov() with nested strata", {
  d <- rm_mixed()
  y <- cbind(d$y, d$y[, 5] + d$y[, 2] - d$y[, 1] + (seq_len(16) %% 4))
  long <- long_of(y)
  long$a <- factor(c(1, 1, 1, 2, 2, 2)[col(y)])
  long$b <- factor(c(1, 2, 3, 1, 2, 3)[col(y)])
  fit <- summary(stats::aov(y ~ a * b + Error(patient / (a * b)), long))
  within <- list(core_constant(6), core_helmert(2) %x% core_constant(3), core_constant(2) %x% core_helmert(3),
    core_helmert(2) %x% core_helmert(3))
  out <- matrix_tests(y, within = within)
  ref <- vapply(fit[c("Error: patient:a", "Error: patient:b", "Error: patient:a:b")], function(s) s[[1]][1, 4], 0)
  expect_equal(out$f, unname(ref), tolerance = 1e-10)
})

test_that("limits of the noncentrality put F at the two tails of R's noncentral F", {
  out <- matrix_tests(rm_mixed()$y)
  ncp <- function(share) share * (out$df + out$df_error + 1) / (1 - share)
  tail <- stats::pf(out$f, out$df, out$df_error, ncp = ncp(c(out$eta2_low, out$eta2_high)))
  expect_equal(tail, c(0.975, 0.025), tolerance = 1e-6) # R's pf sums a series to 1e-12, less far out
  error <- matrix_tests(rm_mixed()$y, options = matrix_options(effect_limits = 2L))
  share <- function(x, rest) x / (x + rest)
  expect_equal(error$eta2_high, share(ncp(out$eta2_high), out$df_error), tolerance = 1e-9)
})

test_that("compound symmetry and Box's M agree with numerically maximised likelihoods", {
  d <- rm_mixed()
  out <- attr(matrix_tests(d$y[, 1:3], data.frame(group = d$group)), "problem")
  residuals <- stats::residuals(stats::lm(d$y[, 1:3] ~ d$group))
  ref <- oracle_compound_symmetry(crossprod(residuals), 14)
  expect_equal(out$symmetry_chisq, ref[["chisq"]], tolerance = 1e-8) # nlminb() stops there
  expect_equal(out$symmetry_df, 4)
  box <- oracle_box_m(d$y[, 1:3], d$group)
  expect_equal(out$box_m, box[["m"]], tolerance = 1e-9)
  expect_equal(out$box_p_chisq, box[["p"]], tolerance = 1e-9)
  expect_equal(out$box_p, box[["p_f"]], tolerance = 1e-9)
})

test_that("contrasts with their own error are lm() on the patients' scores", {
  d <- rm_mixed()
  between <- data.frame(age = d$age, group = d$group)
  design <- matrix_design(5, between)
  l <- rbind(c(1, 0, 0), c(0, 0, 2), c(1, 0, 1))
  c <- cbind(c(-1, 0, 0, 0, 1), c(-2, -1, 0, 1, 2), rep(0.2, 5))
  options <- list(pooled = FALSE, correlation = TRUE, conf_level = 0.9)
  out <- rm_anova_contrasts(matrix_input(d$y), design, l, c, options, 1L)
  x <- design$x
  for (j in 1:3) {
    fit <- stats::lm(d$y %*% c[, j] ~ 0 + x)
    se <- sqrt(drop(l[j, ] %*% stats::vcov(fit) %*% l[j, ]))
    estimate <- sum(l[j, ] * stats::coef(fit))
    row <- lapply(out$contrasts, `[`, j)
    expect_equal(row$estimate, estimate, tolerance = 1e-10)
    expect_equal(row$std_error, se, tolerance = 1e-10)
    expect_identical(row$df, 13)
    expect_equal(row$conf_low, estimate - stats::qt(0.95, 13) * se, tolerance = 1e-10)
    expect_equal(row$p, 2 * stats::pt(-abs(estimate / se), 13), tolerance = 1e-9)
  }
  multi <- stats::lm(d$y ~ 0 + x)
  full <- stats::vcov(multi) # patients' columns within visits
  weight <- vapply(1:3, function(j) as.vector(outer(l[j, ], c[, j])), numeric(15))
  expect_equal(out$correlation[, , 1], stats::cov2cor(t(weight) %*% full %*% weight), tolerance = 1e-9)
})

test_that("means, SDs and correlations give the tests that the patients give", {
  d <- rm_mixed()
  part <- split(seq_len(16), d$group)
  figures <- list(n = as.double(lengths(part)),
    mean = unname(t(vapply(part, function(i) colMeans(d$y[i, ]), numeric(5)))),
    covariance = lapply(unname(part), function(i) unname(stats::cov(d$y[i, ]))))
  ours <- rm_anova_figures(figures, matrix_design(5, data.frame(group = factor(c("a", "b")))), matrix_options())
  rows <- rm_anova_solve(matrix_input(d$y), matrix_design(5, data.frame(group = d$group)), matrix_options(), 1L)
  expect_equal(ours, rows, tolerance = 1e-10)
})

test_that("each pattern of missing visits has its own patients, and the order of outcomes is kept", {
  d <- rm_mixed()
  holes <- d$y
  holes[3, 2] <- NA
  holes[11, 5] <- NA
  design <- matrix_design(5, data.frame(group = d$group))
  out <- rm_anova_solve(matrix_input(d$y, holes, d$y * 2), design, matrix_options(), 2L)
  alone <- matrix_tests(holes[-c(3, 11), ], data.frame(group = d$group[-c(3, 11)]))
  expect_identical(out$problems$n, c(16L, 14L, 16L))
  expect_equal(out$tests$f[4:6], alone$f, tolerance = 1e-12)
  expect_equal(out$tests$f[1:3], out$tests$f[7:9], tolerance = 1e-12)
  expect_identical(out, rm_anova_solve(matrix_input(d$y, holes, d$y * 2), design, matrix_options(), 1L))
})

test_that("an infinite measurement is reported with the number of its outcome", {
  y <- rm_mixed()$y
  bad <- y
  bad[2, 2] <- Inf
  out <- rm_anova_solve(matrix_input(y, bad), matrix_design(5, patients = 16), matrix_options(), 1L)
  expect_s3_class(out, "respondr_core_error")
  expect_identical(out$kind, "infinite")
  expect_identical(out$message, "2")
})
