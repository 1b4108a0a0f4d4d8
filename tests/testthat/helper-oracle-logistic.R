# A second, deliberately naive program for logistic regression, written from the papers alone: every maximum is found again
# for every hypothesis, every interval by asking the test at every candidate. Nothing here calls the package.
# `x` is the model matrix, `y` the share of events, `w` trials times case weight, `offset` is added to the log odds.

# ---- likelihoods ----------------------------------------------------------------------------------------------------

oracle_log_odds <- function(x, beta, offset) drop(x %*% beta) + offset
oracle_log1pexp <- function(eta) pmax(eta, 0) + log1p(exp(-abs(eta)))

# Without the binomial constant: 0/1 answers have none.
oracle_loglik <- function(beta, x, y, w, offset) {
  eta <- oracle_log_odds(x, beta, offset)
  sum(w * (y * eta - oracle_log1pexp(eta)))
}

oracle_information <- function(beta, x, w, offset) {
  eta <- oracle_log_odds(x, beta, offset)
  crossprod(x * sqrt(w * plogis(eta) * plogis(-eta)))
}

oracle_log_det <- function(m) {
  s <- sqrt(pmax(diag(m), .Machine$double.xmin))
  as.numeric(determinant(m / outer(s, s), logarithm = TRUE)$modulus) + 2 * sum(log(s))
}

# Diagonal of W^1/2 X (X'WX)^-1 X'W^1/2.
oracle_leverage <- function(beta, x, w, offset) {
  eta <- oracle_log_odds(x, beta, offset)
  rowSums(qr.Q(qr(x * sqrt(w * plogis(eta) * plogis(-eta)), tol = 1e-14))^2)
}

# ml: the likelihood. firth: plus half the log determinant of the information of ALL columns (Firth 1993, Heinze and Schemper
# 2002). logf: plus m/2 b - m log(1 + e^b) for each column marked in `prior` (Greenland and Mansournia 2015).
oracle_objective <- function(beta, x, y, w, offset, method = "ml", m = 1, prior = NULL) {
  value <- oracle_loglik(beta, x, y, w, offset)
  if (method == "firth") value <- value + 0.5 * oracle_log_det(oracle_information(beta, x, w, offset))
  if (method == "logf") value <- value + sum((m / 2 * beta - m * oracle_log1pexp(beta))[prior])
  value
}

oracle_gradient <- function(beta, x, y, w, offset, method = "ml", m = 1, prior = NULL) {
  p <- plogis(oracle_log_odds(x, beta, offset))
  r <- w * (y - p)
  if (method == "firth") r <- r + oracle_leverage(beta, x, w, offset) * (0.5 - p)
  g <- drop(crossprod(x, r))
  if (method == "logf") g[prior] <- g[prior] + m / 2 - m * plogis(beta[prior])
  g
}

# ---- fits -----------------------------------------------------------------------------------------------------------

# Columns that add to those before them, left to right, after each is brought to length 1.
oracle_kept <- function(x, w = rep(1, nrow(x)), tolerance = 1e-7) {
  kept <- logical(ncol(x))
  basis <- matrix(0, nrow(x), 0)
  for (j in seq_len(ncol(x))) {
    v <- x[, j] * (w > 0)
    size <- max(abs(v))
    if (size == 0) next
    v <- v / size
    length_before <- sqrt(sum(v^2))
    for (twice in 1:2) v <- v - drop(basis %*% crossprod(basis, v))
    if (sqrt(sum(v^2)) > tolerance * length_before) {
      kept[j] <- TRUE
      basis <- cbind(basis, v / sqrt(sum(v^2)))
    }
  }
  kept
}

# The maximum over the columns that are not held, by scoring with halved steps. `held` are column numbers, `at` their
# values. The objective stays that of the full model.
oracle_maximise <- function(x, y, w, offset, method = "ml", m = 1, prior = NULL, held = integer(), at = numeric(),
                            start = NULL, most = 2000) {
  p <- ncol(x)
  beta <- if (is.null(start)) numeric(p) else start
  beta[held] <- at
  free <- setdiff(seq_len(p), held)
  value <- oracle_objective(beta, x, y, w, offset, method, m, prior)
  converged <- length(free) == 0
  for (i in seq_len(most)) {
    if (converged) break
    g <- oracle_gradient(beta, x, y, w, offset, method, m, prior)[free]
    info <- oracle_information(beta, x, w, offset)
    if (method == "logf") {
      add <- m * plogis(beta[prior]) * plogis(-beta[prior])
      diag(info)[prior] <- diag(info)[prior] + add
    }
    info <- info[free, free, drop = FALSE]
    s <- sqrt(diag(info))
    step <- tryCatch(solve(info / outer(s, s), g / s, tol = 1e-300) / s, error = function(e) NULL)
    if (is.null(step)) break
    halved <- 0
    repeat {
      trial <- beta
      trial[free] <- beta[free] + step
      new <- oracle_objective(trial, x, y, w, offset, method, m, prior)
      if (is.finite(new) && new >= value - 1e-12 * abs(value)) break
      step <- step / 2
      halved <- halved + 1
      if (halved > 40) break
    }
    if (halved > 40) break
    beta <- trial
    value <- new
    converged <- max(abs(step) * s) < 1e-12 * max(1, abs(beta[free]) * s)
    if (length(held) == 0 && max(abs(oracle_log_odds(x, beta, offset))) > 500) break
  }
  # Where the objective is flat to its last digit no step climbs: the gradient tells.
  g <- oracle_gradient(beta, x, y, w, offset, method, m, prior)[free]
  size <- sqrt(diag(oracle_information(beta, x, w, offset)))[free]
  list(beta = beta, value = value, converged = converged || isTRUE(all(abs(g) < 1e-7 * size)))
}

# Column scales are divided out first, and put back. NaN for columns left out.
oracle_logistic <- function(x, y, w = rep(1, length(y)), offset = rep(0, length(y)), method = "ml", m = 1, prior = NULL) {
  if (method == "logf" && is.null(prior)) prior <- apply(x, 2, function(v) any(v != v[1]))
  kept <- oracle_kept(x, w)
  scale <- if (method == "logf") rep(1, ncol(x)) else pmax(apply(abs(x), 2, max), .Machine$double.xmin)
  z <- sweep(x, 2, scale, "/")[, kept, drop = FALSE]
  fit <- oracle_maximise(z, y, w, offset, method, m, which(prior[kept]))
  beta <- rep(NaN, ncol(x))
  beta[kept] <- fit$beta / scale[kept]
  inverse <- tryCatch(solve(oracle_hessian(fit$beta, z, w, offset, method, m, which(prior[kept])), tol = 1e-300),
                      error = function(e) matrix(NaN, sum(kept), sum(kept)))
  vcov <- matrix(NaN, ncol(x), ncol(x))
  vcov[kept, kept] <- inverse / outer(scale[kept], scale[kept])
  eta <- oracle_log_odds(z, fit$beta, offset)
  # The determinant of the information is that of the columns as given.
  rescaled <- if (method == "firth") sum(log(scale[kept])) else 0
  list(beta = beta, vcov = vcov, kept = kept, fitted = plogis(eta), leverage = oracle_leverage(fit$beta, z, w, offset),
       loglik = oracle_loglik(fit$beta, z, y, w, offset), penalised = fit$value + rescaled, converged = fit$converged)
}

# Standard errors: inverse of the ordinary information at the estimate (ml and firth, as SAS and Heinze and Schemper 2002),
# of the information with the prior for logF.
oracle_hessian <- function(beta, x, w, offset, method, m, prior) {
  info <- oracle_information(beta, x, w, offset)
  if (method == "logf") diag(info)[prior] <- diag(info)[prior] + m * plogis(beta[prior]) * plogis(-beta[prior])
  info
}

# Firth again, knowing only the objective: quasi-Newton with numerical derivatives, then Newton steps with numerical ones.
oracle_firth_by_objective <- function(x, y, w = rep(1, length(y)), offset = rep(0, length(y))) {
  f <- function(b) -oracle_objective(b, x, y, w, offset, "firth")
  o <- optim(numeric(ncol(x)), f, method = "BFGS", control = list(maxit = 2000, reltol = 1e-15))
  fine <- list(maxit = 2000, reltol = 1e-16, ndeps = rep(1e-5, ncol(x)))
  for (i in 1:20) o <- optim(o$par, f, method = "BFGS", control = fine)
  o$par
}

# logF(m, m) by data: for each marked column a row that is 1 there and 0 elsewhere, offset 0, m/2 events in m trials
# (Greenland and Mansournia 2015).
oracle_logf_by_data <- function(x, y, w = rep(1, length(y)), offset = rep(0, length(y)), m = 1, prior) {
  extra <- diag(ncol(x))[which(prior), , drop = FALSE]
  k <- nrow(extra)
  oracle_logistic(rbind(x, extra), c(y, rep(0.5, k)), c(w, rep(m, k)), c(offset, rep(0, k)), "ml")
}

# FLIC (Puhr, Heinze, Nold, Lusa and Geroldinger 2017): Firth's slopes; the intercept is that of maximum likelihood with
# the rest of the log odds as an offset. `intercept` is its column.
oracle_flic <- function(x, y, w = rep(1, length(y)), offset = rep(0, length(y)), intercept = 1L) {
  fit <- oracle_logistic(x, y, w, offset, "firth")
  use <- fit$kept
  rest <- drop(x[, use, drop = FALSE] %*% ifelse(which(use) == intercept, 0, fit$beta[use])) + offset
  g <- function(a) sum(w * (plogis(a + rest) - y))
  at <- fit$beta[intercept]
  fit$beta[intercept] <- uniroot(g, at + c(-30, 30), tol = 1e-14, maxiter = 1000)$root
  fit$fitted <- plogis(fit$beta[intercept] + rest)
  fit
}

# FLAC (same paper): the data, and twice again with weights h/2, as observed and turned round, h the leverages of Firth's
# fit; a column tells real rows from added ones; maximum likelihood. Probabilities are those of the real rows.
oracle_flac <- function(x, y, w = rep(1, length(y)), offset = rep(0, length(y))) {
  h <- oracle_logistic(x, y, w, offset, "firth")$leverage
  added <- rep(0:1, c(nrow(x), 2 * nrow(x)))
  fit <- oracle_logistic(cbind(rbind(x, x, x), added), c(y, y, 1 - y), c(w, h / 2, h / 2), rep(offset, 3), "ml")
  p <- ncol(x)
  list(beta = fit$beta[seq_len(p)], vcov = fit$vcov[seq_len(p), seq_len(p), drop = FALSE],
       fitted = fit$fitted[seq_len(nrow(x))], added = fit$beta[p + 1])
}

# ---- tests and intervals --------------------------------------------------------------------------------------------

# A set of columns at `at`. lr: twice the fall of the (penalised) likelihood, the penalty of all columns on both sides. wald:
# from the fit. score: U' I^-1 U at the restricted fit, U the gradient of the (penalised) likelihood of the full model.
oracle_set_test <- function(x, y, w = rep(1, length(y)), offset = rep(0, length(y)), set, kind = "lr", method = "ml", m = 1,
                            prior = NULL, at = numeric(length(set))) {
  held <- oracle_maximise(x, y, w, offset, method, m, prior, set, at)
  statistic <- switch(kind,
    lr = 2 * (oracle_maximise(x, y, w, offset, method, m, prior)$value - held$value),
    wald = {
      b <- oracle_maximise(x, y, w, offset, method, m, prior)$beta
      v <- solve(oracle_hessian(b, x, w, offset, method, m, prior), tol = 1e-300)
      sum((b[set] - at) * solve(v[set, set, drop = FALSE], b[set] - at, tol = 1e-300))
    },
    score = {
      u <- oracle_gradient(held$beta, x, y, w, offset, method, m, prior)
      u[-set] <- 0
      sum(u * solve(oracle_hessian(held$beta, x, w, offset, method, m, prior), u, tol = 1e-300))
    }
  )
  list(statistic = statistic, df = length(set), p_value = pchisq(statistic, length(set), lower.tail = FALSE))
}

# Limits of one coefficient: the values at which the test of that value reaches the quantile. Walks out from the estimate in
# doubling steps of its standard error; what is not found within e^`far` is infinite.
oracle_limits <- function(x, y, w = rep(1, length(y)), offset = rep(0, length(y)), column, kind = "lr", method = "ml", m = 1,
                          prior = NULL, conf_level = 0.95, start = NULL, step = NULL, far = 40) {
  fit <- oracle_maximise(x, y, w, offset, method, m, prior)
  if (is.null(step)) {
    step <- sqrt(solve(oracle_hessian(fit$beta, x, w, offset, method, m, prior), tol = 1e-300)[column, column])
  }
  if (is.null(start)) start <- fit$beta[column]
  quantile <- qchisq(conf_level, 1)
  # The other columns start where they take over most of what the held one moves.
  along <- if (ncol(x) > 1) qr.coef(qr(x[, -column, drop = FALSE] * sqrt(w)), x[, column] * sqrt(w))
  excess <- function(b) {
    from <- fit$beta
    from[-column] <- from[-column] - (b - fit$beta[column]) * along
    held <- oracle_maximise(x, y, w, offset, method, m, prior, column, b, from)
    if (kind == "lr") return(2 * (fit$value - held$value) - quantile)
    u <- oracle_gradient(held$beta, x, y, w, offset, method, m, prior)[column]
    u^2 * solve(oracle_hessian(held$beta, x, w, offset, method, m, prior), tol = 1e-300)[column, column] - quantile
  }
  one <- function(sign) {
    inner <- start
    reach <- step / 4
    while (reach < far * max(1, step)) {
      outer <- start + sign * reach
      if (excess(outer) > 0) {
        return(uniroot(excess, sort(c(inner, outer)), tol = 1e-13 * max(1, abs(outer)), maxiter = 500)$root)
      }
      inner <- outer
      reach <- 2 * reach
    }
    sign * Inf
  }
  c(low = one(-1), high = one(1))
}
