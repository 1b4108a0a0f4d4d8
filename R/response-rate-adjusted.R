# Adjusted differences and ratios of response_rate(): a logistic model, g-computation, and the variance asked for.

response_adjusted_rows <- function(input, cells, words, call) {
  check_adjust_terms(words$adjust, input, call)
  unknown <- setdiff(all.vars(words$adjust), names(input$data))
  if (length(unknown)) {
    stop_input("column", paste0("`adjust` names ", quoted(unknown), ", which is not in `data`."), "adjust", call)
  }
  for (name in all.vars(words$adjust)) check_covariate(input$data[[name]], name, call)
  lapply(seq_len(nrow(cells$grid)), function(i) {
    at <- cells$grid[i, ]
    y <- response_value(input, at$counted, words$missing[at$missing])
    use <- which(input$whole & input$code == at$group)
    frame <- input$data[use, all.vars(words$adjust), drop = FALSE]
    frame$.response <- y[use]
    frame$.arm <- input$arm[use]
    if (!is.null(input$stratum)) frame$.stratum <- input$stratum[use]
    one <- list(grid = at)
    rows <- response_standardised(frame, words, i, call)
    m <- length(rows$estimate)
    c(response_labels(input, one, words, m), rows)
  })
}

check_covariate <- function(x, name, call) {
  bad <- if (is.numeric(x)) which(is.infinite(x))
  if (length(bad)) {
    stop_input("outcome", c(paste0("Covariate `", name, "` is infinite in row ", bad[1], "."),
      i = "Set what was not measured to NA."), "adjust", call)
  }
}

check_adjust_terms <- function(adjust, input, call) {
  own <- intersect(all.vars(adjust), c(input$arm_name, input$outcome))
  if (length(own)) {
    stop_input("adjust", c(paste0("`adjust` names ", quoted(own), ", which is the arm or the response."),
      i = "Name covariates only; the arm enters the model by itself."), "adjust", call)
  }
  if (length(attr(stats::terms(adjust), "offset")) || !length(attr(stats::terms(adjust), "term.labels"))) {
    stop_input("adjust", "`adjust` must name covariates, and no offset.", "adjust", call)
  }
}

# Difference and ratio of the standardised risks of every arm against the reference, of one set of patients: for each
# figure one row a variance, and those of the bootstrap.
response_standardised <- function(frame, words, problem, call) {
  arms <- levels(frame$.arm)
  formula <- stats::reformulate(c(".arm", attr(stats::terms(words$adjust), "term.labels")), ".response")
  stratum <- frame$.stratum
  frame$.stratum <- NULL
  fit <- response_model(formula, frame, words)
  pick <- expand.grid(estimand = c("difference", "ratio"), level = arms[-1], stringsAsFactors = FALSE)
  m <- nrow(pick)
  fitted <- stats::complete.cases(stats::model.frame(formula, frame, na.action = stats::na.pass))
  arm_sum <- function(arm, y) vapply(arm, function(a) sum(frame$.arm == a & fitted & y), 1L, USE.NAMES = FALSE)
  event <- frame$.response %in% 1L
  fixed <- list(contrast = paste0(pick$level, ifelse(pick$estimand == "difference", " - ", " / "), arms[1]),
    level = pick$level, reference = rep(arms[1], m),
    n = arm_sum(pick$level, TRUE), n_reference = arm_sum(rep(arms[1], m), TRUE), n_dropped = rep(sum(!fitted), m),
    events = arm_sum(pick$level, event), events_reference = arm_sum(rep(arms[1], m), event),
    estimand = paste("adjusted risk", pick$estimand), conf_level = rep(words$conf_level, m), note = rep("", m))
  word <- if (is.null(fit)) words$estimator else fit$method
  parts <- lapply(words$variance, function(variance) {
    method <- if (variance == "ge") word else paste(word, variance)
    c(fixed, list(method = rep(method, m)), response_figures(fit, frame$.arm, stratum, pick, variance, words, call))
  })
  if (words$replicates) {
    parts <- c(parts, response_bootstrap_rows(parts[[1]], word, fit, frame$.arm, words, problem, call))
  }
  # The intervals of a figure stand together.
  order <- order(rep(seq_len(m), length(parts)), rep(seq_along(parts), each = m))
  lapply(stats::setNames(names(parts[[1]]), names(parts[[1]])), function(name) {
    unlist(lapply(parts, `[[`, name))[order]
  })
}

# The model, or NULL: `"auto"` is maximum likelihood and, where that has infinite coefficients, FLIC.
response_model <- function(formula, frame, words) {
  ask <- function(method) tryCatch(suppressWarnings(fit_logistic(formula, frame, method = method, interval = "wald",
    conf_level = words$conf_level, threads = words$threads)), respondr_error = function(cnd) NULL)
  found <- ask(if (words$estimator == "auto") "ml" else words$estimator)
  infinite <- !is.null(found) && any(is.infinite(found$coefficients))
  if (words$estimator == "auto" && (is.null(found) || infinite)) ask("flic") else found
}

# Estimate, standard error, limits and test of each figure. With infinite coefficients there is an estimate only.
response_figures <- function(fit, arm, stratum, pick, variance, words, call) {
  m <- nrow(pick)
  none <- rep(NA_real_, m)
  out <- list(estimate = none, std_error = none, conf_low = none, conf_high = none, statistic = none, p_value = none)
  if (is.null(fit) || any(is.nan(fit$coefficients)) || fit$status %in% c("one_level", "no_data")) {
    return(response_figure_words(out, fit))
  }
  if (any(is.infinite(fit$coefficients))) {
    effects <- tryCatch(as.data.frame(risk_effects(fit, of = ".arm")), respondr_error = function(cnd) NULL)
    at <- match(paste("risk", pick$estimand, pick$level, levels(arm)[1]),
      paste(effects$estimand, effects$level, effects$reference))
    if (!is.null(effects)) out$estimate <- effects$estimate[at]
    return(response_figure_words(out, fit))
  }
  patients <- response_patients(fit, arm)
  if (is.null(patients)) {
    return(response_figure_words(out, fit))
  }
  use <- probability_coefficients(fit)
  blocks <- if (is.null(stratum) || variance == "ge" || variance == "ge_hc0") NULL else
    droplevels(stratum[fit$input$rows][patients$order])
  solved <- ask_core(response_risk_variance(c(patients$core, list(beta = unname(use$coefficients), vcov = unname(use$vcov),
    variance = match(variance, response_variances) - 1L, stratum = as.integer(blocks), strata = nlevels(blocks),
    conf_level = words$conf_level))), call)
  row <- match(pick$level, patients$level)
  for (name in colnames(solved$difference)) {
    out[[name]] <- ifelse(pick$estimand == "ratio", solved$ratio[row, name], solved$difference[row, name])
  }
  response_figure_words(out, fit)
}

response_figure_words <- function(out, fit) {
  known <- !is.na(out$std_error)
  out$conf_method <- ifelse(known, "delta", NA_character_)
  out$p_matches <- ifelse(is.na(out$p_value), NA, TRUE)
  out$status <- ifelse(is.na(out$estimate), "not_estimable", ifelse(known, "ok",
    if (is.null(fit) || fit$status == "ok") "no_variance" else as.character(fit$status)))
  out
}

# The patients of the fit as the core reads them, sorted by what the model knows of them, so that their order in `data`
# does not matter; NULL where fewer than two arms, or not the reference, are among them.
response_patients <- function(fit, arm) {
  x <- unname(fit$input$x)
  arm <- arm[fit$input$rows]
  present <- levels(droplevels(arm))
  if (length(present) < 2L || present[1] != levels(arm)[1]) {
    return(NULL)
  }
  code <- match(as.character(arm), present)
  sorted <- do.call(order, c(list(code, fit$input$y), lapply(seq_len(ncol(x)), function(j) x[, j])))
  own <- which(fit$input$assign == 1L)
  list(level = present[-1], order = sorted, core = list(x = x[sorted, , drop = FALSE],
    y = as.double(fit$input$y[sorted]), arm = code[sorted], code = x[match(seq_along(present), code), own, drop = FALSE],
    first = own[1] - 1L))
}
