# Naive rank tests: every arrangement of the values within patients, statistics as textbooks print them.

rank_table <- function(m) t(apply(m, 1, rank, na.last = "keep"))

naive_friedman <- function(m) {
  r <- rank_table(m)
  n <- nrow(m)
  k <- ncol(m)
  ties <- sum(apply(r, 1, function(x) sum(table(x)^3 - table(x))))
  12 * sum((colSums(r) - n * (k + 1) / 2)^2) / (n * k * (k + 1) - ties / (k - 1))
}

naive_quade <- function(m) {
  r <- rank_table(m)
  q <- rank(signif(apply(m, 1, max) - apply(m, 1, min), 12))
  s <- q * (r - (ncol(m) + 1) / 2)
  a <- sum(s^2)
  b <- sum(colSums(s)^2) / nrow(m)
  (nrow(m) - 1) * b / (a - b)
}

naive_page <- function(m) sum(seq_len(ncol(m)) * colSums(rank_table(m)))

naive_skillings_mack <- function(m) {
  m <- m[rowSums(!is.na(m)) > 1, , drop = FALSE]
  r <- rank_table(m)
  size <- rowSums(!is.na(m))
  centred <- sqrt(12 / (size + 1)) * (r - (size + 1) / 2)
  a <- colSums(centred, na.rm = TRUE)
  seen <- !is.na(m)
  s <- -crossprod(seen)
  diag(s) <- 0
  diag(s) <- -rowSums(s)
  e <- eigen(s, symmetric = TRUE)
  keep <- e$values > 1e-9
  sum((t(e$vectors[, keep, drop = FALSE]) %*% a)^2 / e$values[keep])
}

permutations_of <- function(x) {
  if (length(x) < 2L) {
    return(list(x))
  }
  unlist(lapply(seq_along(x), function(i) lapply(permutations_of(x[-i]), function(p) c(x[i], p))), recursive = FALSE)
}

# P(statistic >= observed) over all arrangements of the values that are there.
naive_exact <- function(m, statistic) {
  rows <- lapply(seq_len(nrow(m)), function(i) {
    there <- which(!is.na(m[i, ]))
    lapply(permutations_of(m[i, there]), function(p) replace(m[i, ], there, p))
  })
  grid <- expand.grid(lapply(rows, seq_along))
  values <- apply(grid, 1, function(at) statistic(do.call(rbind, Map(`[[`, rows, at))))
  mean(values >= statistic(m) - 1e-9 * (1 + abs(statistic(m))))
}

# Long rows of a patients x visits matrix, in any order.
long_rows <- function(m, shuffle = FALSE) {
  out <- data.frame(id = rep(seq_len(nrow(m)), ncol(m)), visit = rep(seq_len(ncol(m)), each = nrow(m)), y = as.vector(m))
  if (shuffle) out <- out[order((seq_len(nrow(out)) * 7919) %% 101), ]
  out
}
