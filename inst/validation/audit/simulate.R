# Tables of random data as a paper would print them, and errors planted in them. Sourced by run.R and by the tests.

print_number <- function(x, digits, half) {
  scaled <- abs(x) * 10^digits
  rounded <- if (half == "up") floor(scaled + 0.5) else round(scaled)
  formatC(sign(x) * rounded / 10^digits, format = "f", digits = digits)
}

print_p <- function(p, digits, half) if (p < 0.001 && stats::runif(1) < 0.5) "<0.001" else print_number(p, digits, half)

audit_types <- c("t", "student", "welch", "z", "anova", "rm_anova", "pearson", "subgroups", "ls_means")

# One data set, and its printed figures. Values are rounded to one decimal, so that means stand on ties of rounding.
random_table <- function(type, half, divisor) {
  k <- switch(type, anova = sample(3:5, 1), rm_anova = sample(2:4, 1), subgroups = 3L, 2L)
  n <- sample(3:40, k, TRUE)
  same <- type %in% c("t", "rm_anova", "pearson")
  if (same) n <- rep(n[1], k)
  base <- stats::rnorm(n[1], sd = stats::runif(1, 0, 3))
  y <- lapply(n, function(m) {
    round(20 + stats::rnorm(1) + stats::rnorm(m) * stats::runif(1, 0.5, 3) + if (same) base else 0, 1)
  })
  digits <- sample(0:3, 1)
  spread <- function(v) stats::sd(v) * if (divisor == "n") sqrt((length(v) - 1) / length(v)) else 1
  group <- rep(seq_along(y), n)
  p <- switch(type,
    t = stats::t.test(y[[1]], y[[2]], paired = TRUE)$p.value,
    student = stats::t.test(y[[1]], y[[2]], var.equal = TRUE)$p.value,
    welch = stats::t.test(y[[1]], y[[2]])$p.value,
    z = 2 * stats::pnorm(-abs(diff(vapply(y, mean, 0))) / sqrt(sum(vapply(y, stats::var, 0) / n))),
    anova = stats::oneway.test(unlist(y) ~ group, var.equal = TRUE)$p.value, NA)
  out <- list(type = type, n = n, mean = vapply(y, function(v) print_number(mean(v), digits, half), ""),
    sd = vapply(y, function(v) print_number(spread(v), digits, half), ""), sd_divisor = divisor)
  p_digits <- sample(1:4, 1)
  if (type == "rm_anova") {
    rows <- data.frame(y = unlist(y), visit = factor(group), id = factor(rep(seq_len(n[1]), k)))
    fit <- stats::anova(stats::lm(y ~ id + visit, rows))
    out$f <- print_number(fit["visit", "F value"], 2L, half)
    p <- fit["visit", "Pr(>F)"]
  }
  if (type == "pearson") {
    test <- stats::cor.test(y[[1]], y[[2]])
    out$r <- print_number(test$estimate, 2L, half)
    p <- test$p.value
  }
  if (type == "subgroups") out$whole <- c(print_number(mean(unlist(y)), digits, half),
    print_number(spread(unlist(y)), digits, half))
  if (type == "ls_means") {
    se <- vapply(y, stats::sd, 0) / sqrt(n)
    m <- vapply(y, mean, 0)
    limits <- lapply(c(-1, 1), function(s) m + s * stats::qnorm(0.975) * se)
    out$low <- vapply(limits[[1]], print_number, "", digits, half)
    out$high <- vapply(limits[[2]], print_number, "", digits, half)
    p <- 2 * stats::pnorm(-abs(diff(m)) / sqrt(sum(se^2)))
  }
  if (!is.na(p)) out$p <- print_p(p, p_digits, half)
  out
}

# The checks of a table under its own test; subgroups: all three against the whole, and two of three.
audit_random_table <- function(x, divisor = c("n-1", "n")) {
  switch(x$type,
    t = respondr::audit_paired(x$n[1], x$mean[1], x$sd[1], x$mean[2], x$sd[2], x$p, sd_divisor = divisor),
    anova = respondr::audit_anova(x$n, x$mean, x$sd, x$p, sd_divisor = divisor),
    rm_anova = respondr::audit_rm(x$n[1], x$mean, x$sd, x$f, x$p),
    pearson = respondr::audit_correlation(x$r, x$n[1], x$p),
    subgroups = rbind(
      respondr::audit_subgroups(x$n, x$mean, x$sd, sum(x$n), x$whole[1], x$whole[2]),
      respondr::audit_subgroups(x$n[1:2], x$mean[1:2], x$sd[1:2], sum(x$n), x$whole[1], x$whole[2])),
    ls_means = respondr::audit_ls_means(x$mean, x$low, x$high, x$p),
    respondr::audit_groups(x$n, x$mean, x$sd, x$p, test = x$type, sd_divisor = divisor))
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

# One error in a table; NULL where it cannot be planted. `other` gives the P for an exchange.
plant_error <- function(x, error, other) {
  digits <- nchar(sub("^[^.]*\\.?", "", x$sd[1]))
  if (error == "digits of a mean swapped") x$mean[1] <- swap_digits(x$mean[1])
  if (error == "digits of P swapped") x$p <- if (startsWith(x$p, "<")) NA else swap_digits(x$p)
  if (error == "standard error in place of the SD") {
    x$sd <- formatC(as.double(x$sd) / sqrt(x$n), format = "f", digits = digits)
  }
  if (error == "P of two rows exchanged") x$p <- if (identical(x$p, other$p)) NA else other$p
  figures <- c(x$mean, x$sd, x$p)
  if (anyNA(figures) || !is.na(suppressWarnings(as.double(x$p))) && as.double(x$p) > 1) NULL else x
}
