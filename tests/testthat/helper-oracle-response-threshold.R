# Response over cut-offs as a loop over them, from the definitions alone.
naive_threshold <- function(change, arm, cuts, greater = TRUE, level = 0.95, reference = levels(arm)[1]) {
  alpha <- 1 - level
  rows <- list()
  for (c in cuts) {
    y <- if (greater) change >= c else change <= c
    for (a in setdiff(levels(arm), reference)) {
      x1 <- sum(y[arm == a]); n1 <- sum(arm == a); x0 <- sum(y[arm == reference]); n0 <- sum(arm == reference)
      table <- matrix(c(x1, n1 - x1, x0, n0 - x0), 2)
      pearson <- if (x1 + x0 == 0 || x1 + x0 == n1 + n0) 0 else
        unname(suppressWarnings(stats::chisq.test(table, correct = FALSE))$statistic)
      half <- sqrt(log(4 / alpha) / (2 * n1)) + sqrt(log(4 / alpha) / (2 * n0))
      d <- x1 / n1 - x0 / n0
      rows[[length(rows) + 1L]] <- data.frame(cutoff = c, level = a, events = x1, events_reference = x0, estimate = d,
        p_value = stats::pchisq(pearson * (n1 + n0 - 1) / (n1 + n0), 1, lower.tail = FALSE),
        low = max(-1, d - half), high = min(1, d + half))
    }
  }
  do.call(rbind, rows)
}

# Quantile of the largest studentised deviation, by resampling with R's generator.
naive_sup_t <- function(change, arm, cuts, replicates, level = 0.95) {
  groups <- split(change, arm)
  rate <- function(x) vapply(cuts, function(c) mean(x >= c), 0)
  p <- lapply(groups, rate)
  n <- lengths(groups)
  s <- sqrt(p[[1]] * (1 - p[[1]]) / n[1] + p[[2]] * (1 - p[[2]]) / n[2])
  d <- p[[2]] - p[[1]]
  use <- s > 0
  largest <- replicate(replicates, {
    again <- lapply(groups, function(x) rate(x[sample.int(length(x), replace = TRUE)]))
    max((abs(again[[2]] - again[[1]] - d) / s)[use])
  })
  unname(stats::quantile(largest, level, type = 1))
}
