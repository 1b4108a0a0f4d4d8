# Evidence: published (SAS, SPSS, Stata, JASP, Minitab, UniStat, NIST; inst/validation/<source>/README.md), oracle (base R),
# edge.

test_that("one-way ANOVA and Kruskal-Wallis are those of JASP", {
  a <- k_data("jasp", "oneway_kw_jasp_a")
  k <- k_data("jasp", "oneway_kw_jasp_k")
  first <- k_core("groups_k", k_input(a$score, a$group), list(method = "anova"))
  second <- k_core("groups_k", k_input(k$score, k$group),
    list(method = c("anova", "kruskal_wallis"), distribution = "asymptotic", effect_conf = "none"))
  expect_k(k_published("jasp", "oneway_kw_jasp"), list(
    a_F = first$statistic, a_p = first$p_value, a_ss = first$sum_sq, a_ms_error = first$sum_sq_error / first$df_denominator,
    k_F = second$statistic[1], k_H = second$statistic[2], k_p = second$p_value[2]
  ))
})

test_that("one-way ANOVA holds the certified figures of NIST, with an offset of 1e6 as well", {
  for (case in c("nist_anova_sirstv", "nist_anova_smls01", "nist_anova_smls04", "nist_anova_smls07")) {
    d <- k_data("nist", case)
    row <- k_core("groups_k", k_input(d$y, d$group))
    expect_k(k_published("nist", case), list(
      F = row$statistic, ss_between = row$sum_sq, ss_within = row$sum_sq_error, r2 = row$effect,
      resid_sd = sqrt(row$sum_sq_error / row$df_denominator)
    ))
  }
})

test_that("Welch's test is that of Jan and Shieh", {
  d <- k_data("jan_shieh", "oneway_welch_jan_shieh")
  rows <- k_core("groups_k", k_input(d$y, d$arm), list(method = c("anova", "welch_anova")))
  expect_k(k_published("jan_shieh", "oneway_welch_jan_shieh"), list(
    F = rows$statistic[1], df2 = rows$df_denominator[1], welch_F = rows$statistic[2], welch_df2 = rows$df_denominator[2]
  ))
})

test_that("limits of eta2 and epsilon2 are those of Stata, and of the noncentrality those of Steiger", {
  # Arms of equal n with the F wanted: 43 = 3 arms cannot be equal, so figures with the F of any sizes do.
  with_f <- function(f, n, level, effect) {
    k <- length(n)
    between <- (seq_along(n) - sum(n * seq_along(n)) / sum(n))
    scale <- sqrt(f * (k - 1) / sum(n * between^2))
    k_core("groups_k", k_figures(n, between * scale, rep(1, k)),
      list(conf_level = level, effect = effect, effect_limits = "stata"))
  }
  eta <- with_f(7.47403193349075, c(14, 14, 15), 0.9, "eta2")
  epsilon <- with_f(7.47403193349075, c(14, 14, 15), 0.9, "epsilon2")
  steiger <- with_f(5, c(20, 20, 20, 20), 0.95, "eta2")
  ncp <- function(x) 80 * x / (1 - x)
  expect_k(k_published("stata", "eta2_ci_stata"), list(
    eta2 = eta$effect, eta2_low = eta$effect_low, eta2_high = eta$effect_high, omega2_stata = epsilon$effect,
    omega2_low_stata = epsilon$effect_low, omega2_high_stata = epsilon$effect_high, nc_low = ncp(steiger$effect_low),
    nc_high = ncp(steiger$effect_high)
  ))
})

test_that("Tukey-Kramer, Games-Howell, Dunnett and Dunn are those of SAS, SPSS, Minitab and UniStat", {
  d <- k_data("sas_glm", "tukey_sas_unequal")
  t <- k_core("groups_k_pairs", k_input(d$y, d$arm), list(contrast = "pairwise"))
  expect_k(k_published("sas_glm", "tukey_sas_unequal"), list(
    "d2-1_diff" = t$estimate[1], "d2-1_low" = t$conf_low_adjusted[1], "d2-1_high" = t$conf_high_adjusted[1],
    "d3-1_diff" = t$estimate[2], "d3-1_low" = t$conf_low_adjusted[2], "d3-1_high" = t$conf_high_adjusted[2],
    "d3-2_diff" = t$estimate[3], "d3-2_low" = t$conf_low_adjusted[3], "d3-2_high" = t$conf_high_adjusted[3]
  ))
  expect_equal(as.character(t$contrast), c("2 - 1", "3 - 1", "3 - 2"))
  d <- stats::setNames(k_data("spss", "games_howell_spss_equal"), c("arm", "y"))
  g <- k_core("groups_k_pairs", k_input(d$y, d$arm), list(method = "games_howell", contrast = "pairwise"))
  expect_k(k_published("spss", "games_howell_spss_equal"), list(
    g1_g2_diff = -g$estimate[1], g1_g2_low = -g$conf_high_adjusted[1], g1_g2_high = -g$conf_low_adjusted[1],
    g1_g2_p = g$p_adjusted[1], g1_g3_diff = -g$estimate[2], g1_g3_low = -g$conf_high_adjusted[2],
    g1_g3_high = -g$conf_low_adjusted[2], g1_g3_p = g$p_adjusted[2], g2_g3_diff = -g$estimate[3],
    g2_g3_low = -g$conf_high_adjusted[3], g2_g3_high = -g$conf_low_adjusted[3], g2_g3_p = g$p_adjusted[3]
  ))
  d <- k_data("minitab", "dunnett_mice")
  u <- k_core("groups_k_pairs", k_input(d$y, d$arm), list(method = "dunnett"))
  f <- k_core("groups_k", k_input(d$y, d$arm))
  expect_k(k_published("minitab", "dunnett_mice"), list(
    F = f$statistic, p = f$p_value, se = u$std_error[1], t_1 = u$statistic[1], t_2 = u$statistic[2],
    low_1 = u$conf_low_adjusted[1], high_1 = u$conf_high_adjusted[1], low_2 = u$conf_low_adjusted[2],
    high_2 = u$conf_high_adjusted[2]
  ))
  d <- k_data("unistat", "dunn_unistat_ponds")
  n <- k_core("groups_k_pairs", k_input(d$pH, d$pond), list(method = "dunn", contrast = "pairwise", p_adjust = "bonferroni"))
  expect_k(k_published("unistat", "dunn_unistat_ponds"), list(
    p_1_2 = n$p_adjusted[1], p_1_3 = n$p_adjusted[2], p_1_4 = n$p_adjusted[3], p_2_3 = n$p_adjusted[4],
    p_2_4 = n$p_adjusted[5], p_3_4 = n$p_adjusted[6]
  ))
  expect_true(all(is.na(n$conf_low_adjusted)))
})

test_that("ANCOVA is that of SAS", {
  d <- k_data("sas_glm", "ancova_sas_drugtest")
  rows <- k_core("groups_change", k_input(d$post, factor(d$drug, c("F", "A", "D")), baselines = list(d$pre)),
    list(contrast = "pairwise"))
  a <- rows[rows$method == "ancova", ]
  pair <- a[!is.na(a$reference), ]
  mean <- a[which(a$estimand == "mean at the mean baseline"), ]
  term <- a[a$contrast %in% c("all arms", "slope on baseline", "arm x baseline"), ]
  expect_k(k_published("sas_glm", "ancova_sas_drugtest"), list(
    ss_error = term$sum_sq_error[1], ss3_drug = term$sum_sq[1], F3_drug = term$statistic[1], p3_drug = term$p_value[1],
    b_A = pair$estimate[1], b_D = pair$estimate[2], se_A = pair$std_error[1], se_D = pair$std_error[2],
    p_A = pair$p_value[1], p_D = pair$p_value[2], p_A_D = pair$p_value[3], b_pre = term$estimate[2],
    se_pre = term$std_error[2],
    F3_pre = term$statistic[2]^2, lsm_F = mean$estimate[1], lsm_A = mean$estimate[2], lsm_D = mean$estimate[3],
    se_lsm_F = mean$std_error[1], se_lsm_A = mean$std_error[2], se_lsm_D = mean$std_error[3]
  ))
})

test_that("tests of all arms are those of base R, by group and with missing values", {
  set.seed(4)
  d <- data.frame(y = round(rnorm(60, 10, 3), 1), z = rexp(60), arm = factor(rep(letters[1:4], 15)),
    by = rep(1:2, each = 30))
  d$y[c(3, 44)] <- NA
  rows <- k_core("groups_k", k_input(list(y = d$y, z = d$z), d$arm, d$by), list(
    method = c("anova", "welch_anova", "kruskal_wallis"), distribution = "asymptotic", effect_conf = "none"
  ))
  for (outcome in c("y", "z")) {
    for (g in 1:2) {
      part <- d[d$by == g, ]
      part$v <- part[[outcome]]
      ours <- rows[rows$outcome == outcome & rows$by == g, ]
      classic <- stats::oneway.test(v ~ arm, part, var.equal = TRUE)
      welch <- stats::oneway.test(v ~ arm, part)
      ranks <- stats::kruskal.test(v ~ arm, part)
      expect_equal(ours$p_value, c(classic$p.value, welch$p.value, ranks$p.value), tolerance = 1e-10)
      expect_equal(ours$statistic, unname(c(classic$statistic, welch$statistic, ranks$statistic)), tolerance = 1e-10)
      expect_equal(ours$n_dropped, rep(sum(is.na(part$v)), 3))
      expect_equal(ours$n, rep(sum(!is.na(part$v)), 3))
    }
  }
  expect_identical(levels(rows$effect_name), c("eta2", "rank_epsilon2"))
})

test_that("figures of the arms give what the rows give", {
  d <- datasets::PlantGrowth
  methods <- list(method = c("anova", "welch_anova", "f_star"), effect = "omega2")
  rows <- k_core("groups_k", k_input(d$weight, d$group), methods)
  by <- function(f) as.vector(tapply(d$weight, d$group, f))
  figures <- k_core("groups_k", k_figures(by(length), by(mean), by(stats::sd)), methods)
  same <- c("n", "statistic", "df", "df_denominator", "p_value", "effect", "effect_low", "effect_high")
  expect_equal(figures[same], rows[same], tolerance = 1e-12)
  pairs <- list(method = c("tukey", "games_howell", "dunnett"))
  same <- c("n", "n_reference", "estimate", "std_error", "p_adjusted", "conf_low_adjusted", "conf_high_adjusted")
  expect_equal(k_core("groups_k_pairs", k_figures(by(length), by(mean), by(stats::sd)), pairs)[same],
    k_core("groups_k_pairs", k_input(d$weight, d$group), pairs)[same], tolerance = 1e-10)
  expect_error(k_core("groups_k", k_figures(c(3, 3), c(1, 2), c(1, 1)), list(method = "kruskal_wallis")),
    "Ranks need patients", class = "respondr_error")
})

test_that("Tukey's limits are those of TukeyHSD and the pooled t that of pairwise.t.test", {
  d <- datasets::InsectSprays
  ours <- k_core("groups_k_pairs", k_input(d$count, d$spray), list(contrast = "pairwise"))
  fit <- stats::aov(count ~ spray, d)
  hsd <- stats::TukeyHSD(fit)$spray
  # ptukey of R errs by 1e-6 where df is small, by less at 66; qtukey by 1e-4 of its own.
  expect_equal(ours$p_adjusted, unname(hsd[, "p adj"]), tolerance = 1e-6)
  expect_equal(ours$conf_low_adjusted, unname(hsd[, "lwr"]), tolerance = 1e-4)
  single <- stats::pairwise.t.test(d$count, d$spray, p.adjust.method = "none")$p.value
  expect_equal(ours$p_value, single[lower.tri(single, diag = TRUE)], tolerance = 1e-10)
})

test_that("Dunnett's p and limit are those of the multivariate t", {
  skip_if_not_installed("mvtnorm")
  d <- datasets::chickwts
  d <- d[-(1:4), ]
  for (alternative in c("two.sided", "greater")) {
    ours <- k_core("groups_k_pairs", k_input(d$weight, d$feed), list(method = "dunnett", alternative = alternative))
    n <- tabulate(d$feed)
    load <- sqrt(n[-1] / (n[-1] + n[1]))
    corr <- outer(load, load)
    diag(corr) <- 1
    p <- vapply(ours$statistic, function(t) {
      set.seed(1)
      low <- if (alternative == "two.sided") -abs(t) else -Inf
      t <- if (alternative == "two.sided") abs(t) else t
      1 - mvtnorm::pmvt(rep(low, 5), rep(t, 5), df = 61L, corr = corr, algorithm = mvtnorm::GenzBretz(abseps = 1e-5))[1]
    }, 0)
    expect_equal(unique(ours$df), 61)
    expect_equal(ours$p_adjusted, p, tolerance = 5e-4)  # the randomised rule of mvtnorm
  }
  expect_error(k_core("groups_k_pairs", k_input(d$weight, d$feed), list(method = "dunnett", contrast = "pairwise")),
    "one reference", class = "respondr_error")
})

test_that("Steel's adjusted p is that of the multivariate normal, and its single p that of wilcox.test", {
  skip_if_not_installed("mvtnorm")
  d <- datasets::PlantGrowth
  ours <- k_core("groups_k_pairs", k_input(d$weight, d$group), list(method = c("steel", "dscf")))
  steel <- ours[ours$method == "steel", ]
  x <- split(d$weight, d$group)
  for (i in 1:2) {
    base <- suppressWarnings(stats::wilcox.test(x[[i + 1]], x[[1]], exact = FALSE, correct = FALSE, conf.int = TRUE))
    expect_equal(steel$p_value[i], base$p.value, tolerance = 1e-10)
    expect_equal(steel$estimate[i], stats::median(outer(x[[i + 1]], x[[1]], "-")), tolerance = 1e-12)
  }
  corr <- matrix(c(1, 10 / 21, 10 / 21, 1), 2)
  p <- vapply(abs(steel$statistic), function(z) {
    1 - mvtnorm::pmvnorm(rep(-z, 2), rep(z, 2), corr = corr, algorithm = mvtnorm::Miwa(steps = 512))[1]
  }, 0)
  expect_equal(steel$p_adjusted, p, tolerance = 1e-6)
  expect_equal(ours$p_adjusted[ours$method == "dscf"],
    stats::ptukey(sqrt(2) * abs(steel$statistic), 3, Inf, lower.tail = FALSE), tolerance = 1e-6)
})

test_that("ANCOVA and change scores are those of lm, with HC3 as sandwich computes it", {
  d <- if (requireNamespace("MASS", quietly = TRUE)) MASS::anorexia else skip("MASS is not installed")
  d$Treat <- stats::relevel(d$Treat, "Cont")
  d$Prewt[5] <- NA
  d$Postwt[40:41] <- NA
  input <- k_input(d$Postwt, d$Treat, baselines = list(d$Prewt))
  fit <- stats::lm(Postwt ~ Treat + Prewt, d)
  rows <- k_core("groups_change", input)
  ancova <- rows[rows$method == "ancova" & !is.na(rows$reference), ]
  expect_equal(ancova$estimate, unname(stats::coef(fit)[2:3]), tolerance = 1e-10)
  expect_equal(ancova$conf_low, unname(stats::confint(fit)[2:3, 1]), tolerance = 1e-10)
  x <- stats::model.matrix(fit)
  bread <- solve(crossprod(x))
  hc3 <- bread %*% crossprod(x * stats::residuals(fit) / (1 - stats::hatvalues(fit))) %*% bread
  robust <- k_core("groups_change", input, list(covariance = "hc3"))
  robust <- robust[robust$method == "ancova" & !is.na(robust$reference), ]
  expect_equal(robust$std_error, unname(sqrt(diag(hc3)[2:3])), tolerance = 1e-9)
  slopes <- stats::anova(fit, stats::lm(Postwt ~ Treat * Prewt, d))
  expect_equal(rows$p_value[which(rows$contrast == "arm x baseline")], slopes[["Pr(>F)"]][2], tolerance = 1e-9)
  change <- d$Postwt - d$Prewt
  score <- rows[rows$method == "change_score", ]
  expect_equal(score$p_value[1:2], unname(summary(stats::lm(change ~ Treat, d))$coefficients[2:3, 4]), tolerance = 1e-9)
  within <- rows[rows$method == "t", ]
  expect_equal(within$p_value[2], stats::t.test(change[d$Treat == "CBT"])$p.value, tolerance = 1e-10)
  expect_equal(within$n_dropped, as.vector(tapply(is.na(change), d$Treat, sum)))
  lost <- attr(rows, "lost")
  expect_equal(c(sum(lost$no_baseline), sum(lost$no_outcome)), c(1L, 2L))
})

test_that("a batch gives the same bits for any number of threads, and infinite values name their outcome", {
  set.seed(9)
  outcomes <- lapply(1:6, function(i) round(rnorm(45), 1))
  names(outcomes) <- paste0("o", 1:6)
  arm <- factor(rep(1:3, 15))
  run <- function(threads) {
    k_core("groups_k", k_input(outcomes, arm), list(method = c("anova", "kruskal_wallis", "jonckheere"),
      replicates = 200L, seed = c(3L, 5L), threads = threads))
  }
  expect_identical(run(1L), run(2L))
  one <- k_core("groups_k", k_input(outcomes["o4"], arm), list(method = "kruskal_wallis", replicates = 200L,
    seed = c(3L, 5L)))
  all <- run(1L)
  expect_identical(one$p_value, all$p_value[all$outcome == "o4" & all$method == "kruskal_wallis"])
  outcomes$o3[7] <- Inf
  expect_error(k_core("groups_k", k_input(outcomes, arm)), "o3", class = "respondr_error")
  expect_error(k_core("groups_k", k_input(outcomes, arm), list(method = "anova", alternative = "less")), "direction",
    class = "respondr_error")
})

test_that("the columns make a result, and empty or single arms have a status", {
  d <- data.frame(y = c(1, 2, 3, 4, 5, NA), arm = factor(c("a", "a", "b", "b", "c", "d")))
  rows <- k_core("groups_k", k_input(d$y, d$arm), list(method = c("anova", "welch_anova", "kruskal_wallis", "jonckheere"),
    replicates = 200L))
  expect_s3_class(k_core("build_result", rows, "respondr_groups", list(family = "groups", by = NULL, conf_level = 0.95)),
    "respondr_result")
  expect_equal(as.character(rows$status), c("ok", "too_few", "ok", "ok"))
  expect_match(as.character(rows$note), "an arm without values is left out")
  every <- getFromNamespace("groups_k_pair_methods", "respondr")
  pairs <- k_core("groups_k_pairs", k_input(d$y, d$arm), list(method = every))
  expect_equal(as.character(unique(pairs$status[pairs$level == "d"])), "one_group_empty")
  expect_s3_class(k_core("build_result", pairs, "respondr_groups", list(family = "groups", by = NULL, conf_level = 0.95)),
    "respondr_result")
  change <- k_core("groups_change", k_input(d$y, d$arm, baselines = list(c(1, 1, 2, 3, 2, 1))))
  expect_s3_class(k_core("build_result", change, "respondr_groups", list(family = "groups", by = NULL, conf_level = 0.95)),
    "respondr_result")
})

test_that("contrasts of change are adjusted over their family, with simultaneous limits for bonferroni alone", {
  d <- k_data("sas_glm", "ancova_sas_drugtest")
  input <- k_input(d$post, d$drug, baselines = list(d$pre))
  plain <- k_core("groups_change", input)
  expect_null(plain$p_adjusted)
  holm <- k_core("groups_change", input, list(p_adjust = "holm"))
  bonferroni <- k_core("groups_change", input, list(p_adjust = "bonferroni"))
  pair <- which(bonferroni$method == "ancova" & !is.na(bonferroni$reference))
  expect_equal(bonferroni$p_adjusted[pair], pmin(1, 2 * plain$p_value[pair]))
  expect_equal(holm$p_adjusted[pair], stats::p.adjust(plain$p_value[pair], "holm"))
  expect_true(all(is.na(holm$conf_low_adjusted)))
  wide <- k_core("groups_change", input, list(conf_level = 0.975))
  expect_equal(bonferroni$conf_low_adjusted[pair], wide$conf_low[pair])
  expect_true(all(is.na(bonferroni$conf_low_adjusted[-which(!is.na(bonferroni$reference))])))
})

test_that("figures without a standard deviation stop the call, an arm without an entry is left out", {
  expect_error(k_core("groups_k", k_figures(c(3, 4), c(1, 2), c(1, NA))), "standard deviation", class = "respondr_error")
  expect_error(k_core("groups_k", k_figures(c(3, 4), c(NA, 2), c(1, 1))), "mean", class = "respondr_error")
  left <- k_core("groups_k", k_figures(c(3, NA, 4, 1), c(1, NA, 2, 5), c(1, NA, 2, NA)))
  expect_equal(as.character(left$status), "ok")
  expect_equal(left$n, 8L)
  expect_match(as.character(left$note), "left out")
})
