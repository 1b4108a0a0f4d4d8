# Standardised risks by glm and predict, the delta method by numerical derivatives.
naive_standardised <- function(d, formula, arm) {
  fit <- stats::glm(formula, stats::binomial(), d, control = stats::glm.control(epsilon = 1e-14, maxit = 50))
  risks <- function(beta) vapply(levels(d[[arm]]), function(level) {
    world <- d
    world[[arm]] <- factor(level, levels(d[[arm]]))
    x <- stats::model.matrix(stats::delete.response(stats::terms(fit)), world)
    mean(stats::plogis(drop(x %*% beta)))
  }, 1)
  slope <- function(f) {
    beta <- stats::coef(fit)
    vapply(seq_along(beta), function(j) {
      h <- 1e-5 * max(abs(beta[j]), 1e-2)
      (f(replace(beta, j, beta[j] + h)) - f(replace(beta, j, beta[j] - h))) / (2 * h)
    }, 1)
  }
  error <- function(f) { g <- slope(f); sqrt(drop(g %*% stats::vcov(fit) %*% g)) }
  r <- risks(stats::coef(fit))
  list(difference = r[[2]] - r[[1]], se = error(function(b) diff(risks(b))), ratio = r[[2]] / r[[1]],
    log_se = error(function(b) diff(log(risks(b)))))
}

# Goodman (1965), equation of the limits solved as a quadratic.
naive_goodman <- function(count, level) {
  n <- sum(count)
  b <- stats::qchisq(1 - (1 - level) / length(count), 1)
  root <- sqrt(b * (b + 4 * count * (n - count) / n))
  cbind((b + 2 * count - root) / (2 * (n + b)), (b + 2 * count + root) / (2 * (n + b)))
}
