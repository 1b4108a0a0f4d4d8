# The rows of response_rate(): rates of the arms, differences by the rates family, and adjusted differences.

response_labels <- function(input, cells, words, each) {
  at <- cells$grid[rep(seq_len(nrow(cells$grid)), each = each), ]
  out <- list(outcome = constant_factor(input$outcome, nrow(at)))
  for (b in names(input$by)) out[[b]] <- input$by[[b]][at$group]
  counted <- names(input$response$counted)
  c(out, list(counted = factor(counted[at$counted], levels = counted),
    missing = factor(words$missing[at$missing], levels = words$missing)))
}

response_core_words <- function(words) {
  list(interval = words$interval, estimand = "rate", alternative = "two.sided", two_sided = "central", midp = FALSE,
    distribution = "auto", null = NULL, pooled = TRUE, continuity = NULL, convention = "respondr", exact_limit = 1e8,
    threads = words$threads)
}

response_rate_rows <- function(input, cells, words, call) {
  k <- length(input$arms)
  core <- response_core_words(words)
  counts <- list(events = cells$events, n = cells$n, arms = k)
  solved <- rates_core(counts, NULL, core, "binomial", words$conf_level, call)
  n <- length(cells$n)
  arm <- rep(input$arms, nrow(cells$grid))
  out <- c(response_labels(input, cells, words, k), list(contrast = arm, level = arm, method = rep("binomial", n),
    n = cells$n, n_dropped = cells$lost, events = cells$events, estimand = rep("rate", n)),
    solved[c("estimate", "std_error", "conf_low", "conf_high")], list(conf_level = rep(words$conf_level, n),
    conf_method = conf_method_factor(solved$conf_method), p_value = rep(NA_real_, n),
    status = status_factor(solved$status), note = note_factor(solved$notes)))
  if (!words$at_least) {
    core$interval <- "wilson"
    wide <- rates_core(counts, NULL, core, "binomial", 1 - (1 - words$conf_level) / input$response$k, call)
    out[c("conf_low_adjusted", "conf_high_adjusted")] <- wide[c("conf_low", "conf_high")]
  }
  out
}

response_difference_rows <- function(input, cells, words, call) {
  k <- length(input$arms)
  pairs <- rates_pairs(input, "reference")
  core <- response_core_words(words)
  core[c("interval", "two_sided", "estimand")] <- list("test", "minlike", "difference")
  counts <- list(events = cells$events, n = cells$n, arms = k)
  lapply(words$method, function(method) {
    solved <- rates_core(counts, pairs, core, method, words$conf_level, call)
    n <- length(solved$status)
    each <- k - 1L
    lost <- matrix(cells$lost, k)
    c(response_labels(input, cells, words, each), list(
      contrast = rep(paste(input$arms[-1], "-", input$arms[1]), nrow(cells$grid)),
      level = rep(input$arms[-1], nrow(cells$grid)), reference = rep(input$arms[1], n), method = rep(method, n)),
      solved[c("n", "n_reference")], list(n_dropped = as.vector(sweep(lost[-1, , drop = FALSE], 2, lost[1, ], `+`))),
      solved[c("events", "events_reference")], list(estimand = rep("difference of rates", n)),
      solved[c("estimate", "std_error", "conf_low", "conf_high")], list(conf_level = rep(words$conf_level, n),
      conf_method = conf_method_factor(solved$conf_method), p_matches = solved$p_matches == 1L),
      solved[c("statistic", "p_value")], list(status = status_factor(solved$status), note = note_factor(solved$notes)))
  })
}

response_adjusted_rows <- function(input, cells, words, call) {
  check_adjust_terms(words$adjust, input, call)
  unknown <- setdiff(all.vars(words$adjust), names(input$data))
  if (length(unknown)) {
    stop_input("column", paste0("`adjust` names ", quoted(unknown), ", which is not in `data`."), "adjust", call)
  }
  lapply(seq_len(nrow(cells$grid)), function(i) {
    at <- cells$grid[i, ]
    y <- response_value(input, at$counted, words$missing[at$missing])
    use <- which(input$whole & input$code == at$group)
    frame <- input$data[use, all.vars(words$adjust), drop = FALSE]
    frame$.response <- y[use]
    frame$.arm <- input$arm[use]
    one <- list(grid = at)
    rows <- response_standardised(frame, words, i, call)
    m <- length(rows$estimate)
    c(response_labels(input, one, words, m), rows)
  })
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

# Difference and ratio of the standardised risks of every arm against the reference, of one set of patients.
response_standardised <- function(frame, words, problem, call) {
  arms <- levels(frame$.arm)
  formula <- stats::reformulate(c(".arm", attr(stats::terms(words$adjust), "term.labels")), ".response")
  ask <- function(method) tryCatch(suppressWarnings({
    fit <- fit_logistic(formula, frame, method = method, interval = "wald", conf_level = words$conf_level,
      threads = words$threads)
    list(fit = fit, effects = as.data.frame(risk_effects(fit, of = ".arm")))
  }), respondr_error = function(cnd) NULL)
  found <- ask(if (words$estimator == "auto") "ml" else words$estimator)
  infinite <- !is.null(found) && any(is.infinite(found$fit$coefficients))
  if (words$estimator == "auto" && (is.null(found) || infinite)) found <- ask("flic")
  estimands <- c("risk difference", "risk ratio")
  pick <- expand.grid(estimand = estimands, level = arms[-1], stringsAsFactors = FALSE)
  at <- if (is.null(found)) rep(NA_integer_, nrow(pick)) else
    match(paste(pick$estimand, pick$level, arms[1]), paste(found$effects$estimand, found$effects$level,
      found$effects$reference))
  from <- function(name, none) if (is.null(found)) rep(none, nrow(pick)) else found$effects[[name]][at]
  fitted <- stats::complete.cases(stats::model.frame(formula, frame, na.action = stats::na.pass))
  arm_sum <- function(arm, y) vapply(arm, function(a) sum(frame$.arm == a & fitted & y), 1L, USE.NAMES = FALSE)
  estimate <- from("estimate", NA_real_)
  between <- ifelse(pick$estimand == estimands[1], " - ", " / ")
  rows <- list(contrast = paste0(pick$level, between, arms[1]), level = pick$level,
    reference = rep(arms[1], nrow(pick)),
    method = rep(if (is.null(found)) words$estimator else found$fit$method, nrow(pick)),
    n = arm_sum(pick$level, TRUE), n_reference = arm_sum(rep(arms[1], nrow(pick)), TRUE),
    n_dropped = rep(sum(!fitted), nrow(pick)),
    events = arm_sum(pick$level, frame$.response %in% 1L),
    events_reference = arm_sum(rep(arms[1], nrow(pick)), frame$.response %in% 1L),
    estimand = paste("adjusted", pick$estimand), estimate = estimate,
    std_error = ifelse(is.na(estimate), NA, from("std_error", NA_real_)),
    conf_low = from("conf_low", NA_real_), conf_high = from("conf_high", NA_real_),
    conf_level = rep(words$conf_level, nrow(pick)), conf_method = as.character(from("conf_method", NA)),
    p_matches = from("p_matches", NA), statistic = from("statistic", NA_real_), p_value = from("p_value", NA_real_),
    status = ifelse(is.na(estimate), "not_estimable", as.character(from("status", "not_estimable"))))
  if (words$replicates) response_bootstrap_rows(rows, found$fit, frame$.arm, words, problem, call) else rows
}

# Parts one below the other; what a part does not have is missing there.
response_bind <- function(parts) {
  names_all <- unique(unlist(lapply(parts, names)))
  sizes <- vapply(parts, function(p) length(p$estimate), 1L)
  out <- lapply(stats::setNames(names_all, names_all), function(name) {
    columns <- lapply(seq_along(parts), function(i) {
      x <- parts[[i]][[name]] %||% rep(NA, sizes[i])
      if (is.factor(x)) as.character(x) else x
    })
    x <- do.call(c, columns)
    shown <- unique(unlist(lapply(parts, function(p) levels(p[[name]]))))
    if (is.character(x)) factor(x, levels = union(shown, unique(x[!is.na(x)]))) else x
  })
  if (!is.null(out$note)) {
    note <- as.character(out$note)
    note[is.na(note)] <- ""
    out$note <- factor(note, levels = unique(c("", levels(out$note))))
  }
  out$status <- factor(as.character(out$status), levels = status_table$word)
  out$conf_method <- factor(as.character(out$conf_method), levels = conf_method_table$word[-1])
  out
}
