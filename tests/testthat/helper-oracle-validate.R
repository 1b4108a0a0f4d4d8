# What a prediction is worth, a second time and naively: every pair is compared, every sum written out. `y` is 0/1, `marker`
# or `p` (a probability) is higher where the event is likelier. Nothing here calls the package.

# ---- discrimination -------------------------------------------------------------------------------------------------

# Share of pairs (event, other) in which the event has the higher marker; ties count a half. The double loop.
oracle_auc <- function(y, marker) {
  events <- marker[y == 1]
  others <- marker[y == 0]
  wins <- 0
  for (a in events) for (b in others) wins <- wins + (a > b) + 0.5 * (a == b)
  wins / (length(events) * length(others))
}

# DeLong, DeLong and Clarke-Pearson (1988): structural components of each event and of each other patient, their covariance
# matrices over m and n. `markers` is a matrix, a marker a column.
oracle_delong <- function(y, markers) {
  markers <- as.matrix(markers)
  m <- sum(y == 1)
  n <- sum(y == 0)
  k <- ncol(markers)
  v10 <- matrix(0, m, k)
  v01 <- matrix(0, n, k)
  for (r in seq_len(k)) {
    events <- markers[y == 1, r]
    others <- markers[y == 0, r]
    for (i in seq_len(m)) v10[i, r] <- sum((events[i] > others) + 0.5 * (events[i] == others)) / n
    for (j in seq_len(n)) v01[j, r] <- sum((events > others[j]) + 0.5 * (events == others[j])) / m
  }
  auc <- colMeans(v10)
  centre <- function(v) sweep(v, 2, auc)
  s10 <- crossprod(centre(v10)) / (m - 1)
  s01 <- crossprod(centre(v01)) / (n - 1)
  list(auc = auc, covariance = s10 / m + s01 / n)
}

# Wald limits of DeLong cut at 0 and 1, or on the logit scale (Pepe 2003, section 5.2.4).
oracle_delong_limits <- function(y, marker, conf_level = 0.95, logit = FALSE) {
  d <- oracle_delong(y, marker)
  z <- qnorm((1 + conf_level) / 2)
  se <- sqrt(d$covariance[1, 1])
  if (!logit) return(pmin(1, pmax(0, d$auc + c(-1, 1) * z * se)))
  plogis(qlogis(d$auc) + c(-1, 1) * z * se / (d$auc * (1 - d$auc)))
}

# Two markers on the same patients.
oracle_delong_paired <- function(y, a, b, conf_level = 0.95) {
  d <- oracle_delong(y, cbind(a, b))
  se <- sqrt(d$covariance[1, 1] + d$covariance[2, 2] - 2 * d$covariance[1, 2])
  difference <- d$auc[1] - d$auc[2]
  z <- qnorm((1 + conf_level) / 2)
  list(difference = difference, std_error = se, statistic = difference / se, p_value = 2 * pnorm(-abs(difference / se)),
       conf_low = difference - z * se, conf_high = difference + z * se)
}

# Two markers on different patients; pROC takes the t with the df of Satterthwaite for D.
oracle_delong_unpaired <- function(y1, a, y2, b) {
  part <- function(y, marker) {
    m <- sum(y == 1)
    n <- sum(y == 0)
    events <- marker[y == 1]
    others <- marker[y == 0]
    v10 <- vapply(events, function(e) mean((e > others) + 0.5 * (e == others)), 0)
    v01 <- vapply(others, function(o) mean((events > o) + 0.5 * (events == o)), 0)
    list(auc = mean(v10), var = var(v10) / m + var(v01) / n, n = m + n)
  }
  one <- part(y1, a)
  two <- part(y2, b)
  se <- sqrt(one$var + two$var)
  statistic <- (one$auc - two$auc) / se
  df <- (one$var + two$var)^2 / (one$var^2 / (one$n - 1) + two$var^2 / (two$n - 1))
  list(statistic = statistic, p_normal = 2 * pnorm(-abs(statistic)), df = df, p_value = 2 * pt(-abs(statistic), df))
}

# Newcombe (2006, Statistics in Medicine 25, 559), method 5: theta at which |estimate - theta| is z standard errors, with the
# variance of Hanley and McNeil (1982) at theta, m - 1 and n - 1 both replaced by (m + n) / 2 - 1. At an estimate of 1 the
# equation loses the factor 1 - theta first; an estimate of 0 is that case turned round.
oracle_newcombe_auc <- function(auc, m, n, conf_level = 0.95) {
  z <- qnorm((1 + conf_level) / 2)
  star <- (m + n) / 2 - 1
  variance <- function(t) t * (1 - t) / (m * n) * (1 + star * ((1 - t) / (2 - t) + t / (1 + t)))
  root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-15, maxiter = 5000)$root
  lower <- function(a) {
    if (a == 0) return(0)
    if (a == 1) return(root(function(t) (1 - t) - z^2 * variance(t) / (1 - t), 0, 1 - 1e-9))
    root(function(t) a - t - z * sqrt(variance(t)), 0, a)
  }
  c(lower(auc), 1 - lower(1 - auc))
}

# Hanley and McNeil (1982).
oracle_hanley_se <- function(auc, m, n) {
  q1 <- auc / (2 - auc)
  q2 <- 2 * auc^2 / (1 + auc)
  sqrt((auc * (1 - auc) + (m - 1) * (q1 - auc^2) + (n - 1) * (q2 - auc^2)) / (m * n))
}

# Sensitivity and specificity of "marker >= cut", and the cut with the largest Youden (1950) index; of several the lowest.
oracle_cut <- function(y, marker, cut) {
  c(sensitivity = sum(marker >= cut & y == 1) / sum(y == 1), specificity = sum(marker < cut & y == 0) / sum(y == 0))
}

oracle_youden <- function(y, marker) {
  cuts <- sort(unique(marker))
  index <- vapply(cuts, function(k) sum(oracle_cut(y, marker, k)) - 1, 0)
  best <- which(index >= max(index) - 1e-12)
  list(index = max(index), cuts = cuts[best], cut = cuts[best[1]])
}

# ---- calibration and error ------------------------------------------------------------------------------------------

# Brier (1950); scaled by the error of the overall share.
oracle_brier <- function(y, p, w = rep(1, length(y))) {
  share <- sum(w * y) / sum(w)
  brier <- sum(w * (p - y)^2) / sum(w)
  c(brier = brier, scaled = 1 - brier / (share * (1 - share)))
}

# Cox (1958): intercept with the log odds as an offset, and slope with the log odds as the only predictor.
oracle_calibration <- function(y, p) {
  eta <- qlogis(p)
  tight <- list(epsilon = 1e-15, maxit = 100)
  a <- glm.fit(matrix(1, length(y)), y, family = binomial(), offset = eta, control = tight)
  b <- glm.fit(cbind(1, eta), y, family = binomial(), control = tight)
  se <- function(m) sqrt(diag(chol2inv(m$qr$qr[seq_len(m$rank), seq_len(m$rank), drop = FALSE])))
  c(intercept = unname(a$coefficients), intercept_se = se(a), slope = unname(b$coefficients[2]), slope_se = se(b)[2],
    expected = sum(p), observed = sum(y))
}

# Austin and Steyerberg (2019): distance between a smooth curve at each prediction and the prediction.
oracle_ici <- function(p, curve) {
  d <- abs(curve - p)
  c(ici = mean(d), e50 = unname(quantile(d, 0.5)), e90 = unname(quantile(d, 0.9)), emax = max(d))
}

# Hosmer and Lemeshow (1980): groups up to and including each quantile of the fitted probability (empirical distribution
# with averaging, as Stata's and SAS's percentiles); df `groups` - 2 on the data of the fit, `groups` on new data.
oracle_hosmer_lemeshow <- function(y, p, groups = 10, new_data = FALSE) {
  edges <- quantile(p, seq_len(groups - 1) / groups, type = 2)
  g <- 1 + rowSums(outer(p, edges, ">"))
  statistic <- 0
  for (k in unique(g)) {
    here <- g == k
    e <- sum(p[here])
    statistic <- statistic + (sum(y[here]) - e)^2 / (e * (1 - e / sum(here)))
  }
  df <- length(unique(g)) - if (new_data) 0 else 2
  list(statistic = statistic, df = df, p_value = pchisq(statistic, df, lower.tail = FALSE),
       sizes = as.integer(table(g)))
}

# ---- decisions ------------------------------------------------------------------------------------------------------

# Vickers and Elkin (2006): net benefit per patient of treating where p >= threshold; of treating all.
oracle_net_benefit <- function(y, p, threshold) {
  n <- length(y)
  odds <- threshold / (1 - threshold)
  c(model = sum(p >= threshold & y == 1) / n - sum(p >= threshold & y == 0) / n * odds,
    all = sum(y == 1) / n - sum(y == 0) / n * odds, none = 0)
}

# ---- bootstrap ------------------------------------------------------------------------------------------------------

# Efron and Tibshirani (1997). `loss(y, p)` is the loss of one patient; `apparent` the predictions of the model on its own
# data; `replicates` n x B predictions of the models of B resamples for everybody, `inside` n x B, whether the patient was in
# the resample. The leave-one-out bootstrap error is an average over patients of averages over resamples without them.
oracle_632_plus <- function(y, apparent, replicates, inside, loss = function(y, p) (y - p)^2) {
  n <- length(y)
  err <- mean(loss(y, apparent))
  each <- rep(NA_real_, n)
  for (i in seq_len(n)) if (any(!inside[i, ])) each[i] <- mean(loss(y[i], replicates[i, !inside[i, ]]))
  err1 <- mean(each, na.rm = TRUE)
  none <- 0
  for (i in seq_len(n)) for (j in seq_len(n)) none <- none + loss(y[i], apparent[j]) / n^2
  oracle_632_combine(err, err1, none)
}

oracle_632_combine <- function(err, err1, none) {
  most <- min(err1, none)
  rate <- if (most > err && none > err) (most - err) / (none - err) else 0
  w <- 0.632 / (1 - 0.368 * rate)
  list(apparent = err, leave_out = err1, no_information = none, overfit = rate, weight = w,
       err632 = 0.368 * err + 0.632 * err1, err632_plus = (1 - w) * err + w * most)
}

# The same for 1 - AUC: the leave-out figure is the mean over resamples of the AUC of the patients left out, where both
# classes are among them; no information is one half.
oracle_632_plus_auc <- function(y, apparent, replicates, inside) {
  out <- vapply(seq_len(ncol(replicates)), function(b) {
    left <- !inside[, b]
    if (length(unique(y[left])) < 2) NA_real_ else oracle_auc(y[left], replicates[left, b])
  }, 0)
  r <- oracle_632_combine(1 - oracle_auc(y, apparent), 1 - mean(out, na.rm = TRUE), 0.5)
  c(apparent = 1 - r$apparent, leave_out = 1 - r$leave_out, auc632 = 1 - r$err632, auc632_plus = 1 - r$err632_plus)
}

# Harrell, Lee and Mark (1996): apparent figure less the mean over resamples of (figure in the resample - figure of the same
# model on the original data).
oracle_optimism <- function(apparent, in_resample, on_original) {
  optimism <- mean(in_resample - on_original)
  c(apparent = apparent, optimism = optimism, corrected = apparent - optimism)
}
