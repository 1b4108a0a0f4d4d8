# Results made by hand, so that what is tested here needs no solver: base R gives the numbers.

# Long rows of `n` patients at the visits, the last patient without the last visit.
study_rows <- function(n = 12, visits = c("baseline", "month 3", "month 6"), arms = c("low", "high"),
                       outcomes = c("hb", "ferritin")) {
  i <- rep(seq_len(n), each = length(visits))
  v <- rep(seq_along(visits), n)
  wave <- function(k) ((i * 37 + v * 11 + k * 5) %% 17) / 10
  out <- data.frame(
    id = sprintf("P%02d", i), arm = factor(arms[(i - 1) %/% (n / length(arms)) + 1], levels = arms),
    visit = factor(visits[v], levels = visits)
  )
  for (k in seq_along(outcomes)) {
    out[[outcomes[k]]] <- round(c(8, 1500)[(k - 1) %% 2 + 1] * (1 + 0.05 * (v - 1)) + c(1,
      180)[(k - 1) %% 2 + 1] * wave(k), 1)
  }
  out[[outcomes[1]]][nrow(out)] <- NA
  out
}

# The input that compare_paired() would have made of these rows.
study_input <- function(rows = study_rows(), by = "arm") {
  outcomes <- setdiff(names(rows), c("id", "arm", "visit"))
  visits <- levels(rows$visit)
  group <- if (length(by)) rows[[by]] else factor(rep("all", nrow(rows)))
  first <- !duplicated(rows$id)
  ids <- rows$id[first][order(group[first])]
  at <- outer(ids, visits, function(i, v) match(paste(i, v), paste(rows$id, rows$visit)))
  new_input(
    kind = "long", outcomes = as.list(rows[outcomes]), before = NULL, rows = at, visits = visits, reference = 1L,
    contrasts = seq_along(visits)[-1], group_start = c(0L, cumsum(unname(tabulate(group[first])))),
    by = if (length(by)) stats::setNames(data.frame(factor(levels(group), levels = levels(group))),
      by) else data.frame(row.names = 1L),
    id_columns = list(rows$id), id_row = at[, 1],
    visit_note = "reference visit: baseline, taken for its name, 'baseline'",
    skipped = c(id = 0L, visit = 0L, by = 0L)
  )
}

# One row by t.test(), or by the Walsh averages and ranks of the changes (the limits are their range).
study_row <- function(change, method, scale) {
  n <- length(change)
  if (method == "t") {
    fit <- stats::t.test(change)
    d <- mean(change) / stats::sd(change)
    list(estimate = mean(change), std_error = stats::sd(change) / sqrt(n), conf_low = fit$conf.int[1],
      conf_high = fit$conf.int[2], conf_attained = NA_real_, conf_method = "t", statistic = unname(fit$statistic),
      df = n - 1, p_value = fit$p.value, distribution = NA_character_, effect_name = "d_z", effect = d,
      effect_low = d - 0.4, effect_high = d + 0.4)
  } else {
    walsh <- outer(change, change, "+")[lower.tri(diag(n), TRUE)] / 2
    rank_sum <- sum(rank(abs(change))[change > 0])
    z <- (rank_sum - n * (n + 1) / 4) / sqrt(n * (n + 1) * (2 * n + 1) / 24)
    list(estimate = stats::median(walsh), std_error = NA_real_, conf_low = min(walsh), conf_high = max(walsh),
      conf_attained = 0.9531, conf_method = "signed_rank_exact", statistic = rank_sum, df = NA_real_,
      p_value = 2 * stats::pnorm(-abs(z)), distribution = "exact", effect_name = "rank_biserial", effect = 0.5, effect_low = 0.1,
      effect_high = 0.8)
  }
}

# A whole result; `...` replaces columns, `settings` adds to the settings.
study_result <- function(..., rows = study_rows(), by = "arm", methods = "t", settings = list(),
  input = study_input(rows, by)) {
  changes <- input_changes(input)
  cells <- unique(changes[c("outcome", by, "contrast")])
  frames <- lapply(seq_len(nrow(cells)), function(i) {
    here <- Reduce(`&`, lapply(names(cells),
      function(name) as.character(changes[[name]]) == as.character(cells[[name]][i])))
    change <- changes$change[here]
    labels <- strsplit(as.character(cells$contrast[i]), " - ", fixed = TRUE)[[1]]
    group_size <- sum(as.character(rows$arm[!duplicated(rows$id)]) == as.character(cells[[by %||% "outcome"]][i]))
    do.call(rbind, lapply(methods, function(m) {
      data.frame(lapply(cells[i, , drop = FALSE], as.character), level = labels[1], reference = labels[2], method = m,
        alternative = "two.sided", null_value = 0, two_sided = "distance", n_pairs = length(change),
        n_dropped = if (length(by)) group_size - length(change) else length(unique(rows$id)) - length(change),
        n_zeros = sum(change == 0), n_ties = 0L,
        estimand = if (m == "t") "mean difference" else "pseudomedian difference",
        conf_level = 0.95, p_matches = TRUE, p_low = NA_real_, p_high = NA_real_, status = "ok", note = "",
        study_row(change, m), check.names = FALSE, stringsAsFactors = FALSE)
    }))
  })
  columns <- do.call(rbind, frames)
  replaced <- list(...)
  columns[names(replaced)] <- replaced
  columns$status <- status_factor(match(columns$status, status_table$word) - 1L)
  base <- list(family = "paired", by = by %||% character(), scale = "difference", conf_level = 0.95,
    alternative = "two.sided",
    p_adjust = "none", adjust_over = NULL, convention = "respondr", visit_note = input$visit_note, quantile_type = 7L,
    kind = input$kind)
  build_result(columns, "respondr_paired", utils::modifyList(base, settings),
    trace = data.frame(choice = c("convention", "pairing"), value = c("respondr", "by id"), detail = ""), input = input,
    call = quote(compare_paired(~ visit | id)))
}

# The before/after table of the same rows.
study_description <- function(rows = study_rows(), by = "arm", input = study_input(rows, by)) {
  changes <- input_changes(input)
  cells <- unique(changes[c("outcome", by, "contrast")])
  key <- function(d) do.call(paste, c(lapply(d[c("outcome", by, "contrast")], as.character), sep = "\r"))
  parts <- split(changes, factor(key(changes), key(cells)))
  figures <- function(v) {
    q <- stats::quantile(v, c(0.25, 0.75), names = FALSE)
    c(n = length(v), mean = mean(v), sd = stats::sd(v), median = stats::median(v), q1 = q[1], q3 = q[2], min = min(v),
      max = max(v))
  }
  out <- lapply(parts, function(p) {
    f <- unlist(lapply(c("before", "after", "change"), function(w) {
      v <- figures(p[[w]])
      stats::setNames(v, paste0(names(v), "_", w))
    }))
    percent <- 100 * p$change / p$before
    data.frame(n_pairs = nrow(p), n_dropped = 6L - nrow(p), as.list(f), percent_mean = mean(percent),
      percent_median = stats::median(percent), n_percent = nrow(p), correlation = stats::cor(p$before, p$after),
      outliers = 0L,
      skewness = 0.12, excess_kurtosis = -0.5, shapiro_p = 0.4321)
  })
  labels <- do.call(rbind, strsplit(as.character(cells$contrast), " - ", fixed = TRUE))
  columns <- data.frame(cells, level = factor(labels[, 1]), reference = factor(labels[, 2]), do.call(rbind, out),
    status = status_factor(rep(0L, nrow(cells))), note = note_factor(rep(0L, nrow(cells))), check.names = FALSE)
  row.names(columns) <- NULL
  structure(columns, class = c("respondr_description", "data.frame"),
    settings = list(family = "paired", by = by %||% character(), scale = "difference", quantile_type = 7L,
      kind = "long"), input = input)
}
