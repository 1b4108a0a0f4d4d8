# Evidence: oracles of rm_anova() and what is made of it, by projections of the long model (helper-oracle-rm_anova.R).

oracle_columns <- c("ss", "ss_error", "df", "df_error", "f", "p", "eta2_generalised", "omega2_generalised")

expect_anova <- function(x, oracle) {
  rows <- rm_rows(x, "anova")
  label <- ifelse(oracle$between == "(Intercept)", oracle$within,
    ifelse(oracle$within == "(Intercept)", oracle$between, NA))
  at <- match(as.character(rows$term), label)
  both <- which(is.na(at))
  key <- function(t) vapply(strsplit(t, ":", fixed = TRUE), function(v) paste(sort(v), collapse = ":"), "")
  at[both] <- match(key(as.character(rows$term[both])), key(paste(oracle$between, oracle$within, sep = ":")))
  o <- oracle[at, ]
  expect_equal(rows$sum_sq, o$ss, tolerance = 1e-10)
  expect_equal(rows$sum_sq_error, o$ss_error, tolerance = 1e-10)
  expect_equal(rows$statistic, o$f, tolerance = 1e-10)
  expect_equal(rows$p_value, o$p, tolerance = 1e-10)
  o
}

test_that("types 1, 2 and 3 agree with the oracle on unbalanced groups and two within factors", {
  d <- rm_factorial()
  long <- data.frame(id = as.vector(row(d$y)), dose = d$within$dose[as.vector(col(d$y))],
    time = d$within$time[as.vector(col(d$y))], y = as.vector(d$y))
  long$arm <- d$between$arm[long$id]
  long$sex <- d$between$sex[long$id]
  for (type in 1:3) {
    x <- rm_anova(y ~ arm * sex * dose * time | id, long, within = c("dose", "time"), type = type, method = "anova")
    o <- expect_anova(x, oracle_rm_anova(d$y, d$between, type, within = d$within))
    expect_equal(nrow(o), 15L)
  }
})

test_that("corrections and multivariate tests agree with the oracle", {
  d <- rm_mixed()
  x <- rm_anova(y ~ group * visit | id, rm_long(d$y, list(group = d$group)), method = "all")
  o <- oracle_rm_anova(d$y, data.frame(group = d$group))
  o <- o[o$within == "visit", ]
  at <- match(as.character(rm_rows(x, "pillai")$term), c("visit", "group:visit"))
  o <- o[match(c("(Intercept)", "group"), o$between)[at], ]
  core <- c(greenhouse_geisser = "gg", huynh_feldt = "hf", huynh_feldt_lecoutre = "hf_lecoutre", lower_bound = "lower")
  for (method in names(core)) {
    rows <- rm_rows(x, method)
    expect_equal(rows$epsilon, pmin(1, o[[core[[method]]]]), tolerance = 1e-10, info = method)
    expect_equal(rows$p_value, o[[paste0("p_", core[[method]])]], tolerance = 1e-10, info = method)
  }
  for (method in c("pillai", "wilks", "hotelling", "roy")) {
    rows <- rm_rows(x, if (method == "hotelling") "hotelling_lawley" else method)
    expect_equal(rows$statistic, o[[paste0(method, "_f")]], tolerance = 1e-9, info = method)
    expect_equal(rows$p_value, o[[paste0(method, "_p")]], tolerance = 1e-9, info = method)
  }
})

test_that("a covariate is centred and enters the between model", {
  d <- rm_mixed()
  long <- rm_long(d$y, list(group = d$group, age = d$age))
  x <- rm_anova(y ~ (age + group) * visit | id, long, method = "anova")
  expect_anova(x, oracle_rm_anova(d$y, data.frame(group = d$group), covariates = data.frame(age = d$age)))
})

test_that("effect sizes and their limits agree with the oracle", {
  d <- rm_mixed()
  long <- rm_long(d$y, list(group = d$group))
  o <- oracle_rm_anova(d$y, data.frame(group = d$group))
  at <- match(c("(Intercept) group", "visit (Intercept)", "visit group"), paste(o$within, o$between))
  for (effect in c("generalised_eta2", "generalised_omega2")) {
    x <- rm_anova(y ~ group * visit | id, long, effect = effect, method = "anova")
    name <- sub("generalised_(.*)", "\\1_generalised", effect)
    expect_equal(x$effect, o[[name]][at], tolerance = 1e-10, info = effect)
  }
  x <- rm_anova(y ~ group * visit | id, long, method = "anova")
  expect_equal(x$effect, x$sum_sq / (x$sum_sq + x$sum_sq_error), tolerance = 1e-12)
  limits <- t(vapply(at, function(i) oracle_eta2_limits(o$f[i], o$df[i], o$df_error[i]), numeric(2)))
  expect_equal(cbind(x$effect_low, x$effect_high), limits, tolerance = 1e-6, ignore_attr = TRUE) # R's pf(ncp=) is that good
})

test_that("Mauchly, compound symmetry and Box's M agree with the oracle", {
  d <- rm_mixed()
  s <- rm_sphericity(rm_anova(y ~ group * visit | id, rm_long(d$y[, 1:4], list(group = d$group))))
  residual <- stats::residuals(stats::lm(d$y[, 1:4] ~ d$group))
  u <- qr.Q(qr(stats::contr.helmert(4)))
  m <- oracle_mauchly(crossprod(residual %*% u), 14)
  expect_equal(s$statistic[s$method == "mauchly"], m[["w"]], tolerance = 1e-10)
  expect_equal(s$p_value[s$method == "mauchly"], m[["p_second"]], tolerance = 1e-10)
  symmetry <- oracle_compound_symmetry(crossprod(residual), 14)
  expect_equal(s$p_value[s$method == "compound_symmetry"], symmetry[["p"]], tolerance = 1e-6) # a numerical maximum
  box <- oracle_box_m(d$y[, 1:4], d$group)
  expect_equal(s$statistic[s$method == "box_m"], box[["m"]], tolerance = 1e-10)
})

test_that("each contrast has its own error: within one group it is the paired t-test", {
  y <- rm_mixed()$y
  x <- rm_contrasts(rm_anova(y ~ visit | id, rm_long(y)))
  for (v in 2:5) {
    t <- stats::t.test(y[, v], y[, 1], paired = TRUE)
    row <- x[x$level == v, ]
    expect_equal(c(row$estimate, row$std_error, row$df, row$p_value, row$conf_low, row$conf_high),
      c(t$estimate, t$stderr, t$parameter, t$p.value, t$conf.int), tolerance = 1e-12, ignore_attr = TRUE)
  }
})

test_that("contrasts of groups are those of lm() on the contrast of the cells", {
  d <- rm_mixed()
  fit <- rm_anova(y ~ group * visit | id, rm_long(d$y, list(group = d$group)))
  change <- stats::lm(d$y[, 3] - d$y[, 1] ~ d$group)
  interaction <- rm_contrasts(fit, of = c("visit", "group"))
  expect_equal(interaction$estimate[2], stats::coef(change)[[2]], tolerance = 1e-12)
  expect_equal(interaction$p_value[2], summary(change)$coefficients[2, 4], tolerance = 1e-12)
  mean <- stats::lm(rowMeans(d$y) ~ d$group)
  groups <- rm_contrasts(fit, of = "group")
  expect_equal(c(groups$estimate, groups$std_error), summary(mean)$coefficients[2, 1:2], tolerance = 1e-12,
    ignore_attr = TRUE)
})

test_that("the multivariate t adjusts a single contrast not at all and several by less than Bonferroni", {
  skip_if_not_installed("mvtnorm")
  fit <- rm_anova(y ~ visit | id, rm_long(rm_mixed()$y))
  seed <- get0(".Random.seed", globalenv())
  x <- rm_contrasts(fit, p_adjust = "mvt")
  b <- rm_contrasts(fit, p_adjust = "bonferroni")
  expect_true(all(x$p_adjusted <= b$p_adjusted + 1e-4 & x$p_adjusted >= x$p_value - 1e-4))
  expect_true(all(x$conf_high_adjusted - x$conf_low_adjusted < b$conf_high_adjusted - b$conf_low_adjusted))
  expect_identical(get0(".Random.seed", globalenv()), seed)
})

test_that("emmeans gives the same means and contrasts", {
  skip_if_not_installed("emmeans")
  d <- rm_mixed()
  fit <- rm_anova(y ~ group * visit | id, rm_long(d$y, list(group = d$group)))
  ours <- rm_means(fit, of = c("group", "visit"))
  theirs <- as.data.frame(emmeans::emmeans(fit, ~ visit | group))
  expect_equal(ours$estimate, theirs$emmean, tolerance = 1e-10)
  expect_equal(ours$std_error, theirs$SE, tolerance = 1e-10)
  expect_equal(ours$df, theirs$df)
})
