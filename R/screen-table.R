# The models of a screen: each predictor alone, and all together.

# data of one model: columns of x with the intercept first, and the rows they stand for.
screen_model <- function(input, terms) {
  columns <- which(input$assign %in% c(0L, match(terms, input$labels)))
  list(x = input$x[, columns, drop = FALSE], y = input$y, weight = model_weight(input), offset = input$offset,
    term = c("", input$labels)[input$assign[columns] + 1L], input = input, columns = columns)
}

model_weight <- function(input) {
  weight <- input$trials * (input$weights %||% 1)
  if (all(weight == 1)) NULL else as.double(weight)
}

screen_core <- function(model) model[c("x", "y", "weight", "offset")]

screen_options <- function(estimator, words) list(estimator = estimator, threads = words$threads)

# Every model of the table, its predictors alone first.
screen_models <- function(input, words, read) {
  alone <- lapply(input$labels, function(term) {
    own <- if (words$same_patients) input else read(one_term(words$formula, term))
    screen_model(own, term)
  })
  stats::setNames(alone, input$labels)
}

one_term <- function(formula, term) {
  out <- formula
  out[[3]] <- str2lang(term)
  out
}

# One estimator for the whole table.
screen_estimator <- function(models, words, call) {
  if (words$method != "auto") {
    return(list(used = words$method, separated = character()))
  }
  status <- vapply(models, function(m) logistic_fit(screen_core(m), screen_options("ml", words), call)$status, "")
  bad <- status %in% c("separated", "not_converged", "one_level")
  list(used = if (any(bad)) "firth" else "ml", separated = names(models)[bad])
}

# A model's rows: one a coefficient, and one for each term of several coefficients.
screen_fit <- function(model, estimator, words, call) {
  core <- screen_core(model)
  options <- screen_options(estimator, words)
  fit <- logistic_fit(core, options, call)
  at <- seq_along(model$term)[-1L]
  limits <- logistic_limits(core, options, at, words$conf_level, words$interval, call)
  own <- logistic_tests(core, options, as.list(at), words$test, call = call)
  sets <- split(at, factor(model$term[at], levels = unique(model$term[at])))
  sets <- sets[lengths(sets) > 1L]
  joint <- if (length(sets)) logistic_tests(core, options, unname(sets), words$test, call = call)
  out <- list(fit = fit, at = at, limits = limits, own = own, sets = sets, joint = joint)
  if (one_class(model)) no_odds(out) else out
}

one_class <- function(model) {
  weight <- model$weight %||% rep(1, length(model$y))
  events <- sum(weight * model$y)
  events <= 0 || events >= sum(weight)
}

# Where everybody or nobody has the event, Firth's estimate is finite and says nothing.
no_odds <- function(solved) {
  solved$fit$status <- "one_level"
  solved$fit$beta[] <- NA_real_
  solved$fit$vcov[] <- NA_real_
  solved$limits$low <- solved$limits$high <- NA_real_
  for (part in intersect(c("own", "joint"), names(solved)[lengths(solved) > 0L])) {
    solved[[part]]$statistic <- solved[[part]]$p_value <- NA_real_
    solved[[part]]$status <- "one_level"
  }
  solved
}

screen_rows <- function(model, solved, label, estimator, words) {
  input <- model$input
  columns <- predictor_columns(input)[model$columns, ]
  at <- solved$at
  step <- rep(1, length(at))
  given <- match(columns$term[at], names(words$steps))
  step[!is.na(given)] <- words$steps[given[!is.na(given)]]
  bounds <- cbind(solved$limits$low * step, solved$limits$high * step)
  p <- length(model$term)
  out <- data.frame(
    term = columns$term[at], level = ifelse(step != 1, paste("per", format_numbers(step)), columns$level[at]),
    reference = columns$reference[at], model = label, method = estimator, estimate = unname(exp(solved$fit$beta[at] * step)),
    std_error = abs(step) * sqrt(solved$fit$vcov[cbind(at, at)]), conf_low = exp(pmin(bounds[, 1], bounds[, 2])),
    conf_high = exp(pmax(bounds[, 1], bounds[, 2])), statistic = solved$own$statistic, df = solved$own$df,
    p_value = solved$own$p_value, status = screen_status(solved, at), note = "", stringsAsFactors = FALSE
  )
  blank <- is.na(out$level) & out$term %in% names(solved$sets)
  out$level[blank] <- columns$column[at][blank]
  if (length(solved$sets)) out <- rbind(out, joint_rows(solved, label, estimator))
  out <- out[order(match(out$term, unique(model$term)), !is.na(out$level)), ]
  beyond <- is.finite(out$std_error) & out$estimate %in% c(0, Inf)
  out$note[beyond] <- "the odds ratio of one unit is beyond the range of numbers: give `steps`"
  out$n <- input$n
  out$n_dropped <- input$n_dropped
  out$events <- as.integer(round(sum(input$y * input$trials)))
  out
}

screen_status <- function(solved, at) {
  status <- ifelse(solved$fit$status == "ok", solved$own$status, solved$fit$status)
  unname(ifelse(solved$fit$kept[at], status, "rank_deficient"))
}

joint_rows <- function(solved, label, estimator) {
  k <- length(solved$sets)
  blank <- rep(NA_real_, k)
  data.frame(term = names(solved$sets), level = NA_character_, reference = NA_character_, model = label, method = estimator,
    estimate = blank, std_error = blank, conf_low = blank, conf_high = blank, statistic = solved$joint$statistic,
    df = solved$joint$df, p_value = solved$joint$p_value, status = solved$joint$status, note = "",
    stringsAsFactors = FALSE)
}
