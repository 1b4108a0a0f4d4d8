# One model in each group: a table of the odds ratios of all.

logistic_by <- function(formula, data, columns, words, env, call) {
  data <- as_data(data, call)
  keep <- if (length(data)) subset_rows(columns$subset, data, env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  names <- select_columns(columns$by, data, env, "by", call)
  groups <- lapply(stats::setNames(nm = names), function(name) factor(data[[name]]))
  key <- interaction(groups, drop = TRUE, lex.order = TRUE)
  columns$subset <- NULL
  whole <- predictor_input(formula, data, NULL, columns$weights, columns$offset, words$event, words$reference,
    "binary", env, call,
    leave_out = names)
  asked <- group_formula(whole, formula, data, words)
  parts <- lapply(levels(key), function(k) {
    here <- which(key == k)
    rows <- group_rows(asked, here, whole, columns, words, env, call)
    for (name in names) rows[[name]] <- factor(rep(as.character(groups[[name]][here[1]]), length(rows$term)),
      levels = levels(groups[[name]]))
    rows
  })
  build_result(bind_parts(parts), class = "respondr_odds", settings = list(family = "logistic", by = names,
    title = "Odds ratios, one model in each group", scale = "ratio", conf_level = words$conf_level, call_words = words,
    interval = words$interval, skipped = c(by = sum(is.na(key)))), call = call)
}

# The response is read once, over all groups: a group may lack the event, or have nothing else.
group_formula <- function(whole, formula, data, words) {
  if (any(whole$trials != 1)) {
    return(list(formula = formula, data = data, event = words$event))
  }
  y <- rep(NA_real_, nrow(data))
  y[whole$rows] <- whole$y
  data$.respondr_y <- y
  rhs <- stats::formula(whole$terms)
  list(formula = stats::as.formula(call("~", as.name(".respondr_y"), rhs[[length(rhs)]]), attr(whole$terms, ".Environment")),
    data = data, event = 1)
}

group_rows <- function(asked, here, whole, columns, words, env, call) {
  own <- words
  own["event"] <- list(asked$event)
  fit <- tryCatch(logistic_model(asked$formula, asked$data[here, , drop = FALSE], columns, own, env, call),
    respondr_error_no_rows = function(cnd) NULL)
  if (is.null(fit)) {
    return(empty_group(whole, words))
  }
  fit$input[c("outcome", "event", "levels")] <- whole[c("outcome", "event", "levels")]
  rows <- odds_rows(fit, coefficient_rows(fit), fit$settings$steps, words$conf_level)
  if (fit$separation$verdict != "none") rows$note <- paste_notes(as.character(rows$note),
    rep(separation_words(fit$separation), length(rows$term)))
  rows
}

# A group without a complete row.
empty_group <- function(whole, words) {
  whole$frame <- whole$frame[0, , drop = FALSE]
  whole$x <- whole$x[0, , drop = FALSE]
  whole[c("y", "trials", "weights", "rows")] <- list(numeric(), numeric(), NULL, integer())
  problem <- list(x = whole$x, y = numeric())
  part <- logistic_empty(problem, "ml", "no_data")
  method <- if (words$method == "auto") "ml" else words$method
  fit <- new_logistic(part, problem, whole, list(verdict = "none", one_class = TRUE), method, words, NULL, NULL)
  fit$method <- if (method == "exact") "ml" else method
  odds_rows(fit, logistic_coefficients(fit), words$steps, words$conf_level)
}

bind_parts <- function(parts) do.call(rbind, lapply(parts, quick_frame))
