# Evidence for the naive second programs of the paired_rates family themselves: base R where it does the same thing,
# figures printed by SAS, R packages and in papers, and small cases done by hand. What the package computes is compared
# with them elsewhere.

# ---- McNemar --------------------------------------------------------------------------------------------------------

test_that("McNemar in four forms prints as in Fagerland's book", {
  t <- oracle_stored_table("contingencytables", "mcnemar_fagerland_cavo")
  plain <- oracle_mcnemar(t[1, 2], t[2, 1])
  cc <- oracle_mcnemar(t[1, 2], t[2, 1], TRUE)
  expect_oracle_stored("contingencytables", "mcnemar_fagerland_cavo", list(
    z = oracle_tango_z(t[1, 2], t[2, 1], sum(t)), p = plain$p_value, z_cc = sqrt(cc$statistic), p_cc = cc$p_value,
    p_exact = oracle_mcnemar_exact(t[1, 2], t[2, 1])$p_value,
    midp = oracle_mcnemar_exact(t[1, 2], t[2, 1], midp = TRUE)$p_value
  ))
})

test_that("McNemar's exact p prints as at Vassar College, its chi-square as in R", {
  d <- oracle_stored("statsmodels", "mcnemar_vassar_r")
  ours <- list()
  for (i in 1:6) {
    ours[[paste0("p_exact", i)]] <- oracle_family_p(oracle_binomial_family(d$b[i] + d$c[i]), d$b[i], 0, "central")
    ours[[paste0("chisq_cc", i)]] <- oracle_mcnemar(d$b[i], d$c[i], TRUE)$statistic
    ours[[paste0("p_cc", i)]] <- oracle_mcnemar(d$b[i], d$c[i], TRUE)$p_value
    ours[[paste0("chisq", i)]] <- oracle_mcnemar(d$b[i], d$c[i])$statistic
    ours[[paste0("p", i)]] <- oracle_mcnemar(d$b[i], d$c[i])$p_value
  }
  stored <- oracle_stored("statsmodels", "expected")
  expect_oracle_stored("statsmodels", "mcnemar_vassar_r", ours[stored$name[stored$case == "mcnemar_vassar_r"]])
  base <- stats::mcnemar.test(matrix(c(5, 9, 4, 7), 2))
  expect_equal(oracle_mcnemar(9, 4, TRUE)$p_value, base$p.value)
})

test_that("ten converted and none lost gives p = .002 and an interval that ends at infinity", {
  ours <- oracle_mcnemar_exact(10, 0)
  expect_equal(ours$p_value, 2 / 1024)
  expect_equal(ours$conf_low, 0.025^(1 / 10) / (1 - 0.025^(1 / 10)))
  expect_identical(c(ours$estimate, ours$conf_high), c(Inf, Inf))
  expect_gt(oracle_tango(10, 0, 10)[1], 0)
  expect_identical(oracle_tango(10, 0, 10)[2], 1)
})

test_that("no discordant pair gives p = 1 and intervals that hold no difference", {
  ours <- oracle_mcnemar_exact(0, 0)
  expect_identical(c(ours$p_value, ours$conf_low, ours$conf_high), c(1, 0, Inf))
  expect_identical(oracle_mcnemar(0, 0)$p_value, 1)
  expect_identical(oracle_mcnemar_exact(0, 0, midp = TRUE)$p_value, 1)
  expect_equal(oracle_paired_unconditional_p(0, 0, 6), 1)
  limits <- oracle_tango(0, 0, 12)
  z2 <- qnorm(0.975)^2 # by hand: n d^2 = z^2 (d - d^2) at q = 0, so d = z^2 / (n + z^2)
  expect_equal(limits, c(-1, 1) * z2 / (12 + z2))
})

test_that("conditional limits are those of binom.test() as odds, and mid-p at equality is 1 or 1 - P / 2", {
  base <- stats::binom.test(3, 12)$conf.int
  ours <- oracle_mcnemar_exact(3, 9)
  expect_equal(c(ours$conf_low, ours$conf_high), as.vector(base / (1 - base)))
  expect_identical(oracle_mcnemar_exact(4, 4, midp = TRUE)$p_value, 1)
  expect_equal(oracle_mcnemar_exact(4, 4, "minlike", midp = TRUE)$p_value, 1 - choose(8, 4) / 2^9)
})

test_that("five McNemar tests of Fagerland, Lydersen and Laake (2013), airway reactivity, 1 and 7 of 21", {
  # Printed .034, .077, .070, .039, .035 (asymptotic, corrected, exact, mid-p, unconditional); recalled.
  ours <- c(oracle_mcnemar(1, 7)$p_value, oracle_mcnemar(1, 7, TRUE)$p_value, oracle_mcnemar_exact(1, 7)$p_value,
    oracle_mcnemar_exact(1, 7, midp = TRUE)$p_value, oracle_paired_unconditional_p(1, 7, 21))
  expect_equal(round(ours, 3), c(0.034, 0.077, 0.070, 0.039, 0.035))
})

test_that("the unconditional p of two pairs by hand", {
  # n = 2, gained 2, lost 0: |z| = sqrt 2 at (2, 0) and (0, 2) only: 2 (p / 2)^2, largest at p = 1: 1/2.
  expect_equal(oracle_paired_unconditional_p(2, 0, 2), 0.5)
  expect_equal(oracle_paired_unconditional_p(2, 0, 2, alternative = "greater"), 0.25)
  expect_equal(oracle_paired_unconditional_p(2, 0, 2, two_sided = "central"), 0.5)
})

# ---- differences and ratios -----------------------------------------------------------------------------------------

test_that("Wald, Tango, Newcombe and Bonett-Price print as in SAS", {
  d <- oracle_stored("sas_statxact", "paired_prop_ci_sas_pairbinci")
  n <- sum(d)
  put <- function(name, limits) stats::setNames(as.list(limits), paste0(name, c("_low", "_high")))
  expect_oracle_stored("sas_statxact", "paired_prop_ci_sas_pairbinci", c(
    put("wald", oracle_paired_wald(d$b, d$c, n)), put("newcombe", oracle_paired_newcombe(d$a, d$b, d$c, d$d)),
    put("tango", oracle_tango(d$b, d$c, n)), put("bonett_price", oracle_paired_wald(d$b, d$c, n, adjust = TRUE))
  ))
})

test_that("differences, ratios and the mid-p odds ratio print as in ratesci", {
  d <- oracle_stored("ratesci", "paired_bentur")
  put <- function(name, limits) stats::setNames(as.list(limits), paste0(name, c("_low", "_high")))
  expect_oracle_stored("ratesci", "paired_bentur", c(
    put("tango", oracle_tango(d$gained, d$lost, 21)), put("wald", oracle_paired_wald(d$gained, d$lost, 21)),
    put("newcombe", oracle_paired_newcombe(d$both, d$gained, d$lost, d$neither)),
    put("bonett_price", oracle_paired_wald(d$gained, d$lost, 21, adjust = TRUE)),
    put("rr_tang", oracle_paired_ratio_score(d$both, d$gained, d$lost, d$neither)),
    put("rr_bonett_price", oracle_paired_ratio_bonett_price(d$both, d$gained, d$lost)),
    put("or_midp", unlist(oracle_mcnemar_exact(d$gained, d$lost, midp = TRUE)[c("conf_low", "conf_high")]))
  ))
})

test_that("the likeliest probabilities given a difference or a ratio beat a fine grid", {
  for (x in list(c(5, 2, 12), c(0, 3, 9), c(4, 0, 4), c(0, 0, 7))) {
    for (null in c(-0.3, 0, 0.2)) {
      logl <- function(q) apply(cbind(q + null, q, pmax(0, 1 - 2 * q - null)), 1, function(p) {
        dmultinom(c(x[1], x[2], x[3] - x[1] - x[2]), prob = p, log = TRUE)
      })
      q <- seq(max(0, -null), (1 - null) / 2, length.out = 1001)
      expect_gte(logl(oracle_paired_constrained(x[1], x[2], x[3], null)), max(logl(q)) - 1e-9)
    }
  }
})

test_that("the likeliest four probabilities given a ratio beat a fine grid, also with cells nobody is in", {
  for (x in list(c(4, 6, 2, 9), c(1, 1, 7, 12), c(9, 0, 0, 0), c(5, 10, 0, 0), c(0, 3, 5, 0), c(6, 0, 0, 7),
    c(5, 0, 4, 3), c(0, 0, 5, 3))) {
    for (null in c(0.5, 1, 1.8)) {
      grid <- expand.grid(before = seq(0.002, 0.998, 0.012), share = seq(0, 1, 0.02))
      grid <- grid[grid$before * null <= 1, ]
      low <- pmax(0, grid$before * (1 + null) - 1)
      both <- low + grid$share * (grid$before * pmin(1, null) - low)
      p <- cbind(both, null * grid$before - both, grid$before - both, 1 - (1 + null) * grid$before + both)
      p <- pmax(p, 0)
      logl <- function(p) drop(log(pmax(p, 1e-300))[, x > 0, drop = FALSE] %*% x[x > 0])
      ours <- oracle_paired_ratio_constrained(x[1], x[2], x[3], x[4], null)
      expect_equal(sum(ours), 1)
      expect_equal(ours[1] + ours[2], null * (ours[1] + ours[3]))
      expect_gte(logl(matrix(ours, 1)), max(logl(p)) - 1e-9)
    }
  }
  # By hand: nobody discordant, 9 with the event: z = 3 sqrt((1 - r) / r), so the limits are 9 / (9 + z^2) and its
  # inverse.
  z2 <- qnorm(0.975)^2
  expect_equal(oracle_paired_ratio_score(9, 0, 0, 0), c(9 / (9 + z2), (9 + z2) / 9))
  expect_identical(oracle_paired_ratio_score(0, 3, 0, 4)[2], Inf)
  expect_identical(oracle_paired_ratio_score(0, 0, 3, 4)[1], 0)
})

test_that("at a ratio of 1 the score is McNemar's z, and the interval turns over with the visits", {
  expect_equal(oracle_paired_ratio_z(4, 6, 2, 9, 1), oracle_tango_z(6, 2, 21))
  expect_equal(oracle_tango_z(6, 2, 21)^2, oracle_mcnemar(6, 2)$statistic)
  for (null in c(0.4, 1.7)) {
    expect_equal(oracle_paired_ratio_z(4, 6, 2, 9, null), -oracle_paired_ratio_z(4, 2, 6, 9, 1 / null))
  }
  expect_equal(rev(1 / oracle_paired_ratio_bonett_price(4, 2, 6)), oracle_paired_ratio_bonett_price(4, 6, 2))
  expect_equal(-rev(oracle_paired_newcombe(4, 2, 6, 9)), oracle_paired_newcombe(4, 6, 2, 9))
})

# ---- square tables --------------------------------------------------------------------------------------------------

test_that("Bowker prints as mcnemar.test() does", {
  one <- oracle_stored_table("statsmodels", "bowker_r_5x5", "t1")
  two <- oracle_stored_table("statsmodels", "bowker_r_5x5", "t2")
  expect_oracle_stored("statsmodels", "bowker_r_5x5", list(
    t1 = oracle_bowker(one)$statistic, p1 = oracle_bowker(one)$p_value, t1_plus1 = oracle_bowker(one + 1)$statistic,
    t2 = oracle_bowker(two)$statistic, p2 = oracle_bowker(two)$p_value, t2_plus1 = oracle_bowker(two + 1)$statistic
  ))
  expect_equal(oracle_bowker(two)$p_value, stats::mcnemar.test(two)$p.value)
})

test_that("Bowker, Stuart-Maxwell and Bhapkar print as in Fagerland's book", {
  t <- oracle_stored_table("contingencytables", "bowker_stuart_fagerland_peterson")
  b <- oracle_bowker(t)
  s <- oracle_marginal_homogeneity(t)
  k <- oracle_marginal_homogeneity(t, "bhapkar")
  expect_oracle_stored("contingencytables", "bowker_stuart_fagerland_peterson", list(
    bowker = b$statistic, bowker_df = b$df, bowker_p = b$p_value, stuart = s$statistic, stuart_df = s$df,
    stuart_p = s$p_value, bhapkar = k$statistic, bhapkar_p = k$p_value
  ))
  expect_equal(k$statistic, s$statistic / (1 - s$statistic / sum(t)))
  expect_equal(oracle_bowker(t, count_empty = FALSE)$df, 3)
})

test_that("with two levels Bowker, Stuart-Maxwell and the ordered test are McNemar, exact too", {
  t <- matrix(c(5, 2, 7, 4), 2) # lost 2, gained 7
  m <- oracle_mcnemar(7, 2)
  for (other in list(oracle_bowker(t), oracle_marginal_homogeneity(t))) {
    expect_equal(other[c("statistic", "df", "p_value")], m)
  }
  expect_equal(oracle_ordered_margins(t)$statistic, oracle_tango_z(7, 2, 18))
  exact <- oracle_mcnemar_exact(7, 2)$p_value
  expect_equal(oracle_square_exact(t, function(x) oracle_bowker(x)$statistic), exact)
  expect_equal(oracle_square_exact(t, function(x) abs(oracle_ordered_margins(x)$statistic)), exact)
})

test_that("the exact tail of a 3 x 3 table is that of turning every patient round, one by one", {
  t <- matrix(c(2, 1, 0, 3, 1, 2, 1, 0, 4), 3)
  moved <- which(row(t) != col(t) & t > 0, arr.ind = TRUE)
  patients <- moved[rep(seq_len(nrow(moved)), t[moved]), ]
  turns <- as.matrix(expand.grid(rep(list(c(FALSE, TRUE)), nrow(patients))))
  for (far in list(function(x) oracle_bowker(x)$statistic, function(x) oracle_marginal_homogeneity(x)$statistic,
    function(x) oracle_ordered_margins(x)$statistic)) {
    values <- apply(turns, 1, function(turn) {
      cells <- patients
      cells[turn, ] <- cells[turn, 2:1]
      far(diag(diag(t)) + table(factor(cells[, 1], 1:3), factor(cells[, 2], 1:3)))
    })
    expect_equal(oracle_square_exact(t, far), mean(values >= far(t) - 1e-9))
  }
})

test_that("a level that no patient holds changes neither Stuart-Maxwell nor Bhapkar", {
  t <- matrix(c(3, 1, 4, 2, 5, 1, 0, 2, 6), 3)
  wide <- rbind(cbind(t, 0), 0)
  for (method in c("stuart_maxwell", "bhapkar")) {
    expect_equal(oracle_marginal_homogeneity(wide, method), oracle_marginal_homogeneity(t, method))
  }
})

# ---- many visits ----------------------------------------------------------------------------------------------------

test_that("Cochran's Q prints as in SAS and in CVST", {
  d <- oracle_stored("sas_statxact", "cochranq_sas_drugs")
  y <- as.matrix(d[1:3])[rep(seq_len(nrow(d)), d$patients), ]
  q <- oracle_cochran_q(y)
  expect_oracle_stored("sas_statxact", "cochranq_sas_drugs", list(Q = q$statistic, p = q$p_value, df = q$df))
  a <- oracle_cochran_q(oracle_stored_table("statsmodels", "cochranq_statsmodels", "a"))
  b <- oracle_cochran_q(oracle_stored_table("statsmodels", "cochranq_statsmodels", "b"))
  expect_oracle_stored("statsmodels", "cochranq_statsmodels",
    list(Qa = a$statistic, dfa = a$df, Qb = b$statistic, dfb = b$df))
})

test_that("with two visits Cochran's Q is McNemar, exact too; its tail is that of listing every ordering", {
  y <- cbind(c(1, 1, 0, 0, 0, 0, 1), c(1, 0, 1, 1, 1, 0, 1))
  expect_equal(oracle_cochran_q(y)$statistic, oracle_mcnemar(3, 1)$statistic)
  expect_equal(oracle_cochran_q(y, exact = TRUE)$p_value, oracle_mcnemar_exact(3, 1)$p_value)
  y <- rbind(c(1, 0, 0), c(1, 1, 0), c(0, 1, 0), c(1, 0, 0), c(1, 1, 1))
  null <- oracle_column_sums(y)
  q <- function(s) 6 * sum((s - mean(s))^2) / (3 * sum(y) - sum(rowSums(y)^2))
  expect_equal(oracle_cochran_q(y, exact = TRUE)$p_value, oracle_rank_tail(null, q, q(colSums(y))))
})

test_that("patients as strata give Q on complete data, also in mantelhaen.test(), and use patients of two visits", {
  y <- oracle_stored_table("statsmodels", "cochranq_statsmodels", "a")
  ours <- oracle_cmh_patients(y)
  expect_equal(ours[c("statistic", "df")], oracle_cochran_q(y)[c("statistic", "df")])
  long <- data.frame(y = factor(c(y)), visit = factor(col(y)), id = factor(row(y)))
  some <- long$id %in% which(rowSums(y) > 0 & rowSums(y) < 4) # the others tell nothing and stop mantelhaen.test()
  base <- stats::mantelhaen.test(droplevels(long[some, ])$visit, long[some, ]$y, droplevels(long[some, ])$id)
  expect_equal(ours$p_value, base$p.value)
  gaps <- y
  gaps[1, 2] <- NA
  gaps[3, 1:3] <- NA
  expect_equal(oracle_cmh_patients(gaps)$n, 8)
  # Two visits, some patients at one only: McNemar of those at both.
  two <- cbind(c(1, 0, 0, 0, NA, 1), c(0, 1, 1, 1, 1, NA))
  expect_equal(oracle_cmh_patients(two)$statistic, oracle_mcnemar(3, 1)$statistic)
})

# ---- agreement ------------------------------------------------------------------------------------------------------

test_that("McNemar and kappa print as in SAS PROC FREQ", {
  t <- oracle_stored_table("sas_statxact", "mcnemar_sas_colds")
  m <- oracle_mcnemar(t[1, 2], t[2, 1])
  k <- oracle_kappa(t)
  expect_oracle_stored("sas_statxact", "mcnemar_sas_colds", list(
    chisq = m$statistic, p = m$p_value, kappa = k$estimate, kappa_se = k$std_error, kappa_low = k$conf_low,
    kappa_high = k$conf_high
  ))
})

test_that("the standard error of weighted kappa is the delta method's, by numerical slopes", {
  t <- matrix(c(11, 3, 1, 4, 9, 2, 0, 5, 8), 3)
  n <- sum(t)
  for (weights in c("none", "linear", "quadratic")) {
    value <- function(p) oracle_kappa(matrix(p, 3), weights)$estimate
    p <- c(t) / n
    slope <- vapply(1:9, function(i) {
      up <- down <- p
      up[i] <- p[i] + 1e-5
      down[i] <- p[i] - 1e-5
      (value(up / sum(up)) - value(down / sum(down))) / 2e-5
    }, 0)
    variance <- (sum(p * slope^2) - sum(p * slope)^2) / n
    expect_equal(oracle_kappa(t, weights)$std_error, sqrt(variance), tolerance = 1e-7) # central differences
  }
  # Under chance agreement the same formula at the product of the margins.
  product <- rowSums(t) %o% colSums(t) / n
  for (weights in c("none", "linear", "quadratic")) {
    expect_equal(oracle_kappa(t, weights)$null_std_error, oracle_kappa(product, weights)$std_error)
  }
  expect_equal(oracle_kappa(matrix(c(5, 2, 3, 7), 2), "linear"), oracle_kappa(matrix(c(5, 2, 3, 7), 2)))
})
