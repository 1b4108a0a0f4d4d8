# Evidence: published. Where each figure comes from stands in inst/validation/paired_rates/README.md.

test_that("Fagerland, Lydersen and Laake: McNemar's tests", {
  x <- compare_paired_rates(both = 59, lost = 16, gained = 6, neither = 80,
    method = c("mcnemar", "mcnemar_exact", "mcnemar_midp"))
  corrected <- compare_paired_rates(both = 59, lost = 16, gained = 6, neither = 80, method = "mcnemar", convention = "r")
  published_rates("mcnemar_fagerland_cavo", list(z = -sqrt(x$statistic[1]), p = x$p_value[1], p_exact = x$p_value[2],
    midp = x$p_value[3], z_cc = sqrt(corrected$statistic), p_cc = corrected$p_value))
})

test_that("Fagerland, Lydersen and Laake: intervals of one trial", {
  one <- function(...) compare_paired_rates(both = 59, lost = 16, gained = 6, neither = 80, method = "mcnemar", ...)
  tango <- one()
  newcombe <- one(conf_method = "newcombe")
  bonett <- one(conf_method = "bonett_price")
  ratio <- one(estimand = "ratio")
  hybrid <- one(estimand = "ratio", conf_method = "bonett_price")
  odds <- one(estimand = "odds_ratio")
  published_rates("ocbe_cavo", list(
    tango_low = tango$conf_low, tango_high = tango$conf_high, newcombe_low = newcombe$conf_low,
    newcombe_high = newcombe$conf_high, bonett_price_low = bonett$conf_low, bonett_price_high = bonett$conf_high,
    ratio = ratio$estimate, ratio_score_low = ratio$conf_low, ratio_score_high = ratio$conf_high,
    ratio_bonett_price_low = hybrid$conf_low, ratio_bonett_price_high = hybrid$conf_high, odds = odds$estimate,
    odds_wilson_low = odds$conf_low, odds_wilson_high = odds$conf_high
  ))
})

test_that("Fagerland, Lydersen and Laake: conditional odds ratios, and the unconditional test", {
  one <- function(...) compare_paired_rates(both = 7, lost = 2, gained = 25, neither = 68, ...)
  exact <- one()
  midp <- one(method = "mcnemar_midp")
  blaker <- one(two_sided = "blaker")
  published_rates("ocbe_ezra", list(odds = exact$estimate, exact_low = exact$conf_low, exact_high = exact$conf_high,
    midp_low = midp$conf_low, midp_high = midp$conf_high, blaker_low = blaker$conf_low, blaker_high = blaker$conf_high))
  u <- compare_paired_rates(both = 5, lost = 0, gained = 1, neither = 8, method = "mcnemar_unconditional")
  published_rates("ocbe_unconditional", list(p_berger_boos = u$p_value + 1e-4))
})

test_that("Exact: unconditional p and interval of the difference", {
  x <- compare_paired_rates(both = c(4, 7), lost = c(4, 1), gained = c(5, 9), neither = c(3, 2), method = "mcnemar_unconditional")
  published_rates("exact_package", list(p1 = x$p_value[1], low1 = x$conf_low[1], high1 = x$conf_high[1], p2 = x$p_value[2],
    low2 = x$conf_low[2], high2 = x$conf_high[2]))
})

test_that("SAS: chi-square and kappa of colds at 12 and 14, from rows", {
  d <- rate_rows(212, 144, 256, 707)
  x <- compare_paired_rates(response ~ visit | id, d, method = "mcnemar")
  k <- rate_agreement(response ~ visit | id, d)
  published_rates("mcnemar_sas_colds", list(chisq = x$statistic, kappa = k$estimate, kappa_se = k$std_error,
    kappa_low = k$conf_low, kappa_high = k$conf_high))
})

test_that("Vassar College and R: exact and corrected p of six tables, one batch", {
  b <- c(121, 70, 80, 30, 10, 10)
  c <- c(59, 59, 59, 60, 30, 10)
  exact <- compare_paired_rates(both = 1, gained = b, lost = c, neither = 1)
  plain <- compare_paired_rates(both = 1, gained = b, lost = c, neither = 1, method = "mcnemar")
  corrected <- compare_paired_rates(both = 1, gained = b, lost = c, neither = 1, method = "mcnemar", continuity = TRUE)
  ours <- c(
    stats::setNames(as.list(exact$p_value), paste0("p_exact", 1:6)),
    stats::setNames(as.list(corrected$statistic[1:3]), paste0("chisq_cc", 1:3)),
    list(p_cc1 = corrected$p_value[1], p_cc3 = corrected$p_value[3], chisq1 = plain$statistic[1],
      chisq3 = plain$statistic[3], p3 = plain$p_value[3])
  )
  published_rates("mcnemar_vassar_r", ours)
})

test_that("SAS %PAIRBINCI: Tango, Newcombe and Bonett-Price", {
  one <- function(...) compare_paired_rates(both = 20, lost = 6, gained = 15, neither = 5, method = "mcnemar", ...)
  x <- list(tango = one(), newcombe = one(conf_method = "newcombe"), bonett_price = one(conf_method = "bonett_price"))
  ours <- unlist(lapply(names(x), function(n) stats::setNames(list(x[[n]]$conf_low, x[[n]]$conf_high),
    paste0(n, c("_low", "_high")))), recursive = FALSE)
  published_rates("paired_prop_ci_sas_pairbinci", ours)
})

test_that("R and the textbook: Bowker, Stuart-Maxwell, Bhapkar, scores", {
  table_of <- function(v) matrix(v, sqrt(length(v)), byrow = TRUE)
  asymptotic <- function(t, ...) compare_paired_rates(t, distribution = "asymptotic", ...)
  t1 <- table_of(c(0, 3, 4, 4, 2, 4, 1, 2, 4, 3, 5, 3, 0, 0, 2, 2, 3, 0, 0, 1, 5, 5, 5, 5, 5))
  t2 <- table_of(c(2, 2, 3, 6, 2, 3, 4, 3, 6, 6, 6, 7, 1, 9, 6, 7, 1, 1, 9, 8, 0, 1, 8, 9, 4))
  x <- asymptotic(list(t1, t2, t1 + 1, t2 + 1), method = "bowker")
  published_rates("bowker_r_5x5", list(t1 = x$statistic[1], p1 = x$p_value[1], t2 = x$statistic[2], p2 = x$p_value[2],
    t1_plus1 = x$statistic[3], t2_plus1 = x$statistic[4]))
  y <- asymptotic(table_of(c(596, 18, 6, 5, 0, 2, 0, 0, 0, 0, 42, 0, 11, 0, 0, 0)),
    method = c("bowker", "stuart_maxwell", "bhapkar"))
  published_rates("bowker_stuart_fagerland_peterson", list(bowker = y$statistic[1], bowker_df = y$df[1],
    bowker_p = y$p_value[1], stuart = y$statistic[2], stuart_df = y$df[2], stuart_p = y$p_value[2],
    bhapkar = y$statistic[3], bhapkar_p = y$p_value[3]))
  z <- asymptotic(table_of(c(35, 5, 0, 15, 20, 5, 10, 5, 5)), method = "stuart_maxwell")
  published_rates("ocbe_fleiss", list(stuart = z$statistic, stuart_p = z$p_value))
  f <- asymptotic(t(table_of(c(1, 0, 1, 0, 0, 0, 2, 8, 4, 4, 1, 1, 31, 14, 11, 1, 0, 15, 9, 12, 0, 0, 2, 1, 3))),
    method = "marginal_homogeneity", scores = c(8, 3.5, 0, -3.5, -8))
  published_rates("ocbe_fischer", list(mean = f$estimate, score_low = f$conf_low, score_high = f$conf_high))
})

test_that("SAS and statsmodels: Cochran's Q from rows", {
  pattern <- rbind(c(1, 1, 1), c(1, 1, 0), c(1, 0, 1), c(1, 0, 0), c(0, 1, 1), c(0, 1, 0), c(0, 0, 1), c(0, 0, 0))
  long <- function(w) data.frame(id = rep(seq_len(nrow(w)), ncol(w)), visit = rep(seq_len(ncol(w)), each = nrow(w)),
    response = as.vector(w))
  q <- function(w) compare_paired_rates(response ~ visit | id, long(w), method = "cochran_q", distribution = "asymptotic")
  drugs <- q(pattern[rep(1:8, c(6, 16, 2, 4, 2, 4, 6, 6)), ])
  for (i in 1:2) {
    published_rates("cochranq_sas_drugs", list(Q = drugs$statistic[i], p = drugs$p_value[i], df = drugs$df[i]))
  }
  a <- matrix(c(1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 0), 9,
    byrow = TRUE)
  b <- matrix(c(0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0,
    1, 1, 0, 0, 0, 0, 0, 0), 9, byrow = TRUE)
  published_rates("cochranq_statsmodels", list(Qa = q(a)$statistic[1], dfa = q(a)$df[1], Qb = q(b)$statistic[1],
    dfb = q(b)$df[1]))
})

test_that("SAS and irr: kappa and weighted kappa", {
  t <- matrix(c(0, 4, 1, 0, 8, 0, 0, 1, 5), 3, byrow = TRUE)
  k <- rate_agreement(t, weights = c("none", "linear"))
  published_rates("statsmodels_kappa_sas", list(kappa = k$estimate[1], ase = k$std_error[1], low = k$conf_low[1],
    high = k$conf_high[1], z = k$statistic[1], p = k$p_value[1], linear = k$estimate[2], linear_ase = k$std_error[2],
    linear_low = k$conf_low[2], linear_high = k$conf_high[2], linear_z = k$statistic[2], linear_p = k$p_value[2]))
  r2 <- c(3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4)
  r3 <- c(2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2)
  k <- rate_agreement(factor(r2, c(1, 2, 3, 4, 6)), factor(r3, c(1, 2, 3, 4, 6)), weights = c("none", "linear", "quadratic"))
  published_rates("statsmodels_kappa_irr", list(kappa = k$estimate[1], z = k$statistic[1], linear = k$estimate[2],
    linear_z = k$statistic[2], quadratic = k$estimate[3], quadratic_z = k$statistic[3]))
})
