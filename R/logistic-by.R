# One model in each group: a table of the odds ratios of all.

logistic_by <- function(formula, data, columns, words, env, call) {
  data <- as_data(data, call)
  keep <- if (length(data)) subset_rows(columns$subset, data, env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  names <- select_columns(columns$by, data, env, "by", call)
  groups <- lapply(stats::setNames(nm = names), function(name) factor(data[[name]]))
  key <- interaction(groups, drop = TRUE, lex.order = TRUE)
  columns$subset <- NULL
  parts <- lapply(levels(key), function(k) {
    here <- which(key == k)
    rows <- tryCatch(group_rows(formula, data[here, , drop = FALSE], columns, words, env, call), respondr_error = identity)
    if (inherits(rows, "respondr_error")) {
      rlang::cnd_signal(rows)
    }
    for (name in names) rows[[name]] <- factor(rep(as.character(groups[[name]][here[1]]), length(rows$term)),
      levels = levels(groups[[name]]))
    rows
  })
  rows <- bind_parts(parts)
  build_result(rows, class = "respondr_odds", settings = list(family = "logistic", by = names,
    title = "Odds ratios, one model in each group", scale = "ratio", conf_level = words$conf_level, call_words = words,
    interval = words$interval, skipped = c(by = sum(is.na(key)))), call = call)
}

group_rows <- function(formula, data, columns, words, env, call) {
  fit <- logistic_model(formula, data, columns, words, env, call)
  rows <- odds_rows(fit, coefficient_rows(fit), fit$settings$steps, words$conf_level)
  if (fit$separation$verdict != "none") rows$note <- paste_notes(as.character(rows$note), separation_words(fit$separation))
  rows
}

bind_parts <- function(parts) do.call(rbind, lapply(parts, quick_frame))
