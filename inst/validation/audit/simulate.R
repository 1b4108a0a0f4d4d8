# Tables of random data as a paper would print them, and errors planted in them. Sourced by run.R and by the tests.

print_number <- function(x, digits, half) {
  scaled <- abs(x) * 10^digits
  rounded <- if (half == "up") floor(scaled + 0.5) else round(scaled)
  formatC(sign(x) * rounded / 10^digits, format = "f", digits = digits)
}

print_p <- function(p, digits, half) if (p < 0.001 && stats::runif(1) < 0.5) "<0.001" else print_number(p, digits, half)

means_types <- c("t", "student", "welch", "z", "anova", "welch_anova")
audit_types <- c(means_types, "t one-sided", "student one-sided", "welch one-sided", "rm_anova", "greenhouse_geisser",
  "pearson", "fisher_z", "pearson one-sided", "subgroups", "ls_means", "odds", "odds one-sided", "chisq", "chisq_yates",
  "n1_chisq", "g", "fisher", "fisher one-sided", "chisq r x c", "fisher r x c", "percent", "total", "grim", "debit", "table")

# Only means and SDs know what an SD is divided by.
audit_grid <- function() {
  grid <- expand.grid(type = audit_types, half = c("up", "even"), divisor = c("n-1", "n"), stringsAsFactors = FALSE)
  by_n <- c(means_types, "t one-sided", "student one-sided", "welch one-sided", "grim", "debit", "table")
  grid[grid$divisor == "n-1" | grid$type %in% by_n, ]
}

spread_of <- function(v, divisor) stats::sd(v) * if (divisor == "n") sqrt((length(v) - 1) / length(v)) else 1

# One data set, and its printed figures. Values are rounded to one decimal, so that means stand on ties of rounding.
random_table <- function(type, half, divisor) {
  side <- if (endsWith(type, "one-sided")) sample(c("less", "greater"), 1) else "two.sided"
  word <- sub(" one-sided", "", type)
  maker <- if (word %in% c("odds", "chisq", "chisq_yates", "n1_chisq", "g", "fisher", "percent", "total")) random_counts else
    if (endsWith(word, "r x c")) random_large else if (word %in% c("grim", "debit")) random_whole else
      if (word == "table") random_printed_table else random_means
  c(list(type = type, word = word, sd_divisor = divisor, alternative = side), maker(word, half, divisor, side))
}

random_values <- function(word) {
  k <- switch(word, anova = , welch_anova = sample(2:5, 1), rm_anova = , greenhouse_geisser = sample(2:4, 1),
    subgroups = 3L, 2L)
  n <- sample(3:40, k, TRUE)
  same <- word %in% c("t", "rm_anova", "greenhouse_geisser", "pearson", "fisher_z")
  if (same) n <- rep(max(n[1], if (word == "fisher_z") 4 else 3), k)
  base <- stats::rnorm(n[1], sd = stats::runif(1, 0, 3))
  lapply(n, function(m) {
    round(20 + stats::rnorm(1) + stats::rnorm(m) * stats::runif(1, 0.5, 3) + if (same) base else 0, 1)
  })
}

# P of the named test; `side` of the last group against the first.
p_of_values <- function(y, word, side) {
  group <- rep(seq_along(y), lengths(y))
  if (word %in% c("t", "student", "welch") && max(vapply(y, stats::sd, 0)) == 0) return(NA)
  switch(word,
    t = if (stats::sd(y[[2]] - y[[1]]) > 0) stats::t.test(y[[2]], y[[1]], paired = TRUE, alternative = side)$p.value else NA,
    student = stats::t.test(y[[2]], y[[1]], var.equal = TRUE, alternative = side)$p.value,
    welch = stats::t.test(y[[2]], y[[1]], alternative = side)$p.value,
    z = 2 * stats::pnorm(-abs(diff(vapply(y, mean, 0))) / sqrt(sum(vapply(y, stats::var, 0) / lengths(y)))),
    anova = stats::oneway.test(unlist(y) ~ group, var.equal = TRUE)$p.value,
    welch_anova = stats::oneway.test(unlist(y) ~ group)$p.value, NA)
}

random_means <- function(word, half, divisor, side) {
  y <- random_values(word)
  n <- lengths(y)
  digits <- sample(0:3, 1)
  p <- p_of_values(y, word, side)
  out <- list(n = n, mean = vapply(y, function(v) print_number(mean(v), digits, half), ""),
    sd = vapply(y, function(v) print_number(spread_of(v, divisor), digits, half), ""))
  if (word %in% c("rm_anova", "greenhouse_geisser")) {
    k <- length(y)
    rows <- data.frame(y = unlist(y), visit = factor(rep(seq_along(y), n)), id = factor(rep(seq_len(n[1]), k)))
    fit <- stats::anova(stats::lm(y ~ id + visit, rows))
    out$f <- print_number(fit["visit", "F value"], 2L, half)
    epsilon <- if (word == "greenhouse_geisser") greenhouse_geisser(do.call(cbind, y)) else 1
    if (epsilon < 1 && stats::runif(1) < 0.5) out$epsilon <- print_number(epsilon, 3L, half)
    p <- stats::pf(fit["visit", "F value"], epsilon * (k - 1), epsilon * (k - 1) * (n[1] - 1), lower.tail = FALSE)
  }
  if (word %in% c("pearson", "fisher_z")) {
    test <- stats::cor.test(y[[1]], y[[2]], alternative = side)
    out$r <- print_number(test$estimate, 2L, half)
    p <- if (word == "pearson") test$p.value else 2 * stats::pnorm(-abs(atanh(test$estimate)) * sqrt(n[1] - 3))
  }
  if (word == "subgroups") out$whole <- c(print_number(mean(unlist(y)), digits, half),
    print_number(spread_of(unlist(y), divisor), digits, half))
  if (word == "ls_means") {
    se <- vapply(y, stats::sd, 0) / sqrt(n)
    m <- vapply(y, mean, 0)
    limits <- lapply(c(-1, 1), function(s) m + s * stats::qnorm(0.975) * se)
    out$low <- vapply(limits[[1]], print_number, "", digits, half)
    out$high <- vapply(limits[[2]], print_number, "", digits, half)
    p <- 2 * stats::pnorm(-abs(diff(m)) / sqrt(sum(se^2)))
  }
  if (!is.na(p)) out$p <- print_p(p, sample(1:4, 1), half)
  out
}

greenhouse_geisser <- function(y) {
  k <- ncol(y)
  centre <- diag(k) - 1 / k
  s <- centre %*% stats::cov(y) %*% centre
  sum(diag(s))^2 / ((k - 1) * sum(s^2))
}

random_counts <- function(word, half, divisor, side) {
  n <- sample(5:80, 2, TRUE)
  a <- stats::rbinom(2, n, stats::runif(2, 0.1, 0.9))
  a <- pmin(pmax(a, 1), n - 1)
  counts <- cbind(a, n - a)
  e <- outer(rowSums(counts), colSums(counts)) / sum(counts)
  x2 <- sum((counts - e)^2 / e)
  tail <- function(x) stats::pchisq(x, 1, lower.tail = FALSE)
  log_or <- log(counts[1, 1] * counts[2, 2] / counts[1, 2] / counts[2, 1])
  se <- sqrt(sum(1 / counts))
  digits <- sample(1:4, 1)
  p <- switch(word, chisq = tail(x2), n1_chisq = tail(x2 * (sum(n) - 1) / sum(n)),
    chisq_yates = suppressWarnings(stats::chisq.test(counts)$p.value), g = tail(2 * sum(counts * log(counts / e))),
    fisher = stats::fisher.test(counts, alternative = side)$p.value,
    odds = if (side == "two.sided") 2 * stats::pnorm(-abs(log_or / se)) else
      stats::pnorm(log_or / se, lower.tail = side == "less"), NA)
  out <- list(counts = counts, n = n, percent = vapply(100 * a / n, print_number, "", digits - 1, half))
  if (!is.na(p)) out$p <- print_p(p, digits, half)
  limits <- exp(log_or + c(0, -1, 1) * stats::qnorm(0.975) * se)
  out$ratio <- vapply(limits, print_number, "", sample(2:3, 1), half)
  if (word == "total") {
    parts <- as.vector(stats::rmultinom(1, n[1], c(0.3, 0.5, 0.2)))
    out$parts <- vapply(100 * parts / n[1], print_number, "", digits - 1, half)
  }
  out
}

random_large <- function(word, half, divisor, side) {
  repeat {
    counts <- matrix(stats::rpois(6, stats::runif(6, 2, 12)), 2)
    if (all(rowSums(counts) > 0) && all(colSums(counts) > 0)) break
  }
  p <- if (word == "fisher r x c") stats::fisher.test(counts)$p.value else
    suppressWarnings(stats::chisq.test(counts)$p.value)
  list(counts = counts, p = print_p(p, sample(1:4, 1), half))
}

random_whole <- function(word, half, divisor, side) {
  n <- sample(2:60, 1)
  items <- if (word == "grim") sample(1:3, 1) else 1
  top <- if (word == "debit") 1 else 7
  y <- replicate(items, sample(if (top == 1) 0:1 else 1:7, n, TRUE, if (top == 1) c(0.6, 0.4)))
  y <- rowMeans(matrix(y, n))
  digits <- sample(1:3, 1)
  list(n = n, items = items, mean = print_number(mean(y), digits, half),
    sd = print_number(spread_of(y, divisor), digits, half))
}

# Two arms: counts with percentages, means with SDs, P of each, as one data frame.
random_printed_table <- function(word, half, divisor, side) {
  x <- random_means("student", half, divisor, side)
  n <- x$n
  a <- stats::rbinom(2, n, 0.5)
  a <- pmin(pmax(a, 1), n - 1)
  p <- stats::fisher.test(cbind(a, n - a))$p.value
  list(data = data.frame(variable = c("n", "event", "value"), level = NA, statistic = c("count", "count (%)", "mean (SD)"),
    a = c(n[1], paste0(a[1], " (", print_number(100 * a[1] / n[1], 1, half), "%)"), paste0(x$mean[1], " (", x$sd[1], ")")),
    b = c(n[2], paste0(a[2], " (", print_number(100 * a[2] / n[2], 1, half), "%)"), paste0(x$mean[2], " (", x$sd[2], ")")),
    p_value = c(NA, print_p(p, 3, half), if (is.null(x[["p"]])) NA else x[["p"]])))
}

# The checks of a table under its own test; subgroups: all three against the whole, and two of three.
audit_random_table <- function(x, divisor = c("n-1", "n")) {
  p <- if (is.null(x[["p"]])) NA_character_ else x[["p"]]
  switch(x$word,
    t = respondr::audit_paired(x$n[1], x$mean[1], x$sd[1], x$mean[2], x$sd[2], p, sd_divisor = divisor,
      alternative = x$alternative),
    anova = , welch_anova = respondr::audit_anova(x$n, x$mean, x$sd, p, test = x$word, sd_divisor = divisor),
    rm_anova = , greenhouse_geisser = respondr::audit_rm(x$n[1], x$mean, x$sd, x$f, p, test = x$word, epsilon = x$epsilon),
    pearson = , fisher_z = respondr::audit_correlation(x[["r"]], x$n[1], p, test = x$word, alternative = x$alternative),
    subgroups = rbind(
      respondr::audit_subgroups(x$n, x$mean, x$sd, sum(x$n), x$whole[1], x$whole[2]),
      respondr::audit_subgroups(x$n[1:2], x$mean[1:2], x$sd[1:2], sum(x$n), x$whole[1], x$whole[2])),
    ls_means = respondr::audit_ls_means(x$mean, x$low, x$high, p),
    odds = respondr::audit_odds(x$ratio[1], x$ratio[2], x$ratio[3], p, alternative = x$alternative),
    percent = rbind(respondr::audit_percent(x$counts[, 1], x$n, x$percent), respondr::audit_percent(n = x$n,
      percent = x$percent), respondr::audit_percent(x$counts[, 1], percent = x$percent)),
    total = respondr::audit_total(x$parts, "100"),
    grim = respondr::audit_grim(x$mean, x$sd, x$n, items = x$items, scale = c(1, 7),
      sd_denominator = x$sd_divisor),
    debit = respondr::audit_grim(x$mean, x$sd, x$n, binary = TRUE, sd_denominator = x$sd_divisor),
    table = respondr::audit_table(x$data, tests = list(counts = "fisher", means = "student"), seed = 1),
    student = , welch = , z = respondr::audit_groups(x$n, x$mean, x$sd, p, test = x$word, sd_divisor = divisor,
      alternative = x$alternative),
    respondr::audit_counts(x$counts, p, test = sub(" r x c", "", x$word), alternative = x$alternative))
}

refuted <- function(audit) any(audit$verdict %in% c("not reproducible by the named test", "impossible"))

# Two neighbouring unequal digits of a figure change places.
swap_digits <- function(text) {
  digit <- strsplit(text, "")[[1]]
  is_digit <- grepl("[0-9]", digit)
  at <- which(is_digit[-1] & is_digit[-length(digit)] & digit[-1] != digit[-length(digit)])
  if (!length(at)) {
    return(NA_character_)
  }
  at <- at[sample.int(length(at), 1)]
  digit[c(at, at + 1L)] <- digit[c(at + 1L, at)]
  paste(digit, collapse = "")
}

planted_errors <- c("digits of the first figure swapped", "digits of P swapped", "standard error in place of the SD",
  "P of two rows exchanged", "one patient more in a count")

# One error in a table; NULL where it cannot be planted. `other` gives the P for an exchange.
plant_error <- function(x, error, other) {
  first <- switch(x$word, pearson = "r", odds = "ratio", percent = "percent", t = , student = , welch = , z = , anova = ,
    welch_anova = , grim = "mean", NA)
  counts <- x$word %in% c("chisq", "chisq_yates", "fisher", "percent")
  possible <- switch(match(error, planted_errors), !is.na(first), !is.null(x[["p"]]) && !x$word %in% c("percent", "grim"),
    x$word %in% c(means_types, "grim"), !is.null(x[["p"]]) && !is.null(other[["p"]]) &&
      !identical(x[["p"]], other[["p"]]), counts)
  if (!possible) return(NULL)
  if (error == planted_errors[1]) x[[first]][1] <- swap_digits(x[[first]][1])
  if (error == planted_errors[2]) x[["p"]] <- if (startsWith(x[["p"]], "<")) NA else swap_digits(x[["p"]])
  if (error == planted_errors[3]) {
    digits <- nchar(sub("^[^.]*\\.?", "", x$sd[1]))
    x$sd <- formatC(as.double(x$sd) / sqrt(x$n), format = "f", digits = digits)
  }
  if (error == planted_errors[4]) x[["p"]] <- other[["p"]]
  if (error == planted_errors[5]) {
    if (x$counts[1, 2] < 2) return(NULL)
    x$counts[1, ] <- x$counts[1, ] + c(1, -1)
  }
  value <- suppressWarnings(as.double(c(x[["p"]], if (x$word == "percent") as.double(x$percent) / 100, x[["r"]])))
  if (anyNA(c(x[[if (is.na(first)) "word" else first]], x[["p"]])) || any(value > 1, na.rm = TRUE)) NULL else x
}
