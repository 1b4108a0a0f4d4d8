# Stratified bootstrap of standardised risks with glm, R's generator and predict.
naive_risks <- function(d) {
  fit <- suppressWarnings(stats::glm(y ~ arm + z, stats::binomial(), d))
  vapply(levels(d$arm), function(a) mean(stats::predict(fit, transform(d, arm = factor(a, levels(d$arm))), "response")), 0)
}

naive_risk_bootstrap <- function(d, replicates) {
  t(replicate(replicates, {
    rows <- unlist(lapply(split(seq_len(nrow(d)), d$arm), function(i) i[sample.int(length(i), replace = TRUE)]))
    naive_risks(d[rows, ])
  }))
}
