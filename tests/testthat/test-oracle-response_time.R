test_that("curves and intervals are a product and a sum written out, with log(-log) limits from Greenwood's variance", {
  skip_if_not_installed("survival")
  set.seed(9)
  n <- 40
  d <- expand.grid(id = seq_len(n), month = c(0, 1, 3, 6, 9, 12))
  d$class <- factor(ifelse(d$month > 0 & runif(nrow(d)) < 0.2, "main", "none"), levels = c("none", "main"))
  d$class[sample(nrow(d), 60)] <- NA
  x <- response_time(class ~ month | id, d)
  p <- time_patients(x)
  curve <- time_curves(x)
  for (t in unique(p$time[p$ended == "response"])) {
    times <- sort(unique(p$time[p$ended == "response" & p$time <= t]))
    risk <- vapply(times, function(s) sum(p$time >= s), 0)
    events <- vapply(times, function(s) sum(p$time == s & p$ended == "response"), 0)
    s <- prod(1 - events / risk)
    spread <- sqrt(sum(events / (risk * (risk - events)))) / abs(log(s))
    row <- curve[curve$time == t, ]
    expect_equal(row$estimate, 1 - s, tolerance = 1e-12)
    expect_equal(row$low, 1 - s^exp(-stats::qnorm(0.975) * spread), tolerance = 1e-10)
    expect_equal(row$high, 1 - s^exp(stats::qnorm(0.975) * spread), tolerance = 1e-10)
  }
})
