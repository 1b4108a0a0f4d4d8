# From models to the one table.

screen_table <- function(input, words, read, seed, call) {
  seed <- new_seed(seed, call)
  done <- FALSE
  on.exit(if (!done && !seed$given) restore_seed(seed))
  words$seed <- seed$value
  alone <- screen_models(input, words, read)
  full <- screen_model(input, input$labels)
  whole <- c(alone, if (words$multivariable) list("all together" = full))
  chosen <- screen_estimator(whole, words, call)
  solved <- lapply(alone, screen_fit, chosen$used, words, call)
  rows <- Map(screen_rows, alone, solved, "univariable", chosen$used, MoreArgs = list(words = words))
  kept <- screen_select(input, alone, solved, chosen$used, words, call)
  together <- if (words$multivariable && length(kept)) {
    model <- screen_model(input, kept)
    list(screen_rows(model, screen_fit(model, chosen$used, words, call), "multivariable", chosen$used, words))
  }
  described <- describe_terms(input, read, words)
  out <- bind_screen(described$rows, do.call(rbind, c(rows, together)), chosen$used, words)
  boot <- screen_bootstrap(input, words, chosen$used, call)
  drawn <- words$replicates > 0L || any(out$distribution %in% "monte_carlo")
  if (!drawn) restore_seed(seed)
  done <- TRUE
  out <- adjust_screen(out, words)
  settings <- screen_settings(input, words, chosen, kept, boot, drawn, seed)
  out <- build_result(c(list(outcome = constant_factor(input$outcome, nrow(out)), event = constant_factor(input$event, nrow(out))),
    out), class = "respondr_screen", settings = settings, trace = screen_trace(words, chosen), input = NULL, call = call)
  attr(out, "description") <- described$cells
  attr(out, "bootstrap") <- boot
  out
}

bind_screen <- function(described, fitted, estimator, words) {
  fitted$estimand <- "odds ratio"
  fitted$distribution <- NA_character_
  fitted$p_low <- fitted$p_high <- NA_real_
  fitted$conf_method <- if (words$interval == "wald") "wald" else if (estimator == "firth") "profile_penalised" else "profile"
  fitted$p_matches <- (words$interval == "wald") == (words$test == "wald")
  out <- rbind(described, fitted[names(described)])
  out$model <- factor(out$model, levels = c("description", "univariable", "multivariable"))
  out$term <- factor(out$term, levels = unique(out$term))
  out <- out[order(out$term, out$model), ]
  out$conf_method[is.na(out$conf_low)] <- NA_character_
  out$p_matches[is.na(out$conf_low)] <- NA
  out$conf_level <- words$conf_level
  out$alternative <- "two.sided"
  row.names(out) <- NULL
  out
}

adjust_screen <- function(out, words) {
  if (words$p_adjust == "none") {
    return(out)
  }
  over <- words$adjust_over %||% "model"
  family <- do.call(paste, c(lapply(setdiff(c("model", "term", "method"), over), function(name) out[[name]]), list(""), sep = "\r"))
  if (is.null(words$adjust_over)) family <- as.character(out$model)
  # A term of several coefficients counts once, by its joint test.
  several <- paste(out$term, out$model) %in% paste(out$term, out$model)[is.na(out$level) & !is.na(out$df) & out$df > 1]
  counts <- !(several & !is.na(out$level))
  out$p_adjusted <- NA_real_
  out$p_adjusted[counts] <- stats::ave(out$p_value[counts], family[counts],
    FUN = function(p) stats::p.adjust(p, words$p_adjust))
  out
}

screen_select <- function(input, alone, solved, estimator, words, call) {
  if (is.null(words$select)) {
    return(input$labels)
  }
  warn_input("selection", c(
    "Choosing predictors by their p-value uses the response twice.",
    x = "The p-values and intervals of the chosen are too good, and the model predicts worse than it looks.",
    i = if (!words$replicates) "`replicates = 1000` shows how often each is chosen, and what the whole procedure is worth."
  ), "select", call)
  term_p <- function(s) if (length(s$joint)) s$joint$p_value[1] else s$own$p_value[1]
  if (words$select_by == "univariable") {
    p <- vapply(solved, term_p, 0)
    return(input$labels[!is.na(p) & p <= words$select])
  }
  kept <- input$labels
  while (length(kept)) {
    model <- screen_model(input, kept)
    sets <- lapply(kept, function(term) which(model$term == term))
    p <- logistic_tests(screen_core(model), screen_options(estimator, words), sets, words$test, call = call)$p_value
    p[is.na(p)] <- 1
    if (all(p <= words$select)) break
    kept <- kept[-which.max(p)]
  }
  kept
}

screen_settings <- function(input, words, chosen, kept, boot, drawn, seed) {
  events <- round(sum(input$y * input$trials))
  parameters <- sum(input$assign > 0L)
  fewer <- min(events, input$n - events)
  list(
    family = "screen", title = "Predictors of the response", conf_level = words$conf_level, p_adjust = words$p_adjust,
    adjust_over = words$adjust_over %||% if (words$p_adjust != "none") "term", estimator = chosen$used, kept = kept,
    class_labels = class_labels(input), counts = c(input$n - events, events), select = words$select, seed = if (drawn) seed$value,
    replicates = if (length(boot)) words$replicates, same_patients = words$same_patients, mixed_scales = TRUE,
    lines = c(
      paste0("event: ", input$outcome, " = ", input$event, " (", format_count(events), " of ", format_count(input$n), ")"),
      screen_estimator_line(chosen, words), screen_dropped(input),
      if (length(input$constant)) paste0("no variation: ", paste(input$constant, collapse = ", ")),
      paste0("rarer response / parameters: ", fewer, " / ", parameters, " = ", format(round(fewer / parameters, 1))),
      screen_size_line(parameters, events / input$n, input$n),
      if (!is.null(words$select)) screen_select_line(words, kept)
    )
  )
}

# 0 and 1 alone say nothing as the head of a column.
class_labels <- function(input) {
  bare <- input$levels %in% c("0", "1", "TRUE", "FALSE")
  ifelse(bare, paste(input$outcome, "=", input$levels), input$levels)
}

screen_estimator_line <- function(chosen, words) {
  how <- if (chosen$used == "firth") "Firth's penalised likelihood" else "maximum likelihood"
  why <- if (length(chosen$separated)) {
    paste0(", because maximum likelihood has no estimate for ", paste(chosen$separated, collapse = ", "))
  } else if (words$method == "auto") {
    " (nothing separates the response)"
  }
  paste0("all odds ratios by ", how, why)
}

screen_size_line <- function(parameters, prevalence, n) {
  if (!(prevalence > 0 && prevalence < 1)) {
    return(NULL)
  }
  highest <- screen_sizes(1, prevalence, 0.01, 0.9, 0.05, 0.05, NA_real_, NA_real_)$max_r2
  sizes <- screen_sizes(parameters, prevalence, 0.15 * highest, 0.9, 0.05, 0.05, NA_real_, NA_real_)
  need <- max(sizes$shrinkage, sizes$optimism, sizes$risk)
  paste0("a model of ", parameters, " parameter", if (parameters != 1L) "s", " asks for ", format_count(need),
    " patients (Riley et al. 2020, 15 % of the largest R2); here are ", format_count(n))
}

screen_select_line <- function(words, kept) {
  rule <- if (words$select_by == "univariable") "own p at most " else "backward elimination, p at most "
  paste0("chosen by ", rule, format(words$select), ": ", if (length(kept)) paste(kept, collapse = ", ") else "none",
    "; their p-values and intervals do not allow for the choice")
}

screen_trace <- function(words, chosen) {
  choice <- function(name, value, detail = "") c(name, value, detail)
  trace_table(list(
    choice("estimator", chosen$used, paste("asked:", words$method)), choice("test", words$test), choice("interval", words$interval),
    choice("numeric predictors", words$numeric_test, "by response"), choice("factors", words$factor_test, "by response"),
    choice("patients", if (words$same_patients) "the same in all models" else "each predictor its own"),
    choice("selection", if (is.null(words$select)) "none" else paste(words$select_by, words$select)),
    choice("adjustment", words$p_adjust, paste(words$adjust_over, collapse = ", "))
  ))
}
