# Covariance of the standardised risks from the formulas of Ye et al. (2023) and Ge et al. (2011), by glm and cov().
naive_risk_covariance <- function(y, arm, z, variance, stratum = NULL) {
  fit <- stats::glm(y ~ arm + z, stats::binomial(), control = stats::glm.control(epsilon = 1e-15, maxit = 60))
  worlds <- lapply(levels(arm), function(a) data.frame(arm = factor(a, levels(arm)), z = z))
  mu <- vapply(worlds, function(w) unname(stats::predict(fit, w, "response")), numeric(length(y)))
  x <- stats::model.matrix(fit)
  own <- fit$fitted.values
  v <- solve(crossprod(x, x * own * (1 - own)))
  if (variance %in% c("ge", "ge_hc0")) {
    if (variance == "ge_hc0") v <- v %*% crossprod(x * (y - own)) %*% v
    g <- t(vapply(seq_along(worlds), function(a) {
      colMeans(stats::model.matrix(~ arm + z, worlds[[a]]) * mu[, a] * (1 - mu[, a]))
    }, numeric(ncol(x))))
    return(list(risk = colMeans(mu), v = g %*% v %*% t(g)))
  }
  k <- nlevels(arm)
  share <- as.vector(table(arm)) / length(y)
  out <- matrix(0, k, k)
  for (a in seq_len(k)) for (b in seq_len(k)) {
    of_a <- arm == levels(arm)[a]
    of_b <- arm == levels(arm)[b]
    out[a, b] <- stats::cov(y[of_a], mu[of_a, b]) + stats::cov(y[of_b], mu[of_b, a]) - stats::cov(mu[, a], mu[, b])
    if (a == b) {
      error <- if (variance == "ye_residual") stats::var(y[of_a] - mu[of_a, a]) else
        stats::var(y[of_a]) - 2 * stats::cov(y[of_a], mu[of_a, a]) + stats::var(mu[, a])
      out[a, a] <- out[a, a] + error / share[a]
    }
  }
  for (s in unique(stratum)) {
    r <- vapply(levels(arm), function(a) mean((y - own)[arm == a & stratum == s]), 1) / share
    out <- out - mean(stratum == s) * (diag(r) %*% (diag(share) - share %o% share) %*% diag(r))
  }
  list(risk = colMeans(mu), v = out / length(y))
}
